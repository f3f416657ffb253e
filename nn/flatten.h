// nn/flatten.h: layers that change only the shape
#pragma once
#include "nn/module.h"

namespace weft::nn {

/// The axes start_dim .. end_dim as one: by default [n, a, b, ...] -> [n, a b ...].
class Flatten : public Layer {
 public:
  explicit Flatten(int64_t start_dim = 1, int64_t end_dim = -1) : start_dim_(start_dim), end_dim_(end_dim) {}
  std::string_view kind() const override { return "Flatten"; }
  Variable operator()(const Variable& x) override;

 private:
  int64_t start_dim_, end_dim_;
};

/// The axis `dim` cut into `sizes`, one of which may be -1: Unflatten(1, {2, -1}) makes [n, 6, l] to [n, 2, 3, l].
class Unflatten : public Layer {
 public:
  Unflatten(int64_t dim, Shape sizes) : dim_(dim), sizes_(sizes) {}
  std::string_view kind() const override { return "Unflatten"; }
  /// Throws: no axis `dim`, sizes that do not multiply up to its size.
  Variable operator()(const Variable& x) override;

 private:
  int64_t dim_;
  Shape sizes_;
};

}  // namespace weft::nn
