// hyper/models/coordinate_net.h: a network whose first matrix is painted from coordinates
#pragma once
#include <memory>

#include "hyper/models/kernel.h"
#include "nn/nn.h"

namespace weft::hyper {

/// Paints the weight between a grid of units and a grid of pixels (Ha, Dai and Le 2016, appendix A.1, after Stanley et
/// al. 2009):
///   W[u, p] = g(x_p, y_p, x_u, y_u) / sqrt(pixels)
///   g = linear 4 -> 25, relu, linear 25 -> 25, relu, linear 25 -> 1: 801 parameters
/// Pixels and units are numbered row by row. x is the column, y the row, each from -1 (first) to 1 (last), so that both
/// grids cover the same square. The division is the scale that a matrix of so many inputs starts with.
/// Init: weights He normal for relu, biases as nn::Linear's.
class Painter : public nn::Module {
 public:
  /// Throws: a grid of less than 2 x 2.
  Painter(int64_t pixel_side, int64_t unit_side, RandomStream& init);
  std::string_view kind() const override { return "Painter"; }

  /// The weight [unit_side^2, pixel_side^2].
  Variable operator()();

 private:
  int64_t pixel_side_, unit_side_;
  nn::Linear first_, second_, last_;
};

/// linear 784->256 (free or painted; bias), relu, linear 256->10. x [n, 1, 28, 28] in 0..1 -> logits [n, 10]. The 256
/// hidden units stand on a 16 x 16 grid.  203,530 parameters free, 3,627 painted.
class CoordinateNet : public nn::Layer {
 public:
  CoordinateNet(Kernel kernel, RandomStream& init);
  std::string_view kind() const override { return "CoordinateNet"; }
  Variable operator()(const Variable& x) override;

  /// The matrix [256, 784], learnt or painted.
  Variable hidden_weight();
  /// The same as filters by the units' place on their grid, [16, 16, 28, 28].
  Variable filters();

 private:
  nn::Parameter weight_;              ///< free
  std::unique_ptr<Painter> painter_;  ///< generated
  nn::Parameter bias_;
  nn::Linear classifier_;
};

}  // namespace weft::hyper
