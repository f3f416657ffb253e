// hyper/demos/harness/run_main.cpp: every way a demo can end
#include "hyper/demos/harness/run_main.h"

#include <cstdio>
#include <new>

#include "backends/cpu/cpu_backend.h"
#include "backends/emulator/seed.h"
#include "hyper/demos/harness/machine.h"
#include "hyper/demos/harness/signals.h"
#include "tensor/backend.h"
#include "tensor/fusing.h"
#include "tensor/program/version.h"
#include "tensor/threads.h"

namespace weft::demo {
namespace {

/// What auto once picked stays: another device would end with other bits.
void choose_device(const Options& options) {
  const bool stays = options.device == "auto" && !options.resumed_device.empty();
  try {
    const Device device = parse_device(stays ? options.resumed_device : options.device);
    backend_of(device);
    set_default_device(device);
  } catch (const Error& error) {
    throw DeviceMissing(error.what());
  }
}

void choose_thread_order(const std::string& seed) {
  if (seed.empty()) return;
  const Device device = default_device();
  if (device.kind != DeviceKind::emulated) {
    throw UsageError(
        fmt::format("option --emu-seed: the device is {}, which has no order of threads to choose; hint: "
                    "add --device emulated, or leave it out",
                    to_string(device)));
  }
  uint64_t number = 0;
  parse_number(seed, number);
  emulated_gpu::set_emulator_seed(number);
}

/// What a run's bits and its speed depend on; data and models follow, when they are there.
void print_banner(const Demo& demo, const Options& options) {
  const Device device = default_device();
  fmt::print("{} {}, git {}\n", demo.name, version(), git_id());
  fmt::print("compiler    {}\n", compiler());
  fmt::print("device      {}{}: {}\n", to_string(device), options.device == "auto" ? " (picked by auto)" : "",
             backend_of(device).description());
  if (device.kind != DeviceKind::cpu) fmt::print("processor   {}\n", backend_of(cpu).description());
  fmt::print("threads     {}\nseed        {}\ndtype       {}\n", num_threads(), options.seed, options.dtype);
  if (!options.preset_about.empty()) fmt::print("preset      {}: {}\n", options.preset, options.preset_about);
}

void start(const Demo& demo, const Options& options, const std::function<void(const Options&)>& run) {
  choose_device(options);
  choose_thread_order(options.emu_seed);
  set_gemm(parse_gemm(options.gemm));
  set_fusing(!options.no_fuse);
  if (options.threads > 0) set_num_threads(static_cast<int>(options.threads));
  note_signals();
  if (!options.quiet) {
    print_banner(demo, options);
  }
  run(options);
}

}  // namespace

int run_main(int argc, char** argv, const Demo& demo, const std::function<void(const Options&)>& run) {
  return run_program(demo.name, [&] {
    try {
      if (const std::optional<Options> options = parse(demo, argc, argv)) start(demo, *options, run);
    } catch (const std::bad_alloc&) {
      throw OutOfMemory("out of memory; hint: try a smaller --batch-size");
    }
  });
}

}  // namespace weft::demo
