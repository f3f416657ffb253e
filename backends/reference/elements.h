// backends/reference/elements.h: x(n, c, i, j), the element of a strided tensor as a formula writes it
#pragma once
#include "tensor/tensor.h"

namespace weft {

/// One index an axis; indices are not checked.
template <class T>
class Elements {
 public:
  explicit Elements(const Tensor& x) : data_(x.data<T>()), strides_(x.strides()) {}

  template <class... Index>
  T& operator()(Index... index) const {
    int64_t offset = 0, axis = 0;
    ((offset += index * strides_[axis++]), ...);
    return data_[offset];
  }

 private:
  T* data_;
  Strides strides_;
};

}  // namespace weft
