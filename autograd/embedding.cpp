// autograd/embedding.cpp: rows of a table by number; saves the index
//
//   y = embedding(weight, index)      dweight = ungather(dy, index), dy being 0 where index is padding_idx
#include "autograd/embedding.h"

#include "autograd/indexing.h"
#include "autograd/node.h"
#include "autograd/view.h"
#include "autograd/where.h"
#include "tensor/elementwise.h"

namespace weft {

Variable embedding(const Variable& weight, const Tensor& index, std::optional<int64_t> padding_idx) {
  const Tensor y = embedding(weight.value(), index);
  const int64_t rows = weight.size(0);
  if (padding_idx && (*padding_idx < -rows || *padding_idx >= rows)) {
    fail("embedding", "padding_idx {} is out of range: weight is {}", *padding_idx, weight.value().describe());
  }
  const int64_t padding = padding_idx.value_or(-1) + (padding_idx && *padding_idx < 0 ? rows : 0);
  const Saves saves = Saves::nothing().with({index});
  return record("embedding", {weight}, y, saves, [padding](Node& n, const Variable& dy) {
    const Tensor flat = n.extra(0).reshape({-1});
    const Shape& shape = n.input_shape(0);
    Variable gradients = reshape(dy, {flat.numel(), shape[1]});
    if (padding >= 0) gradients = masked_fill(gradients, equal(flat, padding).unsqueeze(-1), 0);
    n.add_grad(0, ungather(gradients, 0, index_of_slices(flat, 0, gradients.shape()), shape));
  });
}

}  // namespace weft
