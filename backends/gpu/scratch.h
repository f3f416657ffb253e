// backends/gpu/scratch.h: memory that a kernel's helper passes need
#pragma once
#include "backends/gpu/gpu.h"
#include "tensor/create.h"

namespace weft::WEFT_GPU {

/// Room on the card for `count` elements of any type, as long as this object lives. The pool counts it as it counts
/// tensors. What was launched before may still use it after its end: the stream runs in order.
template <class T>
class Scratch {
 public:
  Scratch(int64_t count, Device device)
      : bytes_(empty({count * static_cast<int64_t>(sizeof(T))}, {.dtype = DType::uint8, .device = device})) {}

  T* data() const { return reinterpret_cast<T*>(bytes_.raw_data()); }
  Device device() const { return bytes_.device(); }

 private:
  Tensor bytes_;
};

}  // namespace weft::WEFT_GPU
