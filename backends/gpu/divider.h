// backends/gpu/divider.h: dividing by a number that is known before the launch
#pragma once
#include <bit>

#include "backends/gpu/gpu.h"

namespace weft::WEFT_GPU {

/// x / by for x >= 0. A card has no instruction for that: up to 2^31 - 1 it is a product with magic = 2^shift / by,
/// rounded up, and a shift. With L = log2(by), rounded up, and shift = 31 + L, magic by exceeds 2^shift by some
/// e < by <= 2^L, so that x magic / 2^shift exceeds x / by by x e / (2^shift by) < 1 / by: too little to reach the next
/// integer. (Granlund and Montgomery, "Division by invariant integers using multiplication", 1994.)
class Divider {
 public:
  explicit Divider(int64_t by) : by_(by) {
    if (by > INT32_MAX) return;  // every small x gives 0
    shift_ = 31 + std::bit_width(static_cast<uint64_t>(by - 1));
    magic_ = ((uint64_t{1} << shift_) + static_cast<uint64_t>(by) - 1) / static_cast<uint64_t>(by);
  }

  __device__ __forceinline__ int64_t quotient(int64_t x) const {
    if (x > INT32_MAX) return x / by_;
    return static_cast<int64_t>(static_cast<uint64_t>(static_cast<uint32_t>(x)) * magic_ >> shift_);
  }
  __host__ __device__ __forceinline__ int64_t by() const { return by_; }

 private:
  int64_t by_;
  uint32_t magic_ = 0;
  int shift_ = 0;
};

}  // namespace weft::WEFT_GPU
