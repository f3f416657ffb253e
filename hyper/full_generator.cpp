// hyper/full_generator.cpp: a linear head for each generated weight
#include "hyper/full_generator.h"

#include <map>

#include "autograd/matmul.h"
#include "autograd/view.h"
#include "hyper/init.h"
#include "tensor/create.h"

namespace weft::hyper {
namespace {

int64_t columns_of(const Shape& shape) { return weft::numel_of(shape) / shape[0]; }

/// `rank` where a product of that rank takes fewer numbers than the weight, else 0.
int64_t useful_rank(const Shape& shape, int64_t rank) {
  if (shape.size() < 2) return 0;
  const int64_t columns = columns_of(shape), one_rank = shape[0] + columns;
  return rank < (shape[0] * columns + one_rank - 1) / one_rank ? rank : 0;
}

int64_t checked_rank(int64_t rank) {
  if (rank < 1) fail("LowRankGenerator", "rank is {}; hint: at least 1", rank);
  return rank;
}

}  // namespace

WeightHead::WeightHead(const GeneratedWeight& made, int64_t feature_size, double feature_variance, int64_t rank,
                       RandomStream& init)
    : shape_(made.shape), rank_(useful_rank(made.shape, rank)) {
  const int64_t of_u = rank_ == 0 ? 0 : rank_ * shape_[0];
  const int64_t numbers = rank_ == 0 ? weft::numel_of(shape_) : of_u + rank_ * columns_of(shape_);
  weight = nn::Parameter(empty({numbers, feature_size}));
  bias = nn::Parameter(zeros({numbers}));
  if (rank_ == 0) {
    init::generator_weight_(weight.value(), init, made.variance, feature_variance);
    nn::init::constant_(bias.value(), made.mean);
  } else {  // the variances of U and V are multiplied, and r products added; V alone starts as 0 with W
    init::generator_weight_(weight.value().slice(0, 0, of_u), init, 1 / static_cast<double>(rank_), feature_variance);
    init::generator_weight_(weight.value().slice(0, of_u), init, made.variance, feature_variance);
  }
  register_parameter("weight", weight);
  register_parameter("bias", bias);
}

Variable WeightHead::operator()(const Variable& e) const {
  const Variable numbers = linear(e, weight, bias);
  Shape shape = shape_;
  shape.insert(0, e.size(0));
  if (rank_ == 0) return reshape(numbers, shape);
  const int64_t n = e.size(0), rows = shape_[0], columns = columns_of(shape_);
  const Variable u = reshape(slice(numbers, 1, 0, rank_ * rows), {n, rows, rank_});
  const Variable v = reshape(slice(numbers, 1, rank_ * rows), {n, columns, rank_});
  return reshape(matmul(u, transpose(v)), shape);
}

FullGenerator::FullGenerator(Targets targets, WeightGeneratorOptions options, RandomStream& init)
    : FullGenerator("FullGenerator", std::move(targets), std::move(options), 0, init) {}

FullGenerator::FullGenerator(std::string_view kind, Targets targets_of, WeightGeneratorOptions options_of, int64_t rank,
                             RandomStream& init)
    : WeightGenerator(kind, std::move(targets_of), std::move(options_of), 0, init) {
  // Name and shape -> head. The means and variances that targets state are no part of it: they are those of drawn
  // values, different for any two, and which weights share a head must not hang on a draw.
  std::map<std::string, int64_t> known;
  std::vector<GeneratedWeight> starts;  // of each head: the mean of its targets'
  std::vector<double> uses;
  for (const TargetWeights& target : targets()) {
    std::vector<int64_t>& heads = heads_of_.emplace_back();
    for (const GeneratedWeight& made : target) {
      const auto [head, is_new] = known.try_emplace(made.name + " " + to_string(made.shape), std::ssize(starts));
      heads.push_back(head->second);
      if (is_new) {
        starts.push_back(made);
        uses.push_back(1);
        continue;
      }
      const auto number = static_cast<size_t>(head->second);
      GeneratedWeight& start = starts[number];
      const double count = ++uses[number];
      start.mean += (made.mean - start.mean) / count;
      start.variance += (made.variance - start.variance) / count;
    }
  }
  for (const GeneratedWeight& start : starts) {
    heads_.append(std::make_unique<WeightHead>(start, feature_size(), options().embedding_variance, rank, init));
  }
  register_child("heads", heads_);
}

nn::Weights FullGenerator::make(int64_t target, const Variable& input) {
  const auto number = static_cast<size_t>(target);
  const Variable e = features(input);
  nn::Weights weights;
  for (size_t i = 0; i < heads_of_[number].size(); ++i) {
    weights[targets()[number][i].name] = heads_[heads_of_[number][i]](e);
  }
  return weights;
}

LowRankGenerator::LowRankGenerator(Targets targets, int64_t rank, WeightGeneratorOptions options, RandomStream& init)
    : FullGenerator("LowRankGenerator", std::move(targets), std::move(options), checked_rank(rank), init) {}

}  // namespace weft::hyper
