// tensor/batched.cpp: leading axes of matrices as one batch axis
#include "tensor/batched.h"

namespace weft {

Shape batch_of(const Tensor& x) {
  Shape batch = x.shape();
  batch.erase(batch.size() - 1);
  batch.erase(batch.size() - 1);
  return batch;
}

Shape with_matrix(Shape batch, int64_t rows, int64_t columns) {
  batch.push_back(rows);
  batch.push_back(columns);
  return batch;
}

Tensor one_batch_axis(const Tensor& x, const Shape& batch) {
  const int64_t rows = x.size(-2), columns = x.size(-1);
  const int64_t count = numel_of(batch);
  if (x.rank() == 2) return x.expand({count, rows, columns});
  return x.expand(with_matrix(batch, rows, columns)).reshape({count, rows, columns});
}

}  // namespace weft
