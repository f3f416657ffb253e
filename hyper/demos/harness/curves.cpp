// hyper/demos/harness/curves.cpp: which curves metrics make
#include "hyper/demos/harness/curves.h"

#include <algorithm>
#include <cmath>

namespace weft::demo {
namespace {

constexpr size_t kMostPoints = 400;  ///< of a curve: what a screen can show
constexpr std::string_view kColours[] = {"#1f77b4", "#d62728", "#2ca02c", "#9467bd",
                                         "#ff7f0e", "#17becf", "#8c564b", "#7f7f7f"};

/// Means of as many neighbours as leave kMostPoints.
std::vector<std::pair<double, double>> thinned(const std::vector<std::pair<double, double>>& points) {
  const size_t group = std::max<size_t>(1, (points.size() + kMostPoints - 1) / kMostPoints);
  std::vector<std::pair<double, double>> kept;
  for (size_t i = 0; i < points.size(); i += group) {
    const size_t end = std::min(i + group, points.size());
    double sum = 0;
    for (size_t k = i; k < end; ++k) sum += points[k].second;
    kept.emplace_back(points[end - 1].first, sum / static_cast<double>(end - i));
  }
  return kept;
}

}  // namespace

std::string_view colour_of(size_t n) { return kColours[n % std::size(kColours)]; }

std::vector<std::string> score_names(const std::vector<NamedMetrics>& runs) {
  std::vector<std::string> scores;
  for (const NamedMetrics& run : runs) {
    for (const Metric& metric : run.metrics) {
      for (const auto& [name, value] : metric.scores) {
        if (std::find(scores.begin(), scores.end(), name) == scores.end()) scores.push_back(name);
      }
    }
  }
  return scores;
}

std::vector<Curve> curves_of(const std::vector<NamedMetrics>& runs, const std::string& score) {
  std::vector<Curve> curves;
  std::vector<std::string> coloured;
  for (const NamedMetrics& run : runs) {
    for (const Metric& metric : run.metrics) {
      if (metric.split == "test") continue;
      const auto value =
          std::find_if(metric.scores.begin(), metric.scores.end(), [&](const auto& s) { return s.first == score; });
      if (value == metric.scores.end() || !std::isfinite(value->second)) continue;
      const std::string name = run.name.empty() ? metric.model : run.name + " " + metric.model;
      const std::string label = name + ", " + metric.split;
      auto curve = std::find_if(curves.begin(), curves.end(), [&](const Curve& c) { return c.label == label; });
      if (curve == curves.end()) {
        const size_t colour = static_cast<size_t>(std::find(coloured.begin(), coloured.end(), name) - coloured.begin());
        if (colour == coloured.size()) coloured.push_back(name);
        curve = curves.insert(curves.end(), {label, metric.split != "train", colour_of(colour), {}});
      }
      curve->points.emplace_back(static_cast<double>(metric.step), value->second);
    }
  }
  for (Curve& curve : curves) curve.points = thinned(curve.points);
  return curves;
}

bool is_logarithmic(const std::string& score, const std::vector<Curve>& curves) {
  return score == "loss" && std::all_of(curves.begin(), curves.end(), [](const Curve& curve) {
           return std::all_of(curve.points.begin(), curve.points.end(), [](const auto& p) { return p.second > 0; });
         });
}

}  // namespace weft::demo
