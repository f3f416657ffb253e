// hyper/demos/harness/run_main.h: what surrounds every demo: options, device, threads, exit codes
#pragma once
#include <functional>

#include "hyper/demos/harness/options.h"

namespace weft::demo {

/// Parses the command line, sets the device and the threads, calls `run`, and turns what it throws into one line on
/// stderr and an exit code (tensor/program/program.h, errors.h).
int run_main(int argc, char** argv, const Demo& demo, const std::function<void(const Options&)>& run);

}  // namespace weft::demo
