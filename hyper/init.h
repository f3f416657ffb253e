// hyper/init.h: initialisers of networks that make weights. Each fills a floating tensor in place
#pragma once
#include "nn/init.h"

namespace weft::hyper::init {

/// Ha, Dai and Le 2016, appendix A.2, and the authors' code. Together they make every scale start as 0.1 (after
/// Cooijmans et al. 2016) and every generated bias as 0.
///
/// In the roles h and x all components of an embedding start alike, in what makes them and in what reads them. So they
/// have the same gradient at the first step and, with optimisers that treat every element the same, at every later one:
/// but for rounding, an embedding of any size does what one of size 1 does. Components part when their weights start
/// apart, as those of the role b do; after the cell is made:
///   nn::init::normal_(cell.embeddings.weight.value(), streams.init, 0, 0.01);
///
/// Embeddings::weight [3, ...]: 0 in the roles h and x, normal of deviation 0.01 in the role b.
void embedding_weight_(const Tensor& weight, RandomStream& init);
/// Embeddings::bias: 1.
void embedding_bias_(const Tensor& bias);
/// The weight [3, ..., embedding_size] of scaled_gates: 0.1 / embedding_size in the roles h and x, 0 in the role b.
void scale_weight_(const Tensor& weight);

/// The weights of x [rows, input] and of h [rows, hidden], Glorot uniform as the one matrix of (x, h) that they are.
void xavier_uniform_of_both_(const Tensor& of_x, const Tensor& of_h, RandomStream& init);
/// Normal, redrawn until within two deviations of the mean: what the authors' notebook starts its kernels from.
void truncated_normal_(const Tensor& weight, RandomStream& init, double mean, double deviation);

/// What Chang, Flokas and Lipson 2020 need to know of a linear generator W = H e + beta, e of mean 0.
struct HyperfanOptions {
  nn::init::Fans fans;            ///< of the generated weight: nn::init::fans_of
  double embedding_variance = 1;  ///< Var[e]
  bool relu = false;              ///< a relu follows the generated layer: twice the variance
  bool bias_generated = false;    ///< the layer's bias is generated too and gets its part
};

/// Normal initialisers of H [elements of the generated tensor, N_e] that let the layer with the generated weight keep
/// the variance of what passes through it, forward (in) or backward (out):
///   hyperfan-in    Var[H] = 1 / (fan_in N_e Var[e]), half of that when the bias is generated too
///   hyperfan-out   Var[H] = 1 / (fan_out N_e Var[e]); a bias does not touch the backward pass
/// and of the generator of a bias:
///   hyperfan-in    Var[H] = 1 / (2 N_e Var[e])
///   hyperfan-out   Var[H] = max(0, 1 - fan_in / fan_out) / (N_e Var[e]), the forward variance that the weight lacks
/// each twice with relu.  Throws: not two axes, a fan or a variance that is not positive.
void hyperfan_in_(const Tensor& h, RandomStream& init, const HyperfanOptions& options);
void hyperfan_out_(const Tensor& h, RandomStream& init, const HyperfanOptions& options);
void hyperfan_in_bias_(const Tensor& h, RandomStream& init, const HyperfanOptions& options);
void hyperfan_out_bias_(const Tensor& h, RandomStream& init, const HyperfanOptions& options);

/// The variance that the generated weight or bias has with each of these: Var[H] N_e Var[e].
double hyperfan_in_variance(const HyperfanOptions& options);
double hyperfan_out_variance(const HyperfanOptions& options);
double hyperfan_in_bias_variance(const HyperfanOptions& options);
double hyperfan_out_bias_variance(const HyperfanOptions& options);

/// Normal, of the variance that makes H e have `variance`; H [elements, N_e], `embedding_variance` the mean square of
/// an element of e.  Throws: not two axes, an embedding_variance that is not positive.
void generator_weight_(const Tensor& h, RandomStream& init, double variance, double embedding_variance);

}  // namespace weft::hyper::init
