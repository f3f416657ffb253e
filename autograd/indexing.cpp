// autograd/indexing.cpp: gather and scatter_add, each the other's adjoint; the index is saved
//
//   y = gather(x, index)                     dx = scatter_add(zeros, index, dy)
//   y = scatter_add(x, index, source)        dx = dy       dsource = gather(dy, index)
//   y = index_select(x, index)               dx = scatter_add(zeros, index stretched over dy, dy)
#include "autograd/indexing.h"

#include "autograd/node.h"
#include "tensor/create.h"

namespace weft {
namespace {

Variable scatter_into_zeros(const Shape& shape, int64_t axis, const Tensor& index, const Variable& dy) {
  return scatter_add(zeros(shape, {.dtype = dy.dtype(), .device = dy.device()}), axis, index, dy);
}

}  // namespace

Variable gather(const Variable& x, int64_t axis, const Tensor& index) {
  const Saves saves = Saves::nothing().with({index});
  return record("gather", {x}, gather(x.value(), axis, index), saves, [axis](Node& n, const Variable& dy) {
    n.add_grad(0, scatter_into_zeros(n.input_shape(0), axis, n.extra(0), dy));
  });
}

Variable scatter_add(const Variable& x, int64_t axis, const Tensor& index, const Variable& source) {
  const Tensor y = scatter_add(x.value(), axis, index, source.value());
  const Saves saves = Saves::nothing().with({index});
  return record("scatter_add", {x, source}, y, saves, [axis](Node& n, const Variable& dy) {
    if (n.wants(0)) n.add_grad(0, dy);
    if (n.wants(1)) n.add_grad(1, gather(dy, axis, n.extra(0)));
  });
}

Variable index_select(const Variable& x, int64_t axis, const Tensor& index) {
  const Tensor y = index_select(x.value(), axis, index);
  const Saves saves = Saves::nothing().with({index});
  return record("index_select", {x}, y, saves, [axis](Node& n, const Variable& dy) {
    Shape shape = Shape::filled(dy.rank(), 1);
    shape[normalize_axis("index_select", axis, dy.rank())] = n.extra(0).numel();
    const Tensor index = n.extra(0).reshape(shape).expand(dy.shape());
    n.add_grad(0, scatter_into_zeros(n.input_shape(0), axis, index, dy));
  });
}

}  // namespace weft
