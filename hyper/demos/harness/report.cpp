// hyper/demos/harness/report.cpp: sections of a page
#include "hyper/demos/harness/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "datasets/fetch/sha256.h"
#include "hyper/demos/harness/chart_js.h"
#include "hyper/demos/harness/machine.h"

namespace weft::demo {
namespace {

using Json = nlohmann::ordered_json;

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<uint8_t>(bytes[i + k]) : 0U);
    for (size_t k = 0; k < 4; ++k) text += i + k <= bytes.size() ? digits[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

std::string config_of(const std::string& score, const std::vector<Curve>& curves) {
  Json datasets = Json::array();
  for (const Curve& curve : curves) {
    Json points = Json::array();
    for (const auto& [x, y] : curve.points) points.push_back({{"x", x}, {"y", y}});
    datasets.push_back({{"label", curve.label},
                        {"data", points},
                        {"borderColor", curve.colour},
                        {"borderDash", curve.dashed ? Json{6, 4} : Json::array()},
                        {"borderWidth", 1.5},
                        {"pointRadius", curve.points.size() > kMostDots ? 0 : 2}});
  }
  const bool logarithmic = is_logarithmic(score, curves);
  const Json options = {{"animation", false},
                        {"scales",
                         {{"x", {{"type", "linear"}, {"title", {{"display", true}, {"text", "step"}}}}},
                          {"y",
                           {{"type", logarithmic ? "logarithmic" : "linear"},
                            {"title", {{"display", true}, {"text", score + (logarithmic ? " (log scale)" : "")}}}}}}}};
  const Json config = {{"type", "line"}, {"data", {{"datasets", datasets}}}, {"options", options}};
  return config.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string shown(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

std::vector<std::vector<std::string>> rows_of(const Json& object) {
  std::vector<std::vector<std::string>> rows{{"name", "value"}};
  for (const auto& [name, value] : object.items()) rows.push_back({name, shown(value)});
  return rows;
}

/// As sha256sum says it, so that two readers can compare one line.
std::vector<std::vector<std::string>> weight_files(const std::filesystem::path& run) {
  std::vector<std::vector<std::string>> rows;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(run, code)) {
    if (entry.path().extension() != ".safetensors") continue;
    rows.push_back({entry.path().filename().string(), fetch::sha256_of(entry.path())});
  }
  std::sort(rows.begin(), rows.end());
  rows.insert(rows.begin(), {"file", "SHA-256"});
  return rows;
}

/// What each call that went on with the run had.
std::vector<std::vector<std::string>> resumptions(const Json& list) {
  std::vector<std::vector<std::string>> rows{{"git", "device", "data"}};
  for (const Json& one : list) {
    if (!one.is_object()) continue;  // of an older version
    rows.push_back(
        {shown(one.value("git", Json())), shown(one.value("device", Json())), shown(one.value("data", Json()))});
  }
  return rows;
}

constexpr std::string_view kStyle =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse}td,th{padding:.15rem .8rem;text-align:left;border-bottom:1px solid #ddd}"
    "pre{background:#f6f6f6;padding:.8rem;overflow-x:auto}img,svg{max-width:100%}h2{margin-top:2.2rem}";

}  // namespace

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '"': html += "&quot;"; break;
      default: html += c;
    }
  }
  return html;
}

Section picture(std::string title, std::string_view png) {
  return {std::move(title), fmt::format("<img alt=\"\" src=\"data:image/png;base64,{}\">", base64(png))};
}

Section drawing(std::string title, std::string fragment) { return {std::move(title), std::move(fragment)}; }

Section listing(std::string title, std::string_view text) {
  return {std::move(title), fmt::format("<pre>{}</pre>", escaped(text))};
}

Section table_section(std::string title, const std::vector<std::vector<std::string>>& rows) {
  std::string html = "<table>";
  for (size_t i = 0; i < rows.size(); ++i) {
    const char* cell = i == 0 ? "th" : "td";
    html += "<tr>";
    for (const std::string& text : rows[i]) html += fmt::format("<{0}>{1}</{0}>", cell, escaped(text));
    html += "</tr>";
  }
  return {std::move(title), html + "</table>"};
}

Section chart(std::string title, std::string_view id, int64_t height, std::string config) {
  for (size_t at = config.find("</"); at != std::string::npos; at = config.find("</", at))
    config.replace(at, 2, "<\\/");
  return {std::move(title),
          fmt::format("<canvas id=\"{0}\" height=\"{1}\"></canvas><script>new Chart('{0}', {2})</script>", id, height,
                      config)};
}

std::vector<Section> curves(const std::vector<NamedMetrics>& runs) {
  std::vector<Section> sections;
  for (const std::string& score : score_names(runs))
    sections.push_back(
        chart(score, fmt::format("chart{}", sections.size()), 110, config_of(score, curves_of(runs, score))));
  return sections;
}

std::vector<Section> facts(const std::filesystem::path& run) {
  std::ifstream file(run / "config.json");
  const Json config = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  std::vector<Section> sections;
  for (const char* part : {"settings", "recipe", "parameters", "data", "device", "machine", "versions"}) {
    if (config.is_object() && config.contains(part)) sections.push_back(table_section(part, rows_of(config[part])));
  }
  if (config.is_object() && config.contains("resumed"))
    sections.push_back(table_section("resumed", resumptions(config["resumed"])));
  sections.push_back(table_section("weights", weight_files(run)));
  const double mib = static_cast<double>(peak_memory()) / (1 << 20);
  sections.push_back(
      table_section("memory", {{"name", "value"}, {"peak of the process", fmt::format("{:.0f} MiB", mib)}}));
  return sections;
}

std::string page(const std::string& title, const std::vector<Section>& sections) {
  std::string body;
  for (const Section& section : sections)
    body += fmt::format("<h2>{}</h2>\n{}\n", escaped(section.title), section.html);
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title><style>{1}</style>"
      "<script>{2}</script></head>\n<body><h1>{0}</h1>\n{3}</body></html>\n",
      escaped(title), kStyle, chart_js(), body);
}

}  // namespace weft::demo
