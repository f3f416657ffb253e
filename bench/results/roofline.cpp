// bench/results/roofline.cpp: a chart and a table for each device
#include "bench/results/roofline.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hyper/demos/harness/curves.h"

namespace weft::bench {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kPeak = "peak/";

/// The part of a case's name that says what is computed: "matmul".
std::string family_of(const Measured& measured) { return measured.name.substr(0, measured.name.find('/')); }

/// By device, the cases that count FLOPs and bytes, in the order of their intensity.
std::map<std::string, std::vector<const Measured*>> points_of(const Results& results) {
  std::map<std::string, std::vector<const Measured*>> points;
  for (const Measured& measured : results.cases) {
    if (intensity(measured) > 0 && measured.device != "reference" && !measured.name.starts_with(kPeak))
      points[measured.device].push_back(&measured);
  }
  for (auto& [device, list] : points)
    std::stable_sort(list.begin(), list.end(),
                     [](const Measured* a, const Measured* b) { return intensity(*a) < intensity(*b); });
  return points;
}

/// "#1f77b4", the same for every case of a family.
std::map<std::string, std::string_view> colours_of(const std::vector<const Measured*>& points) {
  std::map<std::string, std::string_view> colours;
  for (const Measured* point : points) colours.try_emplace(family_of(*point), demo::colour_of(colours.size()));
  return colours;
}

Json dot(double x, double y) { return {{"x", x}, {"y", y}}; }

Json axis(const std::string& title) {
  return {{"type", "logarithmic"}, {"title", {{"display", true}, {"text", title + " (log scale)"}}}};
}

std::string config_of(const Roof& roof, const std::vector<const Measured*>& points) {
  // From left of what lies left to right of what lies right, the ridge among it.
  const double left = std::min(intensity(*points.front()), roof.ridge()) / 2;
  const double right = std::max(intensity(*points.back()), roof.ridge()) * 2;
  Json datasets = Json::array();
  datasets.push_back({{"label", "roof"},
                      {"data", {dot(left, roof.at(left)), dot(roof.ridge(), roof.gflops), dot(right, roof.gflops)}},
                      {"showLine", true},
                      {"borderColor", "#222222"},
                      {"borderWidth", 1.5},
                      {"pointRadius", 0}});
  // One a case, so that a pointer over a dot is told its name.
  const auto colours = colours_of(points);
  for (const Measured* point : points)
    datasets.push_back({{"label", point->name},
                        {"data", Json::array({dot(intensity(*point), point->gflops)})},
                        {"backgroundColor", colours.at(family_of(*point))},
                        {"pointRadius", 4}});
  const Json config = {{"type", "line"},
                       {"data", {{"datasets", datasets}}},
                       {"options",
                        {{"animation", false},
                         {"showLine", false},
                         {"plugins", {{"legend", {{"display", false}}}}},
                         {"scales", {{"x", axis("FLOPs a byte")}, {"y", axis("GFLOP/s")}}}}}};
  return config.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string legend(const std::vector<const Measured*>& points) {
  std::string html;
  for (const auto& [family, colour] : colours_of(points))
    html += fmt::format("<span style=\"color:{}\">&#9679;</span> {} ", colour, demo::escaped(family));
  return fmt::format("<p>{}</p>", html);
}

std::string shares(const Roof& roof, const std::vector<const Measured*>& points) {
  std::vector<std::vector<std::string>> rows{
      {"case", "FLOPs a byte", "GFLOP/s", "roof there", "share of the roof", "limit"}};
  for (const Measured* point : points) {
    const double x = intensity(*point), most = roof.at(x);
    rows.push_back({point->name, fmt::format("{:.3g}", x), fmt::format("{:.1f}", point->gflops),
                    fmt::format("{:.1f}", most), fmt::format("{:.0f} %", 100 * point->gflops / most),
                    x < roof.ridge() ? "memory" : "arithmetic"});
  }
  return demo::table_section("", rows).html;
}

std::string threads_of(const Results& results, const std::string& device) {
  const auto found = results.context.find("weft threads");
  if (device != "cpu" || found == results.context.end()) return "";
  return fmt::format(", {} {}", found->second, found->second == "1" ? "thread" : "threads");
}

demo::Section missing(const std::string& title, const std::string& fact) {
  return demo::drawing(title, fmt::format("<p>{}</p>", demo::escaped(fact)));
}

demo::Section roofline(const Results& results, const std::string& device, const std::vector<const Measured*>& points) {
  const std::string title = fmt::format("Roofline: {}", device);
  const Roof roof = roof_of(results, device);
  if (!roof.measured())
    return missing(title, fmt::format("Not drawn: this run has not measured {} of {}; hint: let --benchmark_filter "
                                      "take in the cases named peak/.",
                                      roof.gflops > 0   ? "the memory"
                                      : roof.gbytes > 0 ? "the peak arithmetic"
                                                        : "the peaks (arithmetic, memory)",
                                      device));
  demo::Section section = demo::chart(title, "roofline_" + device, 150, config_of(roof, points));
  const std::string measured = fmt::format(
      "<p>Measured in this run{}: {:.1f} GFLOP/s, {:.1f} GB/s, which meet at {:.3g} FLOPs a byte. Bytes are those that "
      "a case must read and write; one whose data stay in a cache may stand above the roof of memory.</p>",
      demo::escaped(threads_of(results, device)), roof.gflops, roof.gbytes, roof.ridge());
  section.html = measured + section.html + legend(points) + shares(roof, points);
  return section;
}

}  // namespace

double Roof::at(double flops_per_byte) const { return std::min(gflops, gbytes * flops_per_byte); }

Roof roof_of(const Results& results, std::string_view device) {
  Roof roof;
  for (const Measured& measured : results.cases) {
    if (measured.device != device || !measured.name.starts_with(kPeak)) continue;
    roof.gflops = std::max(roof.gflops, measured.gflops);
    roof.gbytes = std::max(roof.gbytes, measured.gbytes);
  }
  return roof;
}

double intensity(const Measured& measured) {
  return measured.gflops > 0 && measured.gbytes > 0 ? measured.gflops / measured.gbytes : 0;
}

std::vector<demo::Section> rooflines(const Results& results) {
  std::vector<demo::Section> sections;
  for (const auto& [device, points] : points_of(results)) sections.push_back(roofline(results, device, points));
  if (sections.empty())
    sections.push_back(missing("Roofline", "Not drawn: no case of this run counts both FLOPs and bytes."));
  return sections;
}

}  // namespace weft::bench
