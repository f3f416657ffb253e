// backends/cpu/reduce_fold.h: the typed part of a reduction, on runs of elements
//
// How a reduction is cut and walked is the same for all dtypes and is compiled once, in reduce.cpp.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>

#include "tensor/backend.h"

namespace weft::cpu_kernels {

/// Folds elements of x into totals, which are wider than x where that keeps more digits, and stores totals in y.
/// Positions and strides of x and y are in elements.
class Fold {
 public:
  virtual ~Fold() = default;
  /// Bytes of one total.
  virtual int64_t total_size() const = 0;
  /// totals[i] = what the fold starts with when x[at + i * stride] is its first element, which is not counted yet.
  virtual void start(int64_t at, int64_t stride, int64_t count, std::byte* totals) const = 0;
  /// Folds x[at + i * stride] into one total.
  virtual void add_run(int64_t at, int64_t stride, int64_t count, std::byte* total) const = 0;
  /// Folds x[at + r * row_stride + i * stride] into totals[i], one row after the other.
  virtual void add_rows(int64_t at, int64_t row_stride, int64_t rows, int64_t stride, int64_t count,
                        std::byte* totals) const = 0;
  /// Folds more[i] into totals[i].
  virtual void add_totals(const std::byte* more, int64_t count, std::byte* totals) const = 0;
  /// y[at + i * stride] = totals[i].
  virtual void store(const std::byte* totals, int64_t at, int64_t stride, int64_t count) const = 0;
};

std::unique_ptr<const Fold> make_fold(ReduceOp op, const Tensor& x, const Tensor& y);

}  // namespace weft::cpu_kernels
