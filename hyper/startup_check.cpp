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

}  // namespace

WeightStatistics statistics_of(const Tensor& weight) {
  const Tensor exact = weight.to(DType::float64);
  return {mean(exact).item(), var(exact, {}, Keep::no, 0).item()};
}

StartupCheck startup_check(const nn::Module& module, const nn::Weights& generated) {
  const nn::StateDict state = module.state_dict();
  StartupCheck check;
  for (const auto& [name, weight] : generated) {
    const auto target = state.find(name);
    if (target == state.end() || target->second.shape() != weight.shape()) {
      fail("startup_check", "'{}' is {}, the module's is {}; hint: the names and shapes of its state dict", name,
           weight.value().describe(), target == state.end() ? "not there" : target->second.describe());
    }
    const WeightStatistics made = statistics_of(weight.value()), wanted = statistics_of(target->second);
    check.rows.push_back({name, made, wanted, far_apart(made.variance, wanted.variance)});
  }
  return check;
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
