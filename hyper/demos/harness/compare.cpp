// hyper/demos/harness/compare.cpp: finished runs beside each other
#include "hyper/demos/harness/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "hyper/demos/harness/histogram.h"
#include "hyper/demos/harness/report.h"
#include "hyper/demos/harness/table.h"

namespace weft::demo {
namespace {

/// The folder's own name, also of "run/".
std::string name_of(const std::filesystem::path& run) {
  return (run.has_filename() ? run : run.parent_path()).filename().string();
}

/// What a run is called beside the others: by its folder, or by its whole path where another's has the same name.
std::string label_of(const std::filesystem::path& run, const std::vector<std::filesystem::path>& runs) {
  const auto alike = [&](const auto& other) { return name_of(other) == name_of(run); };
  return std::count_if(runs.begin(), runs.end(), alike) == 1 ? name_of(run) : run.string();
}

/// One row a run, model and split: the last scores there are.
std::vector<std::vector<std::string>> last_scores(const std::vector<NamedMetrics>& runs) {
  std::vector<std::vector<std::string>> rows{{"run", "model", "split", "step", "scores"}};
  for (const NamedMetrics& run : runs) {
    std::vector<const Metric*> last;
    for (const Metric& metric : run.metrics) {
      const auto same = std::find_if(last.begin(), last.end(), [&](const Metric* other) {
        return other->model == metric.model && other->split == metric.split;
      });
      if (same == last.end()) last.push_back(&metric);
      else *same = &metric;
    }
    for (const Metric* metric : last) {
      std::string scores;
      for (const auto& [name, value] : metric->scores)
        scores += fmt::format("{}{} {:.4f}", scores.empty() ? "" : ", ", name, value);
      rows.push_back({run.name, metric->model, metric->split, std::to_string(metric->step), scores});
    }
  }
  return rows;
}

/// The histograms of those runs that have one.
std::vector<NamedHistogram> histograms_of(const std::vector<std::filesystem::path>& runs) {
  std::vector<NamedHistogram> histograms;
  for (const std::filesystem::path& run : runs) {
    const std::filesystem::path file = run / kHistogramFile;
    if (std::filesystem::exists(file)) histograms.push_back({label_of(run, runs), read_histogram(file)});
  }
  return histograms;
}

}  // namespace

void compare(const Demo& demo, const std::vector<std::filesystem::path>& runs, const std::filesystem::path& out) {
  std::vector<std::filesystem::path> once;  // a run beside itself would be one curve, drawn twice
  for (const std::filesystem::path& run : runs) {
    if (std::find(once.begin(), once.end(), run) == once.end()) once.push_back(run);
  }
  std::vector<NamedMetrics> read;
  for (const std::filesystem::path& run : once)
    read.push_back({label_of(run, once), read_metrics(run / "metrics.jsonl")});
  const std::vector<std::vector<std::string>> rows = last_scores(read);
  std::vector<Section> sections = curves(read);
  sections.insert(sections.begin(), table_section("last scores", rows));
  const std::vector<NamedHistogram> histograms = histograms_of(once);
  if (!histograms.empty()) sections.push_back(histogram_chart(histograms));
  const std::filesystem::path target = out / demo.name / "compare.html";
  std::error_code code;
  std::filesystem::create_directories(target.parent_path(), code);
  std::ofstream file(target, std::ios::binary);
  file << page(demo.name + ": runs compared", sections);
  file.close();
  if (!file)
    throw WriteError(
        fmt::format("--compare: cannot write '{}'; hint: name another folder with --out", target.string()));
  fmt::print("{}\n{}\n", table(rows), target.string());
}

}  // namespace weft::demo
