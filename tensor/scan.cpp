// tensor/scan.cpp: running sums and products
#include "tensor/scan.h"

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"

namespace weft {
namespace {

Tensor scan(std::string_view name, ScanOp op, const Tensor& x, int64_t axis, From from) {
  check_computes(name, x);
  if (is_row_of_one(x, axis)) return scan(name, op, x.reshape({1}), 0, from).reshape({});
  axis = normalize_axis(name, axis, x);
  Tensor y = empty(x.shape(), {.dtype = is_floating(x.dtype()) ? x.dtype() : DType::int64, .device = x.device()});
  if (y.numel() > 0) y.backend().scan(op, from, x, axis, y);
  return y;
}

}  // namespace

Tensor cumsum(const Tensor& x, int64_t axis, From from) { return scan("cumsum", ScanOp::sum, x, axis, from); }
Tensor cumprod(const Tensor& x, int64_t axis, From from) { return scan("cumprod", ScanOp::prod, x, axis, from); }

}  // namespace weft
