// hyper/models/coordinate_net.cpp: a network whose first matrix is painted from coordinates
#include "hyper/models/coordinate_net.h"

#include <cmath>

#include "tensor/create.h"

namespace weft::hyper {
namespace {

constexpr int64_t kImageSide = 28, kUnitSide = 16, kDigits = 10, kPainterUnits = 25;
constexpr int64_t kPixels = kImageSide * kImageSide, kUnits = kUnitSide * kUnitSide;

/// (x, y) of every place of a side x side grid, row by row, in -1..1: [side * side, 2], of the dtype of `like`.
Tensor grid(int64_t side, const Tensor& like) {
  std::vector<float> places;
  const auto at = [&](int64_t i) { return 2 * static_cast<float>(i) / static_cast<float>(side - 1) - 1; };
  for (int64_t row = 0; row < side; ++row) {
    for (int64_t column = 0; column < side; ++column) places.insert(places.end(), {at(column), at(row)});
  }
  return from_data(places, {side * side, 2}, cpu).to(like.dtype()).to(like.device());
}

}  // namespace

Painter::Painter(int64_t pixel_side, int64_t unit_side, RandomStream& init)
    : pixel_side_(pixel_side),
      unit_side_(unit_side),
      first_(4, kPainterUnits, init),
      second_(kPainterUnits, kPainterUnits, init),
      last_(kPainterUnits, 1, init) {
  if (pixel_side < 2 || unit_side < 2) {
    fail("Painter", "pixel_side is {}, unit_side {}; hint: coordinates need a grid of 2 x 2 or more", pixel_side,
         unit_side);
  }
  for (nn::Linear* layer : {&first_, &second_, &last_}) nn::init::kaiming_normal_(layer->weight.value(), init);
  register_child("first", first_);
  register_child("second", second_);
  register_child("last", last_);
}

Variable Painter::operator()() {
  const Tensor like = first_.weight.value();
  const int64_t pixels = pixel_side_ * pixel_side_, units = unit_side_ * unit_side_;
  // The first layer is linear: what the pixel and what the unit adds is computed once each, not once a pair.
  const Variable of_pixels = linear(grid(pixel_side_, like), slice(first_.weight, 1, 0, 2), first_.bias);
  const Variable of_units = linear(grid(unit_side_, like), slice(first_.weight, 1, 2, 4));
  const Variable pairs = reshape(of_units, {units, 1, kPainterUnits}) + reshape(of_pixels, {1, pixels, kPainterUnits});
  const Variable painted = last_(relu(second_(relu(pairs))));
  return reshape(painted, {units, pixels}) * (1 / std::sqrt(static_cast<double>(pixels)));
}

CoordinateNet::CoordinateNet(Kernel kernel, RandomStream& init) : classifier_(kUnits, kDigits, init) {
  if (kernel == Kernel::free) {
    weight_ = nn::Parameter(empty({kUnits, kPixels}));
    nn::init::kaiming_normal_(weight_.value(), init);
    register_parameter("weight", weight_);
  } else {
    painter_ = std::make_unique<Painter>(kImageSide, kUnitSide, init);
    register_child("painter", *painter_);
  }
  bias_ = nn::Parameter(zeros({kUnits}));
  register_parameter("bias", bias_);
  register_child("classifier", classifier_);
}

Variable CoordinateNet::hidden_weight() { return painter_ ? (*painter_)() : Variable(weight_); }

Variable CoordinateNet::filters() { return reshape(hidden_weight(), {kUnitSide, kUnitSide, kImageSide, kImageSide}); }

Variable CoordinateNet::operator()(const Variable& x) {
  if (x.rank() != 4 || x.size(1) != 1 || x.size(2) != kImageSide || x.size(3) != kImageSide) {
    fail("CoordinateNet", "x is {}; hint: grey images, [n, 1, 28, 28]", x.value().describe());
  }
  return classifier_(relu(linear(flatten(x, 1), hidden_weight(), bias_)));
}

}  // namespace weft::hyper
