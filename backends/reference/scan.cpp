// backends/reference/scan.cpp: running sums and products
#include "backends/reference/accumulator.h"
#include "backends/reference/reference_backend.h"
#include "backends/strided_loop.h"

namespace weft {

namespace {

/// y_0 = x_0,  y_i = y_i-1 op x_i, from the end named.
template <class T, class Result, class Combine>
void scan_slices(const Tensor& x, const Tensor& y, int64_t axis, From end, Combine combine) {
  const int64_t size = x.shape()[axis];
  const int64_t x_step = x.strides()[axis], y_step = y.strides()[axis];
  Shape slices = x.shape();
  slices[axis] = 1;
  const T* from = x.data<T>();
  Result* to = y.data<Result>();
  for_each_element(slices, {x.strides(), y.strides()}, [&](int64_t xi, int64_t yi) {
    Accumulator<T> total{};
    for (int64_t step = 0; step < size; ++step) {
      const int64_t i = end == From::first ? step : size - 1 - step;
      const auto value = static_cast<Accumulator<T>>(from[xi + i * x_step]);
      total = step == 0 ? value : combine(total, value);
      to[yi + i * y_step] = static_cast<Result>(total);
    }
  });
}

}  // namespace

// y[i, j, k] = x[i, 0, k] op ... op x[i, j, k]   for axis 1
void ReferenceBackend::scan(ScanOp op, From from, const Tensor& x, int64_t axis, const Tensor& y) {
  visit_dtype(x.dtype(), [&]<class T>(TypeTag<T>) {
    using Result = std::conditional_t<std::is_floating_point_v<T>, T, int64_t>;
    switch (op) {
      case ScanOp::sum: return scan_slices<T, Result>(x, y, axis, from, [](auto a, auto b) { return a + b; });
      case ScanOp::prod: return scan_slices<T, Result>(x, y, axis, from, [](auto a, auto b) { return a * b; });
    }
  });
}

}  // namespace weft
