// tensor/indexing.cpp: reading and adding at computed positions
#include "tensor/indexing.h"

#include <vector>

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"

namespace weft {
namespace {

/// Returns the axis counted from the front.
int64_t check_index(std::string_view op, const Tensor& x, int64_t axis, const Tensor& index) {
  check_same_device(op, x, index);
  if (index.dtype() != DType::int64) {
    fail(op, "the index must be int64: it is {}; hint: to(DType::int64)", index.describe());
  }
  axis = normalize_axis(op, axis, x);
  bool fits = index.rank() == x.rank();
  for (int64_t i = 0; fits && i < x.rank(); ++i) fits = i == axis || index.shape()[i] <= x.shape()[i];
  if (!fits) {
    fail(op, "the index is {}, x is {}: ranks must agree, and sizes off axis {} must not be larger than x's",
         index.describe(), x.describe(), axis);
  }
  if (x.shape()[axis] == 0 && index.numel() > 0) {
    fail(op, "every index is out of range: axis {} is empty: x is {}", axis, x.describe());
  }
  return axis;
}

/// Else gather would report, in its own name, a place in the stretched index that the caller never saw.
void check_positions(const Tensor& x, int64_t axis, const Tensor& index) {
  const std::vector<int64_t> positions = index.to_vector<int64_t>();
  for (size_t i = 0; i < positions.size(); ++i) {
    if (positions[i] >= 0 && positions[i] < x.shape()[axis]) continue;
    fail("index_select", "index[{}] = {} is out of range: axis {} has size {}: x is {}", i, positions[i], axis,
         x.shape()[axis], x.describe());
  }
}

}  // namespace

Tensor gather(const Tensor& x, int64_t axis, const Tensor& index) {
  axis = check_index("gather", x, axis, index);
  Tensor y = empty(index.shape(), {.dtype = x.dtype(), .device = x.device()});
  if (y.numel() > 0) y.backend().gather(x, axis, index, y);
  return y;
}

Tensor scatter_add(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& source) {
  axis = check_index("scatter_add", x, axis, index);
  check_same_device("scatter_add", x, source);
  check_same_dtype("scatter_add", x, source);
  if (x.dtype() == DType::boolean) fail("scatter_add", "needs numbers: x is {}", x.describe());
  if (source.shape() != index.shape()) {
    fail("scatter_add", "source is {}, and must have the index's shape {}", source.describe(),
         to_string(index.shape()));
  }
  Tensor y = x.clone();
  if (index.numel() > 0) y.backend().scatter_add(y, axis, index, source);
  return y;
}

Tensor index_select(const Tensor& x, int64_t axis, const Tensor& index) {
  check_rank("index_select", "the index", index, 1);
  check_defined("index_select", x);
  axis = normalize_axis("index_select", axis, x);
  Shape stretched = x.shape();
  stretched[axis] = index.size(0);
  Shape aligned = Dims::filled(x.rank(), 1);
  aligned[axis] = index.size(0);
  const Tensor everywhere = index.reshape(aligned).expand(stretched);
  check_index("index_select", x, axis, everywhere);
  check_positions(x, axis, index);
  return gather(x, axis, everywhere);
}

}  // namespace weft
