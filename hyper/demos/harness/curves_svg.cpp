// hyper/demos/harness/curves_svg.cpp: curves as one SVG: a chart a score, one below the other
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hyper/demos/harness/curves.h"
#include "hyper/demos/harness/report.h"

namespace weft::demo {
namespace {

// In pixels: the field of a chart, what is left free around it for numbers and the legend.
constexpr double kField = 560, kFieldHeight = 240, kLeft = 70, kTop = 34, kBelow = 50, kLegend = 290;
constexpr double kTick = 5, kLine = 18, kSwatch = 26;

/// Values between low and high, which differ, and where they stand: 0 at low, 1 at high.
struct Axis {
  double low, high;
  bool logarithmic;

  double place(double value) const {
    return logarithmic ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  }
};

Axis axis_around(double low, double high, bool logarithmic) {
  if (low < high) return {low, high, logarithmic};
  if (logarithmic) return {low / 2, high * 2, true};
  const double room = std::max(std::fabs(low) / 2, 0.5);  // one value only: it stands in the middle
  return {low - room, high + room, false};
}

/// Multiples of 1, 2 or 5 times a power of ten: about five of them.
std::vector<double> even_ticks(const Axis& axis) {
  constexpr double kAbout = 5;
  const double rough = (axis.high - axis.low) / kAbout, power = std::pow(10, std::floor(std::log10(rough)));
  const double factor = rough / power, step = (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10) * power;
  std::vector<double> ticks;
  for (double k = std::ceil(axis.low / step); k * step <= axis.high; ++k) ticks.push_back(k * step);
  return ticks;
}

/// 1, 2 and 5 times powers of ten; powers alone where those are many, and even ticks where they are few.
std::vector<double> ticks_of(const Axis& axis) {
  constexpr size_t kFew = 3, kMany = 8;
  if (!axis.logarithmic) return even_ticks(axis);
  std::vector<double> ticks, powers;
  for (double power = std::floor(std::log10(axis.low)); power <= std::ceil(std::log10(axis.high)); ++power) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double tick = factor * std::pow(10, power);
      if (tick < axis.low || tick > axis.high) continue;
      ticks.push_back(tick);
      if (factor == 1) powers.push_back(tick);
    }
  }
  if (ticks.size() < kFew) return even_ticks(axis);
  return ticks.size() > kMany && powers.size() >= kFew ? powers : ticks;
}

std::string words_at(double x, double y, std::string_view anchor, std::string_view words) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor, escaped(words));
}

std::string stroke(double x1, double y1, double x2, double y2, std::string_view look) {
  return fmt::format("<path d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\" {}/>\n", x1, y1, x2, y2, look);
}

std::string look_of(const Curve& curve) {
  return fmt::format("fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"{}", curve.colour,
                     curve.dashed ? " stroke-dasharray=\"6 4\"" : "");
}

/// The frame with ticks and numbers, and a faint line across the field at each tick of y.
std::string axes(const Axis& x, const Axis& y) {
  std::string svg;
  for (const double tick : ticks_of(x)) {
    const double at = kLeft + kField * x.place(tick);
    svg += stroke(at, kTop + kFieldHeight, at, kTop + kFieldHeight + kTick, "stroke=\"#222\"");
    svg += words_at(at, kTop + kFieldHeight + kTick + 13, "middle", fmt::format("{:.7g}", tick));
  }
  for (const double tick : ticks_of(y)) {
    const double at = kTop + kFieldHeight * (1 - y.place(tick));
    svg += stroke(kLeft, at, kLeft + kField, at, "stroke=\"#ddd\"");
    svg += stroke(kLeft - kTick, at, kLeft, at, "stroke=\"#222\"");
    svg += words_at(kLeft - kTick - 3, at + 4, "end", fmt::format("{:.4g}", tick));
  }
  return svg + fmt::format("<path d=\"M{0} {1}V{2}H{3}\" fill=\"none\" stroke=\"#222\"/>\n", kLeft, kTop,
                           kTop + kFieldHeight, kLeft + kField);
}

std::string drawn(const Curve& curve, const Axis& x, const Axis& y) {
  std::string points, dots;
  for (const auto& [step, value] : curve.points) {
    const double across = kLeft + kField * x.place(step), down = kTop + kFieldHeight * (1 - y.place(value));
    points += fmt::format("{:.1f},{:.1f} ", across, down);
    if (curve.points.size() <= kMostDots)
      dots += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2\" fill=\"{}\"/>", across, down, curve.colour);
  }
  return fmt::format("<polyline points=\"{}\" {}/>{}\n", points, look_of(curve), dots);
}

std::string legend(const std::vector<Curve>& curves) {
  std::string svg;
  const double left = kLeft + kField + 2 * kLine;
  for (size_t i = 0; i < curves.size(); ++i) {
    const double y = kTop + kLine * (static_cast<double>(i) + 0.5);
    svg += stroke(left, y - 4, left + kSwatch, y - 4, look_of(curves[i])) +
           words_at(left + kSwatch + 6, y, "start", curves[i].label);
  }
  return svg;
}

std::string panel(const std::string& score, const std::vector<Curve>& curves) {
  const bool logarithmic = is_logarithmic(score, curves);
  const auto first = curves.front().points.front();
  double left = first.first, right = left, low = first.second, high = low;
  for (const Curve& curve : curves) {
    for (const auto& [step, value] : curve.points) {
      left = std::min(left, step), right = std::max(right, step);
      low = std::min(low, value), high = std::max(high, value);
    }
  }
  const Axis x = axis_around(left, right, false), y = axis_around(low, high, logarithmic);
  std::string svg = words_at(kLeft, kTop - 12, "start", score + (logarithmic ? " (log scale)" : "")) + axes(x, y) +
                    words_at(kLeft + kField / 2, kTop + kFieldHeight + kBelow - 14, "middle", "step");
  for (const Curve& curve : curves) svg += drawn(curve, x, y);
  return svg + legend(curves);
}

}  // namespace

std::string svg_of_curves(const std::vector<NamedMetrics>& runs) {
  std::string charts;
  double height = 0;
  for (const std::string& score : score_names(runs)) {
    const std::vector<Curve> curves = curves_of(runs, score);
    if (curves.empty()) continue;
    charts += fmt::format("<g transform=\"translate(0 {})\">\n{}</g>\n", height, panel(score, curves));
    height += std::max(kTop + kFieldHeight + kBelow, kTop + kLine * static_cast<double>(curves.size() + 1));
  }
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{2}</svg>\n",
      kLeft + kField + kLegend, height, charts);
}

}  // namespace weft::demo
