// hyper/demos/harness/metrics.h: the lines of metrics.jsonl
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace weft::demo {

/// Named numbers, in the order they are shown: {{"loss", 0.31}, {"accuracy", 0.91}}. The first is what is minimised.
using Scores = std::vector<std::pair<std::string, double>>;

/// What was measured at one step of one model.
struct Metric {
  int64_t step, epoch;
  std::string model, split;  ///< split: "train", "validation" or "test"
  Scores scores;
  double seconds;  ///< since the training of this model began, evaluation included, stops not
};

/// {"step":1,"epoch":1,"model":"plain","split":"train","loss":2.3,...,"seconds":0.1}, without a line's end.
std::string json_of(const Metric& metric);
/// The same as a table: a heading, then a line a metric: step, epoch, model, split, every score that any of them has
/// (empty where this one has none), seconds.
std::string csv_of(const std::vector<Metric>& metrics);
/// A whole metrics.jsonl, in its order.  Throws FileError: not there, a line that is none of ours.
std::vector<Metric> read_metrics(const std::filesystem::path& file);

}  // namespace weft::demo
