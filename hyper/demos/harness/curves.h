// hyper/demos/harness/curves.h: metrics over the steps, as the page and curves.svg draw them
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "hyper/demos/harness/metrics.h"

namespace weft::demo {

/// A run's metrics under the name its curves have.
struct NamedMetrics {
  std::string name;  ///< empty: curves are named by model and split alone
  std::vector<Metric> metrics;
};

/// One score of a run, model and split.
struct Curve {
  std::string label;
  bool dashed;                                    ///< validation
  std::string_view colour;                        ///< one for all splits of a run's model: "#1f77b4"
  std::vector<std::pair<double, double>> points;  ///< (step, score); neighbours stand for their mean where many are
};

inline constexpr size_t kMostDots = 60;  ///< a curve of so few points shows each

/// The colour of the n-th of several things in one chart: "#1f77b4".
std::string_view colour_of(size_t n);

/// Every score there is, in the order of the metrics.
std::vector<std::string> score_names(const std::vector<NamedMetrics>& runs);
/// The curves of a score; what is not finite is left out, and so is the test: one point.
std::vector<Curve> curves_of(const std::vector<NamedMetrics>& runs, const std::string& score);
/// Losses are, unless one is not above 0.
bool is_logarithmic(const std::string& score, const std::vector<Curve>& curves);

/// A chart a score, one below the other, with axes, ticks and a legend: a picture that needs no script.
std::string svg_of_curves(const std::vector<NamedMetrics>& runs);

}  // namespace weft::demo
