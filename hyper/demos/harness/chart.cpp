// hyper/demos/harness/chart.cpp: an SVG file written by hand
#include "hyper/demos/harness/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace weft::demo {
namespace {

constexpr double kWidth = 760, kHeight = 440, kLeft = 70, kRight = 20, kTop = 44, kBottom = 52;

/// What the axes show, and where a point lands.
struct Frame {
  double x_max = 0, y_min = std::numeric_limits<double>::infinity(), y_max = 0;
  double x(double value) const { return kLeft + value / x_max * (kWidth - kLeft - kRight); }
  double y(double value) const {
    const double up = (std::log(value) - std::log(y_min)) / (std::log(y_max) - std::log(y_min));
    return kHeight - kBottom - up * (kHeight - kTop - kBottom);
  }
};

bool drawable(const std::pair<double, double>& point) {
  return std::isfinite(point.first) && std::isfinite(point.second) && point.second > 0;
}

Frame frame_of(const std::vector<Curve>& curves) {
  Frame frame;
  for (const Curve& curve : curves) {
    for (const auto& point : curve.points) {
      if (!drawable(point)) continue;
      frame.x_max = std::max(frame.x_max, point.first);
      frame.y_min = std::min(frame.y_min, point.second);
      frame.y_max = std::max(frame.y_max, point.second);
    }
  }
  if (frame.x_max <= 0) frame.x_max = 1;
  if (frame.y_max <= 0) frame.y_min = frame.y_max = 1;
  frame.y_min /= 1.1;
  frame.y_max *= 1.1;
  return frame;
}

/// Steps of 1, 2 or 5 times a power of ten, about `count` of them.
std::vector<double> linear_ticks(double end, int count) {
  const double rough = end / count, power = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (double factor : {5.0, 2.0, 1.0}) {
    if (factor * power >= rough) step = factor * power;
  }
  std::vector<double> ticks;
  for (int i = 0; i * step <= end * 1.0001; ++i) ticks.push_back(i * step);
  return ticks;
}

/// 1, 2 and 5 of every decade in view, or about five even steps where that leaves fewer than three.
std::vector<double> log_ticks(double low, double high) {
  std::vector<double> ticks;
  for (int decade = static_cast<int>(std::floor(std::log10(low))); std::pow(10, decade) <= high; ++decade) {
    for (double factor : {1.0, 2.0, 5.0}) {
      const double tick = factor * std::pow(10, decade);
      if (tick >= low && tick <= high) ticks.push_back(tick);
    }
  }
  if (ticks.size() >= 3) return ticks;
  ticks.clear();
  const std::vector<double> linear = linear_ticks(high, static_cast<int>(std::ceil(5 * high / (high - low))));
  std::copy_if(linear.begin(), linear.end(), std::back_inserter(ticks), [low](double tick) { return tick >= low; });
  return ticks;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else out += c;
  }
  return out;
}

std::string line(double x0, double y0, double x1, double y1, const char* style) {
  return fmt::format("<line x1='{:.1f}' y1='{:.1f}' x2='{:.1f}' y2='{:.1f}' {}/>\n", x0, y0, x1, y1, style);
}

std::string label(double x, double y, const char* anchor, const std::string& text, const char* more = "") {
  return fmt::format("<text x='{:.1f}' y='{:.1f}' text-anchor='{}' {}>{}</text>\n", x, y, anchor, more, escaped(text));
}

std::string axes(const Frame& frame, const ChartText& text) {
  constexpr const char *kGrid = "stroke='#ddd'", *kAxis = "stroke='#333'";
  const double bottom = kHeight - kBottom, right = kWidth - kRight, middle = (kTop + bottom) / 2;
  std::string svg;
  for (double tick : linear_ticks(frame.x_max, 8)) {
    svg += line(frame.x(tick), kTop, frame.x(tick), bottom + 5, kGrid);
    svg += label(frame.x(tick), bottom + 19, "middle", fmt::format("{:g}", tick));
  }
  for (double tick : log_ticks(frame.y_min, frame.y_max)) {
    svg += line(kLeft - 5, frame.y(tick), right, frame.y(tick), kGrid);
    svg += label(kLeft - 9, frame.y(tick) + 4, "end", fmt::format("{:g}", tick));
  }
  svg += line(kLeft, bottom, right, bottom, kAxis) + line(kLeft, kTop, kLeft, bottom, kAxis);
  svg += label(kWidth / 2, 26, "middle", text.title, "font-size='17'");
  svg += label((kLeft + right) / 2, kHeight - 12, "middle", text.x);
  svg += label(18, middle, "middle", text.y, fmt::format("transform='rotate(-90 18 {:.1f})'", middle).c_str());
  return svg;
}

std::string pen(const Curve& curve) {
  return fmt::format("fill='none' stroke='{}' stroke-width='1.8'{}", curve.colour,
                     curve.stroke == Stroke::dashed ? " stroke-dasharray='6 4'" : "");
}

std::string polyline(const Frame& frame, const Curve& curve) {
  std::string places, dots;
  for (const auto& point : curve.points) {
    if (!drawable(point)) continue;
    const double x = frame.x(point.first), y = frame.y(point.second);
    places += fmt::format("{:.1f},{:.1f} ", x, y);
    if (curve.stroke == Stroke::solid) continue;
    dots += fmt::format("<circle cx='{:.1f}' cy='{:.1f}' r='3' fill='{}'/>\n", x, y, curve.colour);
  }
  return fmt::format("<polyline points='{}' {}/>\n{}", places, pen(curve), dots);
}

std::string legend(const std::vector<Curve>& curves) {
  constexpr double kEntry = 20, kBoxWidth = 210;
  const double x = kWidth - kRight - kBoxWidth, top = kTop + 8;
  std::string svg = fmt::format(
      "<rect x='{:.1f}' y='{:.1f}' width='{:.1f}' height='{:.1f}' fill='white' "
      "fill-opacity='0.85' stroke='#ccc'/>\n",
      x, top, kBoxWidth - 8, kEntry * static_cast<double>(curves.size()) + 8);
  double y = top + 18;
  for (const Curve& curve : curves) {
    svg += line(x + 8, y - 4, x + 40, y - 4, pen(curve).c_str()) + label(x + 48, y, "start", curve.label);
    y += kEntry;
  }
  return svg;
}

}  // namespace

std::string svg_chart(const ChartText& text, const std::vector<Curve>& curves) {
  const Frame frame = frame_of(curves);
  std::string svg = fmt::format(
      "<svg xmlns='http://www.w3.org/2000/svg' width='{0}' height='{1}' "
      "viewBox='0 0 {0} {1}' font-family='sans-serif' font-size='13'>\n"
      "<rect width='{0}' height='{1}' fill='white'/>\n",
      kWidth, kHeight);
  svg += axes(frame, text);
  for (const Curve& curve : curves) svg += polyline(frame, curve);
  return svg + legend(curves) + "</svg>\n";
}

std::vector<std::pair<double, double>> smoothed(const std::vector<std::pair<double, double>>& points, size_t group) {
  std::vector<std::pair<double, double>> means;
  for (size_t first = 0; first < points.size(); first += group) {
    const size_t last = std::min(first + group, points.size());
    double x = 0, y = 0;
    for (size_t i = first; i < last; ++i) x += points[i].first, y += points[i].second;
    means.emplace_back(x / static_cast<double>(last - first), y / static_cast<double>(last - first));
  }
  return means;
}

}  // namespace weft::demo
