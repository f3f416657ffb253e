// hyper/demos/harness/run_main.cpp: every way a demo can end
#include "hyper/demos/harness/run_main.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>

#include "hyper/demos/harness/signals.h"
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
  if (options.threads > 0) set_num_threads(static_cast<int>(options.threads));
  note_signals();
  if (!options.quiet) {
    const Device device = default_device();
    fmt::print("{} {}\n", demo.name, version());
    fmt::print("device      {}{}: {}\n", to_string(device), options.device == "auto" ? " (picked by auto)" : "",
               backend_of(device).description());
    fmt::print("threads     {}\nseed        {}\n", num_threads(), options.seed);
  }
  run(options);
}

/// What was printed may still wait in a buffer: only now is it known whether it arrives.
void flush_output() {
  if (std::fflush(stdout) != 0) throw WriteError(fmt::format("stdout: cannot write: {}", std::strerror(errno)));
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
    flush_output();
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
  } catch (const Interrupted& error) {
    return report(static_cast<ExitCode>(128 + error.signal), error.what());
  } catch (const DeviceMissing& error) {
    return report(ExitCode::device_missing, error.what());
  } catch (const std::exception& error) {
    // A print that fails throws what the standard library has for every failure of the system.
    return report(std::ferror(stdout) != 0 ? ExitCode::cannot_write : ExitCode::bad_data, error.what());
  }
}

}  // namespace weft::demo
