// backends/gpu/pack.h: elements that a thread moves at once
#pragma once
#include "backends/gpu/gpu.h"

namespace weft::WEFT_GPU {

/// Elements that are loaded and stored together.
template <class T, int width>
struct alignas(sizeof(T) * width) Pack {
  T at[width];
};

/// As many as one instruction moves: 16 bytes.
template <class T>
inline constexpr int kPackWidth = 16 / static_cast<int>(sizeof(T));

}  // namespace weft::WEFT_GPU
