// nn/init.h: initialisers. Each fills a floating tensor in place; names and defaults as torch.nn.init
#pragma once
#include "tensor/random.h"
#include "tensor/tensor.h"

namespace weft::nn::init {

/// fan_in = in_channels * receptive field, fan_out = out_channels * receptive field, of a weight [out, in, ...].
struct Fans {
  int64_t in, out;
};
/// Throws: fewer than two axes.
Fans fans_of(const Tensor& weight);

enum class Fan : bool { in, out };
enum class Nonlinearity : uint8_t { linear, sigmoid, tanh, relu };
/// 1, 1, 5/3, sqrt(2).
double calculate_gain(Nonlinearity nonlinearity);

void constant_(const Tensor& x, double value);
void zeros_(const Tensor& x);
void ones_(const Tensor& x);
void uniform_(const Tensor& x, RandomStream& init, double low = 0, double high = 1);
void normal_(const Tensor& x, RandomStream& init, double mean = 0, double deviation = 1);
/// Redrawn until within two deviations (TensorFlow's truncated_normal; torch's cuts at absolute bounds).
void trunc_normal_(const Tensor& x, RandomStream& init, double mean = 0, double deviation = 1);
/// Glorot and Bengio 2010: U(-a, a), a = gain sqrt(6 / (fan_in + fan_out)); N(0, gain^2 2 / (fan_in + fan_out)).
void xavier_uniform_(const Tensor& x, RandomStream& init, double gain = 1);
void xavier_normal_(const Tensor& x, RandomStream& init, double gain = 1);
/// He et al. 2015: U(-a, a), a = gain sqrt(3 / fan); N(0, gain^2 / fan).
void kaiming_uniform_(const Tensor& x, RandomStream& init, Nonlinearity nonlinearity = Nonlinearity::relu,
                      Fan fan = Fan::in);
void kaiming_normal_(const Tensor& x, RandomStream& init, Nonlinearity nonlinearity = Nonlinearity::relu,
                     Fan fan = Fan::in);
/// Saxe et al. 2013: rows (or columns, whichever are fewer) orthonormal, times gain; uniform over such matrices.
/// x [rows, ...] is taken as a matrix [rows, rest].  Throws: fewer than two axes.
void orthogonal_(const Tensor& x, RandomStream& init, double gain = 1);

}  // namespace weft::nn::init
