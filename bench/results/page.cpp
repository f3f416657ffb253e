// bench/results/page.cpp: bars and tables of a run
#include "bench/results/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench/results/duration.h"
#include "bench/results/roofline.h"
#include "hyper/demos/harness/report.h"

namespace weft::bench {
namespace {

using Json = nlohmann::ordered_json;
using Members = std::vector<const Measured*>;

/// What the bars of a family show.
struct Score {
  std::string_view name;
  double (*of)(const Measured&);
};

Score score_of(const Members& family) {
  const auto all = [&](double Measured::*rate) {
    return std::all_of(family.begin(), family.end(), [rate](const Measured* m) { return m->*rate > 0; });
  };
  const bool moves_more =
      std::all_of(family.begin(), family.end(), [](const Measured* m) { return intensity(*m) < 1; });
  if (all(&Measured::gflops) && !(all(&Measured::gbytes) && moves_more))
    return {"GFLOP/s", [](const Measured& m) { return m.gflops; }};
  if (all(&Measured::gbytes)) return {"GB/s", [](const Measured& m) { return m.gbytes; }};
  return {"microseconds", [](const Measured& m) { return m.median() * 1e6; }};
}

/// Of a family's name the part that sets the case apart.
std::string short_name(const Measured& measured) {
  const size_t slash = measured.name.find('/');
  return slash == std::string::npos ? measured.name : measured.name.substr(slash + 1);
}

/// Each value once, in the order of the members.
std::vector<std::string> distinct(const Members& family, std::string (*value_of)(const Measured&)) {
  std::vector<std::string> values;
  for (const Measured* measured : family) {
    const std::string value = value_of(*measured);
    if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
  }
  return values;
}

const char* colour_of(const std::string& device) {
  if (device == "cpu") return "#1f77b4";
  return device == "reference" ? "#999999" : "#ff7f0e";
}

demo::Section bars(const std::string& title, const Members& family, size_t number) {
  const Score score = score_of(family);
  const std::vector<std::string> labels = distinct(family, short_name);
  Json datasets = Json::array();
  for (const std::string& device : distinct(family, [](const Measured& m) { return m.device; })) {
    Json values = Json::array();
    for (const std::string& label : labels) {
      const auto found = std::find_if(family.begin(), family.end(), [&](const Measured* m) {
        return m->device == device && short_name(*m) == label;
      });
      values.push_back(found == family.end() ? Json() : Json(score.of(**found)));
    }
    datasets.push_back({{"label", device}, {"data", values}, {"backgroundColor", colour_of(device)}});
  }
  // Devices lie factors of a thousand apart.
  const Json axis = {{"type", "logarithmic"},
                     {"title", {{"display", true}, {"text", fmt::format("{} (log scale)", score.name)}}}};
  const Json config = {{"type", "bar"},
                       {"data", {{"labels", labels}, {"datasets", datasets}}},
                       {"options", {{"animation", false}, {"indexAxis", "y"}, {"scales", {{"x", axis}}}}}};
  const auto bar_count = static_cast<int64_t>(labels.size() * datasets.size());
  return demo::chart(title, fmt::format("family{}", number), 40 + 7 * bar_count,
                     config.dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string rate(double value) { return value > 0 ? fmt::format("{:.1f}", value) : ""; }

std::string numbers(const Members& family) {
  std::vector<std::vector<std::string>> rows{
      {"case", "device", "median", "fastest", "slowest", "repetitions", "GFLOP/s", "GB/s"}};
  for (const Measured* m : family) {
    rows.push_back({m->name, m->device, duration(m->median()), duration(m->times.front()), duration(m->times.back()),
                    std::to_string(m->times.size()), rate(m->gflops), rate(m->gbytes)});
  }
  return demo::table_section("", rows).html;
}

}  // namespace

std::string page(const Results& results) {
  std::map<std::string, Members> families;
  std::vector<std::vector<std::string>> refused{{"case", "device"}}, context{{"name", "value"}};
  for (const Measured& measured : results.cases) {
    if (measured.times.empty()) {
      refused.push_back({measured.name, measured.device});
    } else {
      families[measured.name.substr(0, measured.name.find('/'))].push_back(&measured);
    }
  }
  std::vector<demo::Section> sections = rooflines(results);
  for (const auto& [name, family] : families) {
    sections.push_back(bars(name, family, sections.size()));
    sections.back().html += numbers(family);
  }
  if (refused.size() > 1) sections.push_back(demo::table_section("Refused: the result was wrong", refused));
  for (const auto& [name, value] : results.context) context.push_back({name, value});
  sections.push_back(demo::table_section("Machine, versions, settings", context));
  return demo::page("weft-bench", sections);
}

}  // namespace weft::bench
