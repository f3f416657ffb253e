// bench/results/results.cpp: Google Benchmark's JSON, checked before it is used
#include "bench/results/results.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tensor/program/program.h"

namespace weft::bench {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void unusable(const std::filesystem::path& path, const std::string& fact) {
  throw UsageError(
      fmt::format("{}: {}; hint: weft-bench --benchmark_out=FILE.json writes such a file", path.string(), fact));
}

/// Of one unit of time in seconds; 0: not a unit.
double seconds_of(const std::string& unit) {
  if (unit == "ns") return 1e-9;
  if (unit == "us") return 1e-6;
  if (unit == "ms") return 1e-3;
  return unit == "s" ? 1 : 0;
}

std::string text_at(const Json& object, const char* key) {
  return object.contains(key) && object[key].is_string() ? object[key].get<std::string>() : std::string();
}

double number_at(const Json& object, const char* key) {
  return object.contains(key) && object[key].is_number() ? object[key].get<double>() : 0;
}

/// "add/4096/cpu/real_time" is case "add/4096" on device "cpu".
Measured named(std::string run) {
  constexpr std::string_view ending = "/real_time";
  if (run.ends_with(ending)) run.resize(run.size() - ending.size());
  const size_t slash = run.rfind('/');
  if (slash == std::string::npos) return {.name = run, .device = ""};
  return {.name = run.substr(0, slash), .device = run.substr(slash + 1)};
}

/// A repetition, as it stands in the file.
struct Repetition {
  double seconds, gflops, gbytes;
};

Measured summary(const std::string& run, std::vector<Repetition> repetitions) {
  Measured measured = named(run);
  if (repetitions.empty()) return measured;
  std::sort(repetitions.begin(), repetitions.end(),
            [](const Repetition& a, const Repetition& b) { return a.seconds < b.seconds; });
  for (const Repetition& repetition : repetitions) measured.times.push_back(repetition.seconds);
  const Repetition& middle = repetitions[repetitions.size() / 2];
  measured.gflops = middle.gflops;
  measured.gbytes = middle.gbytes;
  return measured;
}

std::map<std::string, std::string> context_of(const Json& file) {
  std::map<std::string, std::string> context;
  if (!file.contains("context") || !file["context"].is_object()) return context;
  for (const auto& [name, value] : file["context"].items()) {
    if (value.is_string()) context[name] = value.get<std::string>();
    if (value.is_number() || value.is_boolean()) context[name] = value.dump();
  }
  return context;
}

}  // namespace

double Measured::median() const {
  const size_t n = times.size();
  return (times[(n - 1) / 2] + times[n / 2]) / 2;
}

double Measured::spread() const { return (times.back() - times.front()) / median(); }

Results load_results(const std::filesystem::path& path) {
  std::ifstream stream(path);
  if (!stream) unusable(path, "cannot be read");
  const Json file = Json::parse(stream, nullptr, /*allow_exceptions=*/false);
  if (!file.is_object() || !file.contains("benchmarks") || !file["benchmarks"].is_array())
    unusable(path, "is not JSON with a list of benchmarks");
  std::vector<std::string> order;
  std::map<std::string, std::vector<Repetition>> runs;
  bool timed = false;
  for (const Json& entry : file["benchmarks"]) {
    const std::string run = entry.is_object() ? text_at(entry, "run_name") : "";
    if (run.empty()) unusable(path, "has a benchmark without a name");
    if (text_at(entry, "run_type") != "iteration") continue;
    const auto [known, is_new] = runs.try_emplace(run);
    if (is_new) order.push_back(run);
    if (entry.contains("error_occurred") && entry["error_occurred"] == true) continue;
    const double seconds = number_at(entry, "real_time") * seconds_of(text_at(entry, "time_unit"));
    if (!(seconds > 0) || !std::isfinite(seconds)) unusable(path, fmt::format("'{}' has no time", run));
    known->second.push_back({seconds, number_at(entry, "GFLOP"), number_at(entry, "GB")});
    timed = true;
  }
  if (!timed) unusable(path, "holds no time");
  Results results{context_of(file), {}};
  for (const std::string& run : order) results.cases.push_back(summary(run, runs[run]));
  return results;
}

}  // namespace weft::bench
