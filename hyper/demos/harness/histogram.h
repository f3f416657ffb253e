// hyper/demos/harness/histogram.h: where a model's values lie: drawn for one run, kept beside it, compared with others
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "hyper/demos/harness/report.h"

namespace weft::demo {

/// How many values fall into each of equal parts of [low, high], a range that all runs have: so they can be compared.
struct Histogram {
  std::string title, model;
  double low, high;
  std::vector<int64_t> counts;
};

/// What a run folder calls the one it has.
inline constexpr const char* kHistogramFile = "histogram.json";

/// Throws: no values, one that is not in [low, high], NaN among them.
Histogram histogram_of(std::string title, std::string model, const std::vector<double>& values, double low, double high,
                       int64_t bins);

/// {"title":"tanh(c)","model":"lstm","low":-1.0,"high":1.0,"counts":[3,1,4]}
std::string json_of(const Histogram& histogram);
/// Throws FileError: not there, or none of ours.
Histogram read_histogram(const std::filesystem::path& file);

/// A chart of all of them over each other, each as parts of its own values, named by "run model" where a run has a
/// name.  Throws FileError: their titles, ranges or numbers of bins differ.
struct NamedHistogram {
  std::string run;
  Histogram histogram;
};
Section histogram_chart(const std::vector<NamedHistogram>& histograms);

}  // namespace weft::demo
