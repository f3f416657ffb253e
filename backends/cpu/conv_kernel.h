// backends/cpu/conv_kernel.h: the inner loop of all three convolutions
//
//   out[j][lane] += sum_k panel[k][lane] * image[row_offsets[k] + column_offsets[j]]
//
// It is a matrix product whose second operand is never written out: im2col by address. Lanes are output channels.
//   forward, input gradient:  k runs over kernel taps (channel, p, q), j over output pixels
//   weight gradient:          k runs over output pixels, j over kernel taps
#pragma once
#include <cstdint>

namespace weft::cpu_kernels {

inline constexpr int64_t kLanes = 16;
inline constexpr int64_t kMaxColumns = 8;

template <class T>
struct PanelProduct {
  const T* panel;  ///< [depth][kLanes]
  const T* image;
  const int64_t* row_offsets;     ///< [depth]
  const int64_t* column_offsets;  ///< [columns of the kernel]
  int64_t depth;
  T* out;  ///< [columns of the kernel][kLanes]
};

template <class T>
struct PanelKernel {
  int64_t columns;  ///< at most kMaxColumns
  void (*run)(const PanelProduct<T>& product);
};

/// The fastest for the instruction set in use.
template <class T>
PanelKernel<T> panel_kernel();
template <>
PanelKernel<float> panel_kernel();
template <>
PanelKernel<double> panel_kernel();

}  // namespace weft::cpu_kernels
