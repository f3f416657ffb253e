// hyper/demos/harness/metrics.cpp: the lines of metrics.jsonl, written and read
#include "hyper/demos/harness/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "tensor/error.h"

namespace weft::demo {

using Json = nlohmann::ordered_json;

namespace {

/// RFC 4180: a cell with a comma, a quote or a line's end stands in quotes.
std::string quoted_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
  return cell + "\"";
}

}  // namespace

std::string json_of(const Metric& m) {
  Json line = {{"step", m.step}, {"epoch", m.epoch}, {"model", m.model}, {"split", m.split}};
  for (const auto& [name, value] : m.scores) line[name] = value;  // a NaN becomes null: JSON has none
  line["seconds"] = m.seconds;
  return line.dump();
}

std::string csv_of(const std::vector<Metric>& metrics) {
  std::vector<std::string> names;
  for (const Metric& metric : metrics) {
    for (const auto& [name, value] : metric.scores) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  std::string csv = "step,epoch,model,split";
  for (const std::string& name : names) csv += "," + quoted_cell(name);
  csv += ",seconds\n";
  for (const Metric& m : metrics) {
    csv += fmt::format("{},{},{},{}", m.step, m.epoch, quoted_cell(m.model), quoted_cell(m.split));
    for (const std::string& name : names) {
      const auto score = std::find_if(m.scores.begin(), m.scores.end(), [&](const auto& s) { return s.first == name; });
      csv += score == m.scores.end() ? "," : fmt::format(",{}", score->second);
    }
    csv += fmt::format(",{}\n", m.seconds);
  }
  return csv;
}

std::vector<Metric> read_metrics(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) throw FileError(fmt::format("'{}': cannot be read; hint: name the folder of a run", file.string()));
  const std::set<std::string> keys{"step", "epoch", "model", "split", "seconds"};
  std::vector<Metric> metrics;
  int64_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    try {
      const Json json = Json::parse(line);
      Metric metric{json.at("step"), json.at("epoch"), json.at("model"), json.at("split"), {}, json.at("seconds")};
      for (const auto& [name, value] : json.items()) {
        const double score = value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
        if (!keys.contains(name)) metric.scores.emplace_back(name, score);
      }
      metrics.push_back(std::move(metric));
    } catch (const Json::exception&) {
      throw FileError(fmt::format("'{}': line {} is no metric", file.string(), number));
    }
  }
  return metrics;
}

}  // namespace weft::demo
