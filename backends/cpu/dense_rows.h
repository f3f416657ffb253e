// backends/cpu/dense_rows.h: matrices whose rows are dense, though not always side by side
#pragma once
#include <initializer_list>

#include "tensor/tensor.h"

namespace weft::cpu_kernels {

/// Row by row; the last axis has stride 1.
template <class T>
struct Rows {
  T* data;
  int64_t stride;

  explicit Rows(const Tensor& x) : data(x.data<T>()), stride(x.strides()[0]) {}
  T* operator[](int64_t row) const { return data + row * stride; }
};

/// Whether Rows can take each of these matrices; undefined ones count as dense.
inline bool dense_rows(std::initializer_list<const Tensor*> tensors) {
  for (const Tensor* x : tensors) {
    if (x->defined() && x->size(1) > 1 && x->strides()[1] != 1) return false;
  }
  return true;
}

}  // namespace weft::cpu_kernels
