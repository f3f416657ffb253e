// hyper/demos/harness/options.h: the command line that all demos share
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hyper/demos/harness/errors.h"
#include "tensor/dtype.h"
#include "tensor/program/setting.h"

namespace weft::demo {

using namespace program;  // every demo names its settings

/// Values under one name; an option given beside --preset wins.
struct Preset {
  std::string name;
  std::string about;                          ///< what it is, and what it costs
  std::map<std::string, std::string> values;  ///< option -> text, as on the command line
};

/// What a demo says about itself. The first preset gives the defaults; one is called quick, for --quick.
struct Demo {
  std::string name;    ///< program and folder name
  std::string about;   ///< one line
  std::string sample;  ///< what a batch is made of: "images"
  std::vector<Preset> presets;
  std::vector<Setting> settings = {};  ///< what only this demo has
};

struct Options {
  std::string data;  ///< empty: the usual places (datasets::search_path)
  std::string out = "runs";
  std::string device = "auto";
  std::string gemm = "auto";      ///< who multiplies matrices on cpu
  std::string dtype = "float32";  ///< of the models and of what they are given
  std::string emu_seed;           ///< of the order of the emulated card's threads; empty: WEFT_EMU_SEED counts
  std::string preset;
  std::string preset_about;  ///< of a preset that the command line asks for
  bool no_fuse = false;      ///< see tensor/fusing.h
  int64_t epochs = 1;
  int64_t steps = 0;  ///< 0: as many as the epochs have
  int64_t batch_size = 1;
  int64_t limit_batches = 0;     ///< 0: all
  int64_t checkpoint_every = 0;  ///< steps; 0: after each epoch
  int64_t keep = 2;              ///< checkpoints
  int64_t eval_every = 0;        ///< steps; 0: after each epoch
  int64_t log_every = 0;         ///< steps; 0: each, and lines of progress by time
  std::string log_format = "text";
  int64_t threads = 0;  ///< 0: all cores
  uint64_t seed = 1;
  double lr = 0.001;
  bool overfit_batch = false, detect_anomaly = false, profile = false;
  bool dry_run = false, quiet = false, verbose = false;
  std::vector<std::string> argv;
  std::filesystem::path resumed;  ///< the run folder to go on in; empty: a new run
  std::string resumed_device;     ///< the one it ran on, where config.json tells it
  std::string settings;           ///< every setting with its value, as a JSON object
  std::string fixed = "{}";       ///< of them, those that stay as a run began: OnResume::stays

  DType model_dtype() const { return dtype == "float64" ? DType::float64 : DType::float32; }
};

/// --sample-every of a demo whose model can be drawn from.
Setting sample_every(int64_t& steps, std::string about);

/// Reads the command line into Options and into the demo's own settings. Nothing comes back when --help, --version,
/// --list-devices, --print-config or --compare was answered on stdout.
/// Defaults: those of the preset; with --config or --resume those of the config.json named.
/// Throws UsageError: an unknown option (names the nearest right one), a bad value, an option that may not change on
/// resume. FileError: a config.json or a run that cannot be read.
std::optional<Options> parse(const Demo& demo, int argc, char** argv);

}  // namespace weft::demo
