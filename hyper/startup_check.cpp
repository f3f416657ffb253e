// hyper/startup_check.cpp: whether generated weights start at the size of those they stand in for
#include "hyper/startup_check.h"

#include <cmath>

#include "tensor/reduce.h"
#include "tensor/statistics.h"

namespace weft::hyper {
namespace {

constexpr double kFarApart = 10;

bool far_apart(double a, double b) {
  if (!std::isfinite(a) || !std::isfinite(b)) return true;
  return a > kFarApart * b || b > kFarApart * a;
}

bool parted(const WeightStatistics& made, const WeightStatistics& target) {
  return far_apart(made.variance, target.variance) ||
         std::abs(made.mean - target.mean) > kFarApart * std::sqrt(target.variance);
}

}  // namespace

WeightStatistics statistics_of(const Tensor& weight) {
  const Tensor exact = weight.to(DType::float64);
  return {mean(exact).item(), var(exact, {}, Keep::no, 0).item()};
}

StartupCheck startup_check(const nn::Module& module, const nn::Weights& generated) {
  return startup_check(module.state_dict(), generated);
}

StartupCheck startup_check(const nn::StateDict& target, const nn::Weights& generated) {
  StartupCheck check;
  for (const auto& [name, weight] : generated) {
    const auto wanted = target.find(name);
    if (wanted == target.end() || wanted->second.shape() != weight.shape()) {
      fail("startup_check", "'{}' is {}, the module's is {}; hint: the names and shapes of its state dict", name,
           weight.value().describe(), wanted == target.end() ? "not there" : wanted->second.describe());
    }
    const WeightStatistics of_made = statistics_of(weight.value()), of_wanted = statistics_of(wanted->second);
    check.rows.push_back({name, of_made, of_wanted, parted(of_made, of_wanted)});
  }
  return check;
}

std::string StartupCheck::table() const {
  std::string text = fmt::format("{:<24} {:>11} {:>11} {:>11} {:>11}\n", "at the start", "mean", "variance",
                                 "target mean", "variance");
  for (const Row& row : rows) {
    text += fmt::format("{:<24} {:>11.3g} {:>11.3g} {:>11.3g} {:>11.3g}{}\n", row.name, row.generated.mean,
                        row.generated.variance, row.target.mean, row.target.variance,
                        row.parted ? "  more than 10 times apart" : "");
  }
  return text;
}

std::string StartupCheck::warning() const {
  std::string text;
  for (const Row& row : rows) {
    if (!row.parted) continue;
    text += fmt::format(
        "{}: generated weights have variance {:.3g} (mean {:.3g}), the module's own {:.3g} (mean {:.3g}); "
        "hint: see hyperfan_in_ in hyper/init.h\n",
        row.name, row.generated.variance, row.generated.mean, row.target.variance, row.target.mean);
  }
  return text;
}

}  // namespace weft::hyper
