// hyper/demos/harness/run_folder.h: the folder a run leaves behind
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hyper/demos/harness/metrics.h"
#include "hyper/demos/harness/options.h"
#include "hyper/demos/harness/report.h"
#include "tensor/file.h"
#include "tensor/safetensors.h"

namespace weft::demo {

/// The set a run used: its name and the size of each split.
struct DataDescription {
  std::string name;
  std::filesystem::path folder;  ///< where its files are
  std::map<std::string, int64_t> counts;
  std::string digest;  ///< digest_of() what is trained, validated and tested on
};

/// What config.json says of a run beside its settings.
struct RunFacts {
  DataDescription data;
  std::map<std::string, int64_t> parameters;  ///< model -> how many numbers it learns
  std::map<std::string, double> recipe;       ///< the numbers that no option sets
};

/// <out>/<demo>/<time>-<seed>/, or the folder of a run that is resumed. A file appears under its name only when it is
/// whole and on the disk, and one that cannot be written leaves nothing; metrics.jsonl grows by whole lines. All throw
/// WriteError.
///
/// A checkpoint is one file, checkpoints/<number>.safetensors, that holds all models of the run as far as they are:
/// what Training puts there under "<model>.", the settings that stay, and the length of metrics.jsonl, which is cut
/// back to it on resume. The lines it counts on are on the disk before it: a run can be resumed after the power went,
/// too. checkpoints/latest holds the name of the file to go on from. Until go_on() a resumed run is as it was found, so
/// that one whose state does not fit is refused without a loss.
class RunFolder {
 public:
  /// A new run makes the folder, and config.json: every setting, argv, versions, device and `facts`.  One that is
  /// resumed takes the checkpoint that `latest` names, or else the newest one that is whole, and says on stderr what it
  /// skipped, and when it has other data than the run began with.  Throws FileError: no checkpoint is whole, or it was
  /// made with other settings, or by a version of Weft with another format.
  RunFolder(const Demo& demo, const Options& options, const RunFacts& facts);

  /// Once what a resumed run holds has been loaded: cuts metrics.jsonl back, notes the settings it goes on with in
  /// config.json, and removes what a killed process had not finished writing, which it names on stderr, and checkpoints
  /// that come after the one loaded. A new run, or a second call: nothing.
  void go_on();

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path metrics_file() const { return path_ / "metrics.jsonl"; }
  void write(std::string_view name, std::string_view bytes) const;
  void save_weights(const std::string& model, const TensorMap& weights) const;  ///< <model>.safetensors
  /// samples/step-000100<ending>: what the model had learnt after so many steps.
  void write_sample(int64_t step, std::string_view ending, std::string_view bytes) const;
  void log(const Metric& metric);
  /// A part of report.html that stands behind the curves.
  void add_section(Section section) { sections_.push_back(std::move(section)); }
  /// report.html: `sections`, then the curves of metrics.jsonl, what was added, and the facts of config.json.
  /// curves.svg: the curves. metrics.csv: metrics.jsonl as a table; a run that goes on removes it, so that it is never
  /// behind.
  void write_report(const std::string& title, std::vector<Section> sections) const;

  /// What the checkpoints hold of a model; empty when it has not begun.
  TensorMap state_of(const std::string& model) const;
  /// Replaces what is held of the model, writes a checkpoint, and removes all but the newest `keep`.
  void checkpoint(const std::string& model, const TensorMap& state, int64_t keep);
  /// A text that the run's state makes sense with only, as the alphabet of its tokens: part of every later checkpoint.
  void keep(const std::string& name, const std::string& text);
  /// What the checkpoint holds of it; nothing in a new run, and in one of a version that kept none.
  std::optional<std::string> kept(const std::string& name) const;
  /// Nothing but the checkpoint last written or read can be lost: how to go on with this run.
  std::string resume_command() const;

 private:
  static constexpr const char *kConfig = "config.json", *kCheckpoints = "checkpoints", *kLatest = "checkpoints/latest",
                              *kSamples = "samples", *kTable = "metrics.csv", *kSettings = "settings",
                              *kRunPart = "run.",  ///< of a checkpoint: what belongs to no model
                                  *kMetricsBytes = "run.metrics_bytes";

  void resume(const RunFacts& facts);
  void warn_of_other_data(const std::string& digest) const;
  void check_settings() const;
  void check_config() const;
  void note_settings() const;
  void note_latest() const;
  void remove_unfinished() const;
  std::vector<std::filesystem::path> checkpoints() const;  ///< oldest first
  std::vector<std::filesystem::path> candidates() const;   ///< to go on from, the best one last

  std::string demo_;
  Options options_;
  DataDescription data_;
  std::filesystem::path path_;
  std::optional<OpenFile> metrics_;
  std::vector<Section> sections_;
  TensorMap state_;               ///< of all models
  int64_t number_ = 0;            ///< of the last checkpoint
  std::optional<uintmax_t> cut_;  ///< the length metrics.jsonl is to have once the run goes on
};

/// The newest run of a demo below `out`.  Throws FileError: there is none.
std::filesystem::path newest_run(const std::string& demo, const std::filesystem::path& out);

}  // namespace weft::demo
