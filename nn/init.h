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
Fans fans_of(const Shape& shape);

enum class Fan : bool { in, out };
enum class Nonlinearity : uint8_t { linear, sigmoid, tanh, relu, leaky_relu, selu };
/// 1 (of convolutions too), 1, 5/3, sqrt(2), sqrt(2 / (1 + slope^2)), 3/4.  slope is read for leaky_relu only.
double calculate_gain(Nonlinearity nonlinearity, double slope = 0.01);

void constant_(const Tensor& x, double value);
void zeros_(const Tensor& x);
void ones_(const Tensor& x);
/// The identity, x [rows, columns].  Throws: not two axes.
void eye_(const Tensor& x);
/// A convolution that hands its input on: in each group, output channel i is input channel i.  x [out, in, k1, ...],
/// one to three kernel axes.  Throws: other axes, groups that do not divide out.
void dirac_(const Tensor& x, int64_t groups = 1);
void uniform_(const Tensor& x, RandomStream& init, double low = 0, double high = 1);
void normal_(const Tensor& x, RandomStream& init, double mean = 0, double deviation = 1);
/// Normal, cut to [low, high], bounds that do not move with mean and deviation; random_truncated_normal cuts at two
/// deviations.  Throws: no deviation above 0, bounds that do not rise or between which nothing of the normal lies.
void trunc_normal_(const Tensor& x, RandomStream& init, double mean = 0, double deviation = 1, double low = -2,
                   double high = 2);
/// Martens 2010: normal, and in each column the share `sparsity` of the rows, rounded up, is 0.  x [rows, columns].
/// Throws: not two axes, a share outside 0..1.
void sparse_(const Tensor& x, RandomStream& init, double sparsity, double deviation = 0.01);
/// Glorot and Bengio 2010: U(-a, a), a = gain sqrt(6 / (fan_in + fan_out)); N(0, gain^2 2 / (fan_in + fan_out)).
void xavier_uniform_(const Tensor& x, RandomStream& init, double gain = 1);
void xavier_normal_(const Tensor& x, RandomStream& init, double gain = 1);
/// He et al. 2015: U(-a, a), a = gain sqrt(3 / fan); N(0, gain^2 / fan). gain = calculate_gain(nonlinearity, slope).
void kaiming_uniform_(const Tensor& x, RandomStream& init, Nonlinearity nonlinearity = Nonlinearity::relu,
                      Fan fan = Fan::in, double slope = 0.01);
void kaiming_normal_(const Tensor& x, RandomStream& init, Nonlinearity nonlinearity = Nonlinearity::relu,
                     Fan fan = Fan::in, double slope = 0.01);
/// Saxe et al. 2013: rows (or columns, whichever are fewer) orthonormal, times gain; uniform over such matrices.
/// x [rows, ...] is taken as a matrix [rows, rest].  Throws: fewer than two axes.
void orthogonal_(const Tensor& x, RandomStream& init, double gain = 1);
/// The square matrices of `gates` gates below one another, [gates * hidden, hidden]: each orthogonal by itself.
void orthogonal_each_gate_(const Tensor& x, int64_t gates, RandomStream& init);

}  // namespace weft::nn::init
