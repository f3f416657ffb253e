// autograd/indexing.cpp: reading and writing at computed positions; the index is saved
//
//   y = gather(x, i)               dx = ungather(dy, i)
//   y = scatter(x, i, v)           dx = scatter(dy, i, 0)        dv = gather(dy, i) where v stayed
//   y = scatter_add(x, i, v)       dx = dy                       dv = gather(dy, i)
//   y = ungather(v, i)                                           dv = gather(dy, i)
//   y = index_select(x, i)         dx = ungather(dy, i)
//   y = index_add(x, i, v, a)      dx = dy                       dv = a index_select(dy, i)
//   y = index_copy(x, i, v)        dx = index_fill(dy, i, 0)     dv = index_select(dy, i) where v stayed
//   y = index_fill(x, i, number)   dx = index_fill(dy, i, 0)
//   take_along_dim is a gather, masked_select an index_select, index_put an index_copy or index_add of flattened axes.
#include "autograd/indexing.h"

#include "autograd/elementwise.h"
#include "autograd/node.h"
#include "autograd/view.h"

namespace weft {
namespace {

Saves saved(const Tensor& index) { return Saves::nothing().with({index}); }

}  // namespace

Variable gather(const Variable& x, int64_t axis, const Tensor& index) {
  return record("gather", {x}, gather(x.value(), axis, index), saved(index), [axis](Node& n, const Variable& dy) {
    n.add_grad(0, ungather(dy, axis, n.extra(0), n.input_shape(0)));
  });
}

Variable take_along_dim(const Variable& x, const Tensor& index, std::optional<int64_t> axis) {
  if (!axis) return gather(reshape(x, {-1}), 0, index.reshape({-1}));
  const Along along = along_dim(x.value(), index, *axis);
  return gather(expand(x, along.source), along.axis, along.index);
}

Variable scatter(const Variable& x, int64_t axis, const Tensor& index, const Variable& source) {
  const Tensor y = scatter(x.value(), axis, index, source.value());
  return record("scatter", {x, source}, y, saved(index), [axis](Node& n, const Variable& dy) {
    const Tensor& index = n.extra(0);
    if (n.wants(0)) n.add_grad(0, scatter(dy, axis, index, 0));
    if (n.wants(1)) n.add_grad(1, where(last_writers(dy.shape(), axis, index), gather(dy, axis, index), 0));
  });
}

Variable scatter(const Variable& x, int64_t axis, const Tensor& index, Scalar value) {
  return record("scatter", {x}, scatter(x.value(), axis, index, value), saved(index),
                [axis](Node& n, const Variable& dy) { n.add_grad(0, scatter(dy, axis, n.extra(0), 0)); });
}

Variable scatter_add(const Variable& x, int64_t axis, const Tensor& index, const Variable& source) {
  const Tensor y = scatter_add(x.value(), axis, index, source.value());
  return record("scatter_add", {x, source}, y, saved(index), [axis](Node& n, const Variable& dy) {
    if (n.wants(0)) n.add_grad(0, dy);
    if (n.wants(1)) n.add_grad(1, gather(dy, axis, n.extra(0)));
  });
}

Variable ungather(const Variable& source, int64_t axis, const Tensor& index, const Shape& shape) {
  return record("ungather", {source}, ungather(source.value(), axis, index, shape), saved(index),
                [axis](Node& n, const Variable& dy) { n.add_grad(0, gather(dy, axis, n.extra(0))); });
}

Variable index_select(const Variable& x, int64_t axis, const Tensor& index) {
  const Tensor y = index_select(x.value(), axis, index);
  return record("index_select", {x}, y, saved(index), [axis](Node& n, const Variable& dy) {
    n.add_grad(0, ungather(dy, axis, index_of_slices(n.extra(0), axis, dy.shape()), n.input_shape(0)));
  });
}

Variable index_add(const Variable& x, int64_t axis, const Tensor& index, const Variable& source, Scalar alpha) {
  const Tensor y = index_add(x.value(), axis, index, source.value(), alpha);
  return record("index_add", {x, source}, y, saved(index), [axis, alpha](Node& n, const Variable& dy) {
    if (n.wants(0)) n.add_grad(0, dy);
    if (n.wants(1)) n.add_grad(1, index_select(dy, axis, n.extra(0)) * alpha);
  });
}

Variable index_copy(const Variable& x, int64_t axis, const Tensor& index, const Variable& source) {
  const Tensor y = index_copy(x.value(), axis, index, source.value());
  return record("index_copy", {x, source}, y, saved(index), [axis](Node& n, const Variable& dy) {
    const Tensor& index = n.extra(0);
    if (n.wants(0)) n.add_grad(0, index_fill(dy, axis, index, 0));
    if (!n.wants(1)) return;
    Shape aligned = Shape::filled(dy.rank(), 1);
    aligned[normalize_axis("index_copy", axis, dy.rank())] = index.numel();
    const Tensor stays = last_writers({dy.size(axis)}, 0, index).reshape(aligned);
    n.add_grad(1, where(stays, index_select(dy, axis, index), 0));
  });
}

Variable index_fill(const Variable& x, int64_t axis, const Tensor& index, Scalar value) {
  return record("index_fill", {x}, index_fill(x.value(), axis, index, value), saved(index),
                [axis](Node& n, const Variable& dy) { n.add_grad(0, index_fill(dy, axis, n.extra(0), 0)); });
}

Variable index_put(const Variable& x, std::span<const Tensor> indices, const Variable& values, Accumulate accumulate) {
  const IndexedSlices at = indexed_slices(x.value(), indices, values.value());
  const Variable flat = reshape(x, at.flat), rows = reshape(expand(values, at.values), at.rows);
  const Variable y =
      accumulate == Accumulate::yes ? index_add(flat, 0, at.position, rows) : index_copy(flat, 0, at.position, rows);
  return reshape(y, x.shape());
}

Variable masked_select(const Variable& x, const Tensor& mask) {
  const Picked picked = picked_by(x.value(), mask);
  return index_select(reshape(expand(x, picked.shape), {-1}), 0, picked.position);
}

}  // namespace weft
