// hyper/full_generator.h: generators with a linear head for each weight, which makes it whole or of low rank
#pragma once
#include "hyper/weight_generator.h"
#include "nn/module_list.h"

namespace weft::hyper {

/// One weight from features e [n, N_e]:
///   whole      W = H e + beta                                             (numel) (N_e + 1) parameters
///   rank r     W = U V^T, U = H_u e + beta_u [out, r], V likewise [in, r]   r (out + in) (N_e + 1)
/// where a weight of more than two axes is the matrix [shape[0], rest]. It is made by rank where that takes fewer
/// numbers, r (out + in) < out in, and whole otherwise, as every vector is.
/// Init: H normal so that W has the variance asked for, beta the mean; a product starts with mean 0.
class WeightHead : public nn::Module {
 public:
  /// `feature_variance`: mean square of an element of e.  rank 0: whole.
  WeightHead(const GeneratedWeight& made, int64_t feature_size, double feature_variance, int64_t rank,
             RandomStream& init);
  std::string_view kind() const override { return "WeightHead"; }
  /// e [n, feature_size] -> [n, shape].
  Variable operator()(const Variable& e) const;

  nn::Parameter weight, bias;  ///< H [numbers, feature_size] and beta [numbers]; of U, then of V

 private:
  Shape shape_;
  int64_t rank_;
};

/// Every weight made whole by a linear head of its own. For several targets: two weights of one name and shape have one
/// head, which what tells the targets apart makes different weights; others have their own. A shared head starts with
/// the mean of the means and of the variances that its targets state: of kindred layers nearly each one's own. Where
/// they are far apart (startup_check tells), a generator for each kind starts right.
/// Parameters: (numel of all different weights) (N_e + 1), and the relu layers.
class FullGenerator : public WeightGenerator {
 public:
  FullGenerator(Targets targets, WeightGeneratorOptions options, RandomStream& init);

 protected:
  FullGenerator(std::string_view kind, Targets targets, WeightGeneratorOptions options, int64_t rank,
                RandomStream& init);
  nn::Weights make(int64_t target, const Variable& input) override;

 private:
  nn::ModuleList<WeightHead> heads_;            ///< state name "heads"
  std::vector<std::vector<int64_t>> heads_of_;  ///< of each target's weights, in their order
};

/// The same with heads of this rank: far fewer parameters for large matrices, whose generated values are of that rank.
class LowRankGenerator : public FullGenerator {
 public:
  /// Throws: rank below 1.
  LowRankGenerator(Targets targets, int64_t rank, WeightGeneratorOptions options, RandomStream& init);
};

}  // namespace weft::hyper
