// backends/reference/elementwise.cpp: choosing, copying, filling and adding, element by element
#include "backends/reference/reference_backend.h"
#include "backends/strided_loop.h"
#include "tensor/cast.h"

namespace weft {

// y[i] = condition[i] ? a[i] : b[i]
void ReferenceBackend::where(const Tensor& condition, const Tensor& a, const Tensor& b, const Tensor& y) {
  const bool* choose = condition.data<bool>();
  visit_stored(y.dtype(), [&]<class T>(TypeTag<T>) {
    const T* if_true = a.data<T>();
    const T* if_false = b.data<T>();
    T* to = y.data<T>();
    for_each_element(
        y.shape(), {condition.strides(), a.strides(), b.strides(), y.strides()},
        [&](int64_t ci, int64_t ai, int64_t bi, int64_t yi) { to[yi] = choose[ci] ? if_true[ai] : if_false[bi]; });
  });
}

// y[i] = x[i], cast to y's dtype
void ReferenceBackend::copy(const Tensor& x, const Tensor& y) {
  visit_stored(x.dtype(), [&]<class From>(TypeTag<From>) {
    visit_stored(y.dtype(), [&]<class To>(TypeTag<To>) {
      const From* from = x.data<From>();
      To* to = y.data<To>();
      for_each_element(y.shape(), {x.strides(), y.strides()},
                       [&](int64_t xi, int64_t yi) { to[yi] = cast_element<To>(from[xi]); });
    });
  });
}

// y[i] = value
void ReferenceBackend::fill(const Tensor& y, Scalar value) {
  visit_stored(y.dtype(), [&]<class T>(TypeTag<T>) {
    const T element = value.as<T>();
    T* to = y.data<T>();
    for_each_element(y.shape(), {y.strides()}, [&](int64_t yi) { to[yi] = element; });
  });
}

// y[i] = y[i] + alpha x[i]
void ReferenceBackend::axpy(double alpha, const Tensor& x, const Tensor& y) {
  visit_floating(y.dtype(), [&]<class T>(TypeTag<T>) {
    const T factor = static_cast<T>(alpha);
    const T* from = x.data<T>();
    T* to = y.data<T>();
    for_each_element(y.shape(), {x.strides(), y.strides()},
                     [&](int64_t xi, int64_t yi) { to[yi] += factor * from[xi]; });
  });
}

}  // namespace weft
