// autograd/sort.cpp: sorting and its derivative; the indices are saved
//
//   y = x[indices]        dx = ungather(dy, indices)
#include "autograd/sort.h"

#include "autograd/indexing.h"
#include "autograd/node.h"

namespace weft {
namespace {

SortedVariable recorded(std::string_view op, const Variable& x, int64_t axis, const Sorted& y) {
  const Saves saves = Saves::nothing().with({y.indices});
  const Variable values = record(op, {x}, y.values, saves, [axis](Node& n, const Variable& dy) {
    if (n.input_shape(0).empty()) n.add_grad(0, dy);  // one element, which stays where it is
    else n.add_grad(0, ungather(dy, axis, n.extra(0), n.input_shape(0)));
  });
  return {values, y.indices};
}

}  // namespace

SortedVariable sort(const Variable& x, int64_t axis, SortOrder order) {
  return recorded("sort", x, axis, sort(x.value(), axis, order));
}

SortedVariable topk(const Variable& x, int64_t count, int64_t axis, SortOrder order) {
  return recorded("topk", x, axis, topk(x.value(), count, axis, order));
}

}  // namespace weft
