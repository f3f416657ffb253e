// tests/backends/against_reference.h: inputs of the cpu backend, and the backend it is compared with
#pragma once
#include "backends/cpu/isa.h"
#include "tensor/random.h"

namespace weft::test {

/// On cpu; the shape decides which numbers.
inline Tensor normal(const Shape& shape, DType dtype = DType::float32) {
  RandomStream stream(5, static_cast<uint32_t>(numel_of(shape)));
  return random_normal(shape, stream, 0, 1, {.dtype = dtype, .device = cpu});
}

inline Tensor plain(const Tensor& x) { return x.to(reference); }

/// For the life of a test.
struct RestoreIsa {
  cpu_kernels::Isa before = cpu_kernels::active_isa();
  ~RestoreIsa() { cpu_kernels::set_active_isa(before); }
};

}  // namespace weft::test
