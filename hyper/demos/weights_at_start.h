// hyper/demos/weights_at_start.h: what a user is told of generated weights before they are trained
#pragma once
#include <string>

#include "hyper/demos/harness/options.h"
#include "hyper/startup_check.h"

namespace weft::demo {

/// On stdout: with --verbose the table, and always, save with --quiet, a warning of weights that start far from learnt
/// ones. `why` is its last line: whose initialiser that is.
void print_weights_at_start(const hyper::StartupCheck& check, const std::string& why, const Options& options);

}  // namespace weft::demo
