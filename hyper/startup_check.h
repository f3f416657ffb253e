// hyper/startup_check.h: whether generated weights start at the size of those they stand in for
#pragma once
#include <string>
#include <vector>

#include "nn/functional_call.h"

namespace weft::hyper {

struct WeightStatistics {
  double mean = 0, variance = 0;  ///< of all elements; the variance is divided by their number
};
/// Of a floating tensor, in float64.
WeightStatistics statistics_of(const Tensor& weight);

struct StartupCheck {
  struct Row {
    std::string name;
    WeightStatistics generated, target;
    /// The variances differ by more than 10 times, only one of them is 0 or not finite, or the means differ by more
    /// than 10 of the target's deviations (where that is 0, at all).
    bool parted;
  };
  std::vector<Row> rows;

  /// Every weight with both means and variances; parted ones are marked.
  std::string table() const;
  /// One line for each parted weight, with both variances and what to do; empty when all is well.
  std::string warning() const;
};

/// Generated weights beside those of the module that they will be given to by nn::functional_call, which are taken for
/// well initialised. A network whose weights start too large or too small by far learns late or never.
/// Throws: a name that the module lacks, a shape that differs.
StartupCheck startup_check(const nn::Module& module, const nn::Weights& generated);
/// The same beside weights of another network, by name.
StartupCheck startup_check(const nn::StateDict& target, const nn::Weights& generated);

}  // namespace weft::hyper
