// autograd/tabulate.h: a tensor of numbers that a function of their place gives
#pragma once
#include <type_traits>

#include "tensor/create.h"

namespace weft {

/// [f(0), f(1), ...], `count` of them, of the type that f gives, computed on the host.  Throws: no memory for so many.
template <class F>
Tensor tabulate(int64_t count, Device device, const F& f) {
  using T = std::invoke_result_t<F, int64_t>;
  const Tensor table = empty({count}, {.dtype = dtype_of<T>, .device = cpu});
  T* const data = table.data<T>();
  for (int64_t i = 0; i < count; ++i) data[i] = f(i);
  return table.to(device);
}

}  // namespace weft
