// hyper/demos/harness/histogram.cpp: values counted, written as JSON, and drawn over each other
#include "hyper/demos/harness/histogram.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "tensor/error.h"

namespace weft::demo {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFaint = "33";  ///< behind a colour "#1f77b4": how much of it fills the area

bool same_bins(const Histogram& a, const Histogram& b) {
  return a.title == b.title && a.low == b.low && a.high == b.high && a.counts.size() == b.counts.size();
}

std::vector<std::string> centres_of(const Histogram& histogram) {
  const double width = (histogram.high - histogram.low) / static_cast<double>(histogram.counts.size());
  std::vector<std::string> centres;
  for (size_t bin = 0; bin < histogram.counts.size(); ++bin)
    centres.push_back(fmt::format("{:.2f}", histogram.low + (static_cast<double>(bin) + 0.5) * width));
  return centres;
}

/// Runs may have drawn texts of other lengths from models of other sizes: parts compare, counts would not.
std::vector<double> parts_of(const Histogram& histogram) {
  const auto all = static_cast<double>(std::reduce(histogram.counts.begin(), histogram.counts.end()));
  std::vector<double> parts;
  for (const int64_t count : histogram.counts) parts.push_back(static_cast<double>(count) / std::max(all, 1.0));
  return parts;
}

}  // namespace

Histogram histogram_of(std::string title, std::string model, const std::vector<double>& values, double low, double high,
                       int64_t bins) {
  const auto is_inside = [&](double value) { return value >= low && value <= high; };
  if (values.empty() || !std::all_of(values.begin(), values.end(), is_inside))
    fail("histogram", "no values, or not all of them in [{}, {}]", low, high);
  Histogram histogram{std::move(title), std::move(model), low, high, std::vector<int64_t>(static_cast<size_t>(bins))};
  for (const double value : values) {
    const auto bin = static_cast<int64_t>((value - low) / (high - low) * static_cast<double>(bins));
    ++histogram.counts[static_cast<size_t>(std::min(bin, bins - 1))];  // high belongs to the last
  }
  return histogram;
}

std::string json_of(const Histogram& histogram) {
  const Json json = {{"title", histogram.title},
                     {"model", histogram.model},
                     {"low", histogram.low},
                     {"high", histogram.high},
                     {"counts", histogram.counts}};
  return json.dump() + "\n";
}

Histogram read_histogram(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) throw FileError(fmt::format("'{}': cannot be read", file.string()));
  try {
    const Json json = Json::parse(stream);
    Histogram histogram{json.at("title"), json.at("model"), json.at("low"), json.at("high"), json.at("counts")};
    if (histogram.low < histogram.high && !histogram.counts.empty()) return histogram;
  } catch (const Json::exception&) {
  }
  throw FileError(fmt::format("'{}': no histogram", file.string()));
}

Section histogram_chart(const std::vector<NamedHistogram>& histograms) {
  const Histogram& first = histograms.front().histogram;
  Json datasets = Json::array();
  for (const auto& [run, histogram] : histograms) {
    if (!same_bins(first, histogram)) {
      throw FileError(
          fmt::format("histogram: '{}' of run '{}' has {} bins in [{}, {}], '{}' of run '{}' has {} in [{}, {}]; hint: "
                      "compare runs of one version",
                      first.title, histograms.front().run, first.counts.size(), first.low, first.high, histogram.title,
                      run, histogram.counts.size(), histogram.low, histogram.high));
    }
    const std::string colour(colour_of(datasets.size()));
    datasets.push_back({{"label", run.empty() ? histogram.model : run + " " + histogram.model},
                        {"data", parts_of(histogram)},
                        {"stepped", "middle"},
                        {"fill", true},
                        {"borderColor", colour},
                        {"backgroundColor", colour + kFaint},
                        {"borderWidth", 1.5},
                        {"pointRadius", 0}});
  }
  const Json config = {
      {"type", "line"},
      {"data", {{"labels", centres_of(first)}, {"datasets", datasets}}},
      {"options",
       {{"animation", false},
        {"scales", {{"y", {{"beginAtZero", true}, {"title", {{"display", true}, {"text", "part of the values"}}}}}}}}}};
  return chart(first.title, "histogram", 90, config.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace weft::demo
