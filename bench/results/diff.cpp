// bench/results/diff.cpp: a table of ratios
#include "bench/results/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bench/results/duration.h"
#include "tensor/program/program.h"

namespace weft::bench {
namespace {

struct Pair {
  std::string name;
  const Measured *a, *b;
  double ratio() const { return b->median() / a->median(); }
  bool may_be_chance() const { return a->times.front() <= b->times.back() && b->times.front() <= a->times.back(); }
};

/// What was timed, by name and device.
std::map<std::string, const Measured*> timed(const Results& results) {
  std::map<std::string, const Measured*> known;
  for (const Measured& measured : results.cases) {
    if (!measured.times.empty()) known.emplace(measured.name + "/" + measured.device, &measured);
  }
  return known;
}

std::string percent(const Measured& measured) {
  return measured.times.size() < 2 ? "-" : fmt::format("{:.0f} %", 100 * measured.spread());
}

/// What no two runs have in common, though nobody set it: Google Benchmark tells it all the same.
constexpr std::array kCircumstances = {"date", "executable", "host_name", "load_avg", "mhz_per_cpu"};

std::string context_difference(const Results& a, const Results& b) {
  std::string text;
  const auto value = [](const Results& results, const std::string& name) {
    const auto found = results.context.find(name);
    return found == results.context.end() ? std::string("(not told)") : found->second;
  };
  std::map<std::string, std::string> names = a.context;
  names.insert(b.context.begin(), b.context.end());
  for (const auto& [name, unused] : names) {
    const std::string of_a = value(a, name), of_b = value(b, name);
    if (std::ranges::find(kCircumstances, name) == kCircumstances.end() && of_a != of_b)
      text += fmt::format("{}: A {}; B {}\n", name, of_a, of_b);
  }
  return text;
}

}  // namespace

std::string diff(const Results& a, const Results& b) {
  const auto in_a = timed(a), in_b = timed(b);
  std::vector<Pair> pairs;
  std::string alone;
  for (const auto& [name, measured] : in_a) {
    const auto found = in_b.find(name);
    if (found == in_b.end()) {
      alone += fmt::format("only A has timed {}\n", name);
    } else {
      pairs.push_back({name, measured, found->second});
    }
  }
  for (const auto& [name, measured] : in_b) {
    if (!in_a.contains(name)) alone += fmt::format("only B has timed {}\n", name);
  }
  if (pairs.empty()) throw UsageError("diff: A and B have no case in common; hint: give --benchmark_filter the same");
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& x, const Pair& y) { return x.ratio() < y.ratio(); });
  size_t width = 4;
  for (const Pair& pair : pairs) width = std::max(width, pair.name.size());
  std::string text = fmt::format("{:{}}  {:>10}  {:>10}  {:>7}   {:>8}  {:>8}\n", "case", width, "A", "B", "B / A",
                                 "spread A", "spread B");
  for (const Pair& pair : pairs) {
    text += fmt::format("{:{}}  {:>10}  {:>10}  {:>7.3f} {} {:>8}  {:>8}\n", pair.name, width,
                        duration(pair.a->median()), duration(pair.b->median()), pair.ratio(),
                        pair.may_be_chance() ? '~' : ' ', percent(*pair.a), percent(*pair.b));
  }
  return text + alone + context_difference(a, b);
}

}  // namespace weft::bench
