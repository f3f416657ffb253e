// nn/pair.h: a size for both axes of an image, or one for each
#pragma once
#include "tensor/shape.h"

namespace weft::nn {

/// 3 or {height, width}.
struct Pair {
  int64_t h, w;
  Pair(int64_t both) : h(both), w(both) {}
  Pair(int64_t height, int64_t width) : h(height), w(width) {}

  int64_t smallest() const { return h < w ? h : w; }
  Shape shape() const { return {h, w}; }
  bool operator==(const Pair&) const = default;
};

}  // namespace weft::nn
