// hyper/demos/weights_at_start.cpp: what a user is told of generated weights before they are trained
#include "hyper/demos/weights_at_start.h"

#include <fmt/format.h>

namespace weft::demo {

void print_weights_at_start(const hyper::StartupCheck& check, const std::string& why, const Options& options) {
  if (options.quiet) return;
  if (options.verbose) fmt::print("\n{}", check.table());
  const std::string warning = check.warning();
  if (!warning.empty()) fmt::print("\nwarning: generated weights start far from learnt ones\n{}{}\n", warning, why);
}

}  // namespace weft::demo
