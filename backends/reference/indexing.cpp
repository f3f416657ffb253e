// backends/reference/indexing.cpp: reading and writing at computed positions
//
// All loops walk over index. An element of x lies at its own place along every axis but one, where index says how far
// to step: so x is walked with stride 0 along that axis.
#include "backends/check_index.h"
#include "backends/reference/reference_backend.h"
#include "backends/strided_loop.h"

namespace weft {

// y[i, j, k] = x[i, index[i, j, k], k]   for axis 1
void ReferenceBackend::gather(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& y) {
  check_indices("gather", index, axis, x.size(axis));
  const int64_t step = x.strides()[axis];
  const int64_t* position = index.data<int64_t>();
  visit_stored(y.dtype(), [&]<class T>(TypeTag<T>) {
    const T* from = x.data<T>();
    T* to = y.data<T>();
    for_each_element(index.shape(), {strides_without(x, axis), index.strides(), y.strides()},
                     [&](int64_t xi, int64_t ii, int64_t yi) { to[yi] = from[xi + position[ii] * step]; });
  });
}

// y[i, index[i, j, k], k] = source[i, j, k]   for axis 1
void ReferenceBackend::scatter(const Tensor& y, int64_t axis, const Tensor& index, const Tensor& source) {
  check_indices("scatter", index, axis, y.size(axis));
  const int64_t step = y.strides()[axis];
  const int64_t* position = index.data<int64_t>();
  visit_stored(y.dtype(), [&]<class T>(TypeTag<T>) {
    const T* from = source.data<T>();
    T* to = y.data<T>();
    for_each_element(index.shape(), {strides_without(y, axis), index.strides(), source.strides()},
                     [&](int64_t yi, int64_t ii, int64_t si) { to[yi + position[ii] * step] = from[si]; });
  });
}

// y[i, index[i, j, k], k] += source[i, j, k]   for axis 1
void ReferenceBackend::scatter_add(const Tensor& y, int64_t axis, const Tensor& index, const Tensor& source) {
  check_indices("scatter_add", index, axis, y.size(axis));
  const int64_t step = y.strides()[axis];
  const int64_t* position = index.data<int64_t>();
  visit_dtype(y.dtype(), [&]<class T>(TypeTag<T>) {
    const T* from = source.data<T>();
    T* to = y.data<T>();
    for_each_element(index.shape(), {strides_without(y, axis), index.strides(), source.strides()},
                     [&](int64_t yi, int64_t ii, int64_t si) {
                       T& element = to[yi + position[ii] * step];
                       element = Binary<BinaryOp::add>::apply(element, from[si]);
                     });
  });
}

}  // namespace weft
