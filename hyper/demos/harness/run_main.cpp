// hyper/demos/harness/run_main.cpp: every way a demo can end
#include "hyper/demos/harness/run_main.h"

#include <climits>
#include <new>
#include <system_error>

#include "tensor/backend.h"
#include "tensor/threads.h"

namespace weft::demo {
namespace {

void choose_device(const std::string& name) {
  try {
    const Device device = parse_device(name);
    backend_of(device);
    set_default_device(device);
  } catch (const Error& error) {
    throw DeviceMissing(error.what());
  }
}

void start(const Demo& demo, const Options& options, const std::function<void(const Options&)>& run) {
  choose_device(options.device);
  if (options.threads > INT_MAX) throw UsageError(fmt::format("option --threads: {} is too many", options.threads));
  if (options.threads > 0) set_num_threads(static_cast<int>(options.threads));
  if (!options.quiet) {
    const Device device = default_device();
    fmt::print("{} {}\n", demo.name, version());
    fmt::print("device      {}{}: {}\n", to_string(device), options.device == "auto" ? " (picked by auto)" : "",
               backend_of(device).description());
    fmt::print("threads     {}\nseed        {}\n", num_threads(), options.seed);
  }
  run(options);
}

int report(ExitCode code, const char* message) {
  std::fflush(stdout);
  fmt::print(stderr, "{}\n", message);
  return static_cast<int>(code);
}

}  // namespace

int run_main(int argc, char** argv, const Demo& demo, const std::function<void(const Options&)>& run) {
  try {
    if (const std::optional<Options> options = parse(demo, argc, argv)) start(demo, *options, run);
    return static_cast<int>(ExitCode::done);
  } catch (const UsageError& error) {
    return report(ExitCode::usage, error.what());
  } catch (const Diverged& error) {
    return report(ExitCode::diverged, error.what());
  } catch (const OutOfMemory& error) {
    return report(ExitCode::out_of_memory, error.what());
  } catch (const std::bad_alloc&) {
    return report(ExitCode::out_of_memory, "out of memory; hint: try a smaller --batch-size");
  } catch (const WriteError& error) {
    return report(ExitCode::cannot_write, error.what());
  } catch (const std::system_error& error) {
    return report(ExitCode::cannot_write, error.what());
  } catch (const DeviceMissing& error) {
    return report(ExitCode::device_missing, error.what());
  } catch (const std::exception& error) {
    return report(ExitCode::bad_data, error.what());
  }
}

}  // namespace weft::demo
