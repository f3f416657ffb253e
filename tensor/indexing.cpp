// tensor/indexing.cpp: reading and writing at computed positions
#include "tensor/indexing.h"

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"

namespace weft {
namespace {

/// Returns the axis counted from the front.
int64_t check_index(std::string_view op, const Tensor& x, int64_t axis, const Tensor& index) {
  check_same_device(op, x, index);
  check_int64(op, "the index", index);
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

void check_source(std::string_view op, const Tensor& x, const Tensor& source, const Shape& shape) {
  check_same_device(op, x, source);
  check_same_dtype(op, x, source);
  if (source.shape() != shape) {
    fail(op, "source is {}, and must have the shape {}: x is {}", source.describe(), to_string(shape), x.describe());
  }
}

void check_addable(std::string_view op, const Tensor& x) {
  check_computes(op, x);
  if (x.dtype() == DType::boolean) fail(op, "needs numbers: x is {}", x.describe());
}

/// Else a kernel would report, in its own name, a place in the stretched index that the caller never saw.
void check_positions(std::string_view op, const Tensor& x, int64_t axis, const Tensor& index) {
  if (const auto stray = find_stray_index(index, 0, x.shape()[axis]))
    fail(op, "index{} = {} is out of range: axis {} has size {}: x is {}", stray->place, stray->value, axis,
         x.shape()[axis], x.describe());
}

/// An index of whole slices as one with the rank of x, its shape that of the slices.
struct Slices {
  int64_t axis;
  Tensor index;
};

Slices slices_at(std::string_view op, const Tensor& x, int64_t axis, const Tensor& index) {
  check_rank(op, "the index", index, 1);
  check_same_device(op, x, index);
  check_int64(op, "the index", index);
  axis = normalize_axis(op, axis, x);
  check_positions(op, x, axis, index);
  Shape stretched = x.shape();
  stretched[axis] = index.size(0);
  return {axis, index_of_slices(index, axis, stretched)};
}

/// `shape` off `axis`, and there the size of x.
Shape with_size_of(const Tensor& x, int64_t axis, Shape shape) {
  shape[axis] = x.shape()[axis];
  return shape;
}

}  // namespace

Tensor gather(const Tensor& x, int64_t axis, const Tensor& index) {
  axis = check_index("gather", x, axis, index);
  Tensor y = empty(index.shape(), {.dtype = x.dtype(), .device = x.device()});
  if (y.numel() > 0) y.backend().gather(x, axis, index, y);
  return y;
}

Tensor take_along_dim(const Tensor& x, const Tensor& index, std::optional<int64_t> axis) {
  if (!axis) {
    check_same_device("take_along_dim", x, index);
    return gather(x.reshape({-1}), 0, index.reshape({-1}));
  }
  const Along along = along_dim(x, index, *axis);
  return gather(x.expand(along.source), along.axis, along.index);
}

Along along_dim(const Tensor& x, const Tensor& index, int64_t axis) {
  check_same_device("take_along_dim", x, index);
  const int64_t along = normalize_axis("take_along_dim", axis, x);
  if (index.rank() != x.rank()) {
    fail("take_along_dim", "ranks must agree: the index is {}, x is {}", index.describe(), x.describe());
  }
  Shape one = x.shape(), other = index.shape();
  one[along] = other[along] = 1;
  const Shape common = broadcast_shapes("take_along_dim", one, other);
  return {along, with_size_of(x, along, common), index.expand(with_size_of(index, along, common))};
}

Tensor scatter(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& source) {
  axis = check_index("scatter", x, axis, index);
  check_source("scatter", x, source, index.shape());
  Tensor y = x.clone();
  if (index.numel() > 0) y.backend().scatter(y, axis, index, source);
  return y;
}

Tensor scatter(const Tensor& x, int64_t axis, const Tensor& index, Scalar value) {
  check_same_device("scatter", x, index);
  check_fits("scatter", value, x.dtype());
  return scatter(x, axis, index, scalar(value, {.dtype = x.dtype(), .device = x.device()}).expand(index.shape()));
}

Tensor scatter_add(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& source) {
  axis = check_index("scatter_add", x, axis, index);
  check_source("scatter_add", x, source, index.shape());
  check_addable("scatter_add", x);
  Tensor y = x.clone();
  if (index.numel() > 0) y.backend().scatter_add(y, axis, index, source);
  return y;
}

Tensor ungather(const Tensor& source, int64_t axis, const Tensor& index, const Shape& shape) {
  check_addable("ungather", source);
  numel_of(shape, "ungather");
  const Tensor y = zeros(shape, {.dtype = source.dtype(), .device = source.device()});
  axis = check_index("ungather", y, axis, index);
  check_source("ungather", y, source, index.shape());
  if (index.numel() == 0) return y;
  try {
    y.backend().scatter_add(y, axis, index, source);
  } catch (const Error&) {  // of scatter_add, a function that the caller has not named
    const int64_t size = y.shape()[axis];
    const auto stray = find_stray_index(index, 0, size);
    if (!stray) throw;
    fail("ungather", "index{} = {} is out of range: axis {} of the result has {}", stray->place, stray->value, axis,
         size);
  }
  return y;
}

Tensor index_of_slices(const Tensor& index, int64_t axis, const Shape& shape) {
  Shape aligned = Dims::filled(shape.size(), 1);
  aligned[normalize_axis("index_of_slices", axis, shape.size())] = index.numel();
  return index.reshape(aligned).expand(shape);
}

Tensor index_select(const Tensor& x, int64_t axis, const Tensor& index) {
  const Slices at = slices_at("index_select", x, axis, index);
  check_allocatable("index_select", at.index.shape(), x.dtype());
  return gather(x, at.axis, at.index);
}

Tensor index_add(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& source, Scalar alpha) {
  const Slices at = slices_at("index_add", x, axis, index);
  check_source("index_add", x, source, at.index.shape());
  check_addable("index_add", x);
  if (!is_floating(x.dtype()) && is_floating(alpha.kind())) {
    fail("index_add", "{} cannot hold {} times the source; hint: to(DType::float32)", x.describe(), alpha.as<double>());
  }
  check_fits("index_add", alpha, x.dtype());
  return scatter_add(x, at.axis, at.index, alpha.as<double>() == 1 ? source : source * alpha);
}

Tensor index_copy(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& source) {
  const Slices at = slices_at("index_copy", x, axis, index);
  check_source("index_copy", x, source, at.index.shape());
  return scatter(x, at.axis, at.index, source);
}

Tensor index_fill(const Tensor& x, int64_t axis, const Tensor& index, Scalar value) {
  const Slices at = slices_at("index_fill", x, axis, index);
  check_fits("index_fill", value, x.dtype());
  return scatter(x, at.axis, at.index, value);
}

Tensor last_writers(const Shape& shape, int64_t axis, const Tensor& index) {
  const TensorOptions options{.dtype = DType::int64, .device = index.device()};
  const Tensor order = arange(0, index.numel(), 1, options).reshape(index.shape());
  const Tensor winner = scatter(zeros(shape, options), axis, index, order);
  return equal(gather(winner, axis, index), order);
}

}  // namespace weft
