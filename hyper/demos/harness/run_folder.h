// hyper/demos/harness/run_folder.h: the folder a run leaves behind
#pragma once
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>

#include "hyper/demos/harness/options.h"
#include "tensor/safetensors.h"

namespace weft::demo {

/// One line of metrics.jsonl.
struct Metric {
  int64_t step, epoch;
  std::string model, split;
  double loss, accuracy;
  double seconds;  ///< since the training of this model began, evaluation included
};

/// The set a run used: its name and the size of each split.
struct DataDescription {
  std::string name;
  std::filesystem::path folder;  ///< where its files are
  std::map<std::string, int64_t> counts;
};

/// <out>/<demo>/<time>-<seed>/. A file appears under its name only when it is whole, and one
/// that cannot be written leaves nothing; metrics.jsonl grows by whole
/// lines. All throw WriteError.
class RunFolder {
 public:
  /// Makes the folder, and config.json: every setting, argv, versions, device, data set; `recipe` holds the numbers
  /// that no option sets.
  RunFolder(const Demo& demo, const Options& options, const DataDescription& data,
            const std::map<std::string, double>& recipe);

  const std::filesystem::path& path() const { return path_; }
  void write(std::string_view name, std::string_view bytes) const;
  void save_weights(const std::string& model, const TensorMap& weights) const;  ///< <model>.safetensors
  void log(const Metric& metric);

 private:
  std::filesystem::path path_;
  std::ofstream metrics_;
};

}  // namespace weft::demo
