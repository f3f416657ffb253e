// hyper/demos/harness/chart.h: curves as SVG
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace weft::demo {

enum class Stroke : bool { solid, dashed };

struct Curve {
  std::string label;
  std::string colour;  ///< as in CSS
  Stroke stroke = Stroke::solid;
  std::vector<std::pair<double, double>> points = {};
};

struct ChartText {
  std::string title, x, y;
};

/// Curves over a linear x axis from 0 and a logarithmic y axis, with ticks, grid lines and a legend. Points with y <= 0
/// or not finite are left out.
std::string svg_chart(const ChartText& text, const std::vector<Curve>& curves);

/// Means of `points` in groups of `group`: calmer, and with fewer points.
std::vector<std::pair<double, double>> smoothed(const std::vector<std::pair<double, double>>& points, size_t group);

}  // namespace weft::demo
