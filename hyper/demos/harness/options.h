// hyper/demos/harness/options.h: the command line that all demos share
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hyper/demos/harness/errors.h"

namespace weft::demo {

/// Settings under one name; an option given beside --preset wins.
struct Preset {
  std::string name;
  int64_t epochs, batch_size;
};

/// What a demo says about itself. The first preset gives the defaults.
struct Demo {
  std::string name;   ///< program and folder name
  std::string about;  ///< one line
  std::vector<Preset> presets;
  double lr;
};

struct Options {
  std::string data;  ///< empty: the usual places (datasets::search_path)
  std::string out = "runs";
  std::string device = "auto";
  std::string preset;
  int64_t epochs = 1;
  int64_t batch_size = 1;
  int64_t limit_batches = 0;  ///< 0: all
  int64_t threads = 0;        ///< 0: all cores
  uint64_t seed = 1;
  double lr = 0;
  bool quiet = false, verbose = false;
  std::vector<std::string> argv;
};

/// Reads the command line. Nothing comes back when --help, --version or --list-devices was answered on stdout.
/// Throws UsageError: an unknown option (names the nearest right one), a bad value.
std::optional<Options> parse(const Demo& demo, int argc, char** argv);

/// Version of Weft the program was built from.
std::string version();

}  // namespace weft::demo
