// hyper/init.cpp: initialisers of networks that make weights
#include "hyper/init.h"

#include <algorithm>
#include <cmath>

#include "tensor/join.h"
#include "tensor/random.h"

namespace weft::hyper::init {
namespace {

constexpr double kFirstScale = 0.1;
constexpr double kBiasEmbeddingDeviation = 0.01;

/// With relu twice the variance.  Throws: a fan below 1, which the caller may have divided by.
double scaled(const HyperfanOptions& options, double variance) {
  if (options.fans.in < 1 || options.fans.out < 1) {
    fail("hyperfan", "fans {} in, {} out; hint: both are at least 1", options.fans.in, options.fans.out);
  }
  return options.relu ? 2 * variance : variance;
}

}  // namespace

void embedding_weight_(const Tensor& weight, RandomStream& init) {
  nn::init::zeros_(weight.slice(0, 0, 2));
  nn::init::normal_(weight.select(0, 2), init, 0, kBiasEmbeddingDeviation);
}

void embedding_bias_(const Tensor& bias) { nn::init::ones_(bias); }

void scale_weight_(const Tensor& weight) {
  nn::init::constant_(weight.slice(0, 0, 2), kFirstScale / static_cast<double>(weight.size(-1)));
  nn::init::zeros_(weight.select(0, 2));
}

void xavier_uniform_of_both_(const Tensor& of_x, const Tensor& of_h, RandomStream& init) {
  const Tensor both = cat({of_x, of_h}, 1);
  nn::init::xavier_uniform_(both, init);
  of_x.copy_(both.slice(1, 0, of_x.size(1)));
  of_h.copy_(both.slice(1, of_x.size(1)));
}

void truncated_normal_(const Tensor& weight, RandomStream& init, double mean, double deviation) {
  weight.copy_(random_truncated_normal(weight.shape(), init, mean, deviation, {weight.dtype(), weight.device()}));
}

void generator_weight_(const Tensor& h, RandomStream& init, double variance, double embedding_variance) {
  if (h.rank() != 2 || !(embedding_variance > 0)) {
    fail("generator_weight_", "h is {}, embedding_variance {}; hint: [elements, N_e], positive", h.describe(),
         embedding_variance);
  }
  nn::init::normal_(h, init, 0, std::sqrt(variance / (static_cast<double>(h.size(1)) * embedding_variance)));
}

double hyperfan_in_variance(const HyperfanOptions& options) {
  return scaled(options, (options.bias_generated ? 0.5 : 1) / static_cast<double>(options.fans.in));
}

double hyperfan_out_variance(const HyperfanOptions& options) {
  return scaled(options, 1 / static_cast<double>(options.fans.out));
}

double hyperfan_in_bias_variance(const HyperfanOptions& options) { return scaled(options, 0.5); }

double hyperfan_out_bias_variance(const HyperfanOptions& options) {
  return scaled(options,
                std::max(0.0, 1 - static_cast<double>(options.fans.in) / static_cast<double>(options.fans.out)));
}

void hyperfan_in_(const Tensor& h, RandomStream& init, const HyperfanOptions& options) {
  generator_weight_(h, init, hyperfan_in_variance(options), options.embedding_variance);
}

void hyperfan_out_(const Tensor& h, RandomStream& init, const HyperfanOptions& options) {
  generator_weight_(h, init, hyperfan_out_variance(options), options.embedding_variance);
}

void hyperfan_in_bias_(const Tensor& h, RandomStream& init, const HyperfanOptions& options) {
  generator_weight_(h, init, hyperfan_in_bias_variance(options), options.embedding_variance);
}

void hyperfan_out_bias_(const Tensor& h, RandomStream& init, const HyperfanOptions& options) {
  generator_weight_(h, init, hyperfan_out_bias_variance(options), options.embedding_variance);
}

}  // namespace weft::hyper::init
