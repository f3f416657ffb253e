// bench/case.cpp: the list of cases, and the check that comes before any timing
#include "bench/case.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace weft::bench {
namespace {

std::vector<std::function<std::vector<Case>()>>& families() {
  static std::vector<std::function<std::vector<Case>()>> list;
  return list;
}

std::string difference(const Tensor& got, const Tensor& expected, double tolerance) {
  if (got.shape() != expected.shape() || got.dtype() != expected.dtype())
    return fmt::format("got {}, expected {}", got.describe(), expected.describe());
  const std::vector<double> y = got.to_vector<double>(), r = expected.to_vector<double>();
  double scale = 0;
  for (const double value : r) scale = std::max(scale, std::fabs(value));
  for (size_t i = 0; i < y.size(); ++i)  // written so that NaN differs
    if (!(std::fabs(y[i] - r[i]) <= tolerance * scale))
      return fmt::format("element {} is {}, expected {} (largest value {}, tolerance {})", i, y[i], r[i], scale,
                         tolerance);
  return {};
}

}  // namespace

Work work(std::function<Tensor()> compute) {
  const auto y = std::make_shared<Tensor>();
  return {[y, compute = std::move(compute)] { *y = compute(); }, [y] { return std::vector<Tensor>{*y}; }};
}

Family::Family(std::function<std::vector<Case>()> cases) { families().push_back(std::move(cases)); }

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const auto& family : families())
    for (Case& item : family()) cases.push_back(std::move(item));
  std::stable_sort(cases.begin(), cases.end(), [](const Case& a, const Case& b) { return a.name < b.name; });
  return cases;
}

std::string difference(const Case& item, Device device, Device oracle_device) {
  const auto& prepare = item.prepare_check ? item.prepare_check : item.prepare;
  const Work work = prepare(device), oracle = prepare(oracle_device);
  work.run();
  oracle.run();
  const std::vector<Tensor> got = work.results(), expected = oracle.results();
  if (got.size() != expected.size() || got.empty()) return "the numbers of results differ, or there is none";
  for (size_t i = 0; i < got.size(); ++i) {
    const std::string text = difference(got[i], expected[i], item.tolerance);
    if (!text.empty()) return fmt::format("result {}: {}", i, text);
  }
  return {};
}

Tensor normal(const Shape& shape, Device device, uint64_t seed) {
  RandomStream stream(seed, 0);
  return random_normal(shape, stream, 0, 1, {.device = device});
}

}  // namespace weft::bench
