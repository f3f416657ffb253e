// backends/emulator/random.h: the generator that draws the order of threads and blocks
#pragma once
#include <cstdint>

namespace weft::emulated_gpu {

/// SplitMix64 of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014).
class OrderRandom {
 public:
  explicit OrderRandom(uint64_t seed = 0) : state_(seed) {}
  uint64_t next() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
  }
  /// 0 .. n - 1.
  unsigned below(unsigned n) { return static_cast<unsigned>((next() >> 32) * n >> 32); }

 private:
  uint64_t state_;
};

}  // namespace weft::emulated_gpu
