// datasets/derived_stream.h: a random stream of its own for each pair of numbers
#pragma once
#include "tensor/random.h"

namespace weft::datasets {

/// A stream that (seed, a, b) alone determine, for example by epoch and batch: whoever works on b needs nothing of what
/// was drawn for b - 1. Its seed is a Philox block of the numbers, so streams of different numbers are unrelated.
inline RandomStream derived_stream(uint64_t seed, uint64_t a, uint64_t b) {
  const auto word = [](uint64_t x, int shift) { return static_cast<uint32_t>(x >> shift); };
  const auto bits = philox4x32({word(a, 0), word(a, 32), word(b, 0), word(b, 32)}, {word(seed, 0), word(seed, 32)});
  return {uint64_t{bits[0]} << 32 | bits[1], bits[2]};
}

/// A stream of its own for the next of a row of tasks; `parent` moves on by one, however much the task draws.
inline RandomStream split_off(RandomStream& parent) {
  const uint64_t position = parent.position();
  parent.set_position(position + 1);
  return derived_stream(parent.seed(), parent.stream(), position);
}

}  // namespace weft::datasets
