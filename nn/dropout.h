// nn/dropout.h: dropout
#pragma once
#include "nn/module.h"
#include "tensor/random.h"

namespace weft::nn {

/// For constructors of layers that will call dropout.  Throws: p outside [0, 1].
void check_probability(double p);

/// While training each element is 0 with probability p, else x / (1 - p); in evaluation x itself (Srivastava et al.
/// 2014). Throws: p outside [0, 1].
Variable dropout(const Variable& x, double p, RandomStream& stream, bool training);
/// What dropout multiplies x by, of x's dtype and device, all drawn anew: for functions that multiply by it themselves.
/// Undefined where dropout leaves x alone.  Throws: p outside [0, 1].
Tensor dropout_mask(const Shape& shape, const Tensor& like, double p, RandomStream& stream, bool training);
/// The same for whole channels: one draw for each [n, channel] of x [n, channels, ...] (Tompson et al. 2015).
/// Throws: p outside [0, 1], fewer than 2 axes.
Variable dropout2d(const Variable& x, double p, RandomStream& stream, bool training);

class Dropout : public Layer {
 public:
  /// `stream` (usually Streams::dropout) must outlive the layer.  Throws: p outside [0, 1].
  Dropout(double p, RandomStream& stream);
  std::string_view kind() const override { return "Dropout"; }
  Variable operator()(const Variable& x) override;

 private:
  double p_;
  RandomStream& stream_;
};

class Dropout2d : public Layer {
 public:
  /// As Dropout.
  Dropout2d(double p, RandomStream& stream);
  std::string_view kind() const override { return "Dropout2d"; }
  Variable operator()(const Variable& x) override;

 private:
  double p_;
  RandomStream& stream_;
};

}  // namespace weft::nn
