// hyper/init.cpp: initialisers of networks that make weights
#include "hyper/init.h"

#include <algorithm>
#include <cmath>

namespace weft::hyper::init {
namespace {

constexpr double kFirstScale = 0.1;
constexpr double kBiasEmbeddingDeviation = 0.01;

/// Normal, of the variance that makes H e have `variance`, which relu doubles.
void fill(const Tensor& h, RandomStream& init, const HyperfanOptions& options, double variance) {
  if (h.rank() != 2 || options.fans.in < 1 || options.fans.out < 1 || !(options.embedding_variance > 0)) {
    fail("hyperfan",
         "the generator's weight is {}, fans {} in, {} out, embedding_variance {}; hint: [elements, N_e], the others "
         "positive",
         h.describe(), options.fans.in, options.fans.out, options.embedding_variance);
  }
  const double sum = static_cast<double>(h.size(1)) * options.embedding_variance;
  nn::init::normal_(h, init, 0, std::sqrt((options.relu ? 2 : 1) * variance / sum));
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

void orthogonal_each_gate_(const Tensor& weight, int64_t gates, RandomStream& init) {
  for (int64_t gate = 0; gate < gates; ++gate) {
    const int64_t rows = weight.size(0) / gates;
    nn::init::orthogonal_(weight.slice(0, gate * rows, (gate + 1) * rows), init);
  }
}

void hyperfan_in_(const Tensor& h, RandomStream& init, const HyperfanOptions& options) {
  fill(h, init, options, (options.bias_generated ? 0.5 : 1) / static_cast<double>(options.fans.in));
}

void hyperfan_out_(const Tensor& h, RandomStream& init, const HyperfanOptions& options) {
  fill(h, init, options, 1 / static_cast<double>(options.fans.out));
}

void hyperfan_in_bias_(const Tensor& h, RandomStream& init, const HyperfanOptions& options) {
  fill(h, init, options, 0.5);
}

void hyperfan_out_bias_(const Tensor& h, RandomStream& init, const HyperfanOptions& options) {
  fill(h, init, options,
       std::max(0.0, 1 - static_cast<double>(options.fans.in) / static_cast<double>(options.fans.out)));
}

}  // namespace weft::hyper::init
