// backends/cpu/gemm/register_tile.h: micro kernels written once, for vectors of any width
//
// `Simd` says how wide a register is and how it multiplies and adds. Every output is one chain of multiply-adds in the
// order of k, whatever tile it lies in: where a product is cut does not show in its bits.
#pragma once
#include <cstring>
#include <utility>

#include "backends/cpu/gemm/micro_kernel.h"
#include "backends/cpu/gemm/pack.h"
#include "backends/cpu/gemm/vector_of.h"

namespace weft::cpu_kernels {

/// What every processor has: 4 x 8 sums fill 8 of 16 registers of 16 bytes.
struct PlainSimd {
  static constexpr int kBytes = 16, kRows = 4;
  template <class T, class Vector>
  static void multiply_add(T a, const Vector& b, Vector& sum) {
    sum += a * b;
  }
  template <class Body>
  static void run(const Body& body) {
    body();
  }
};

/// A tile is this many registers wide: each value of A, once loaded, is used so often.
inline constexpr int kTileVectors = 2;

template <class Simd, class T>
inline constexpr int kTileColumns = kTileVectors* Simd::kBytes / static_cast<int>(sizeof(T));

template <class Simd, class T, int Rows>
inline void multiply_panels_body(const PanelPair<T>& panels) {
  using Vector = typename VectorOf<T, Simd::kBytes>::type;
  constexpr int kColumns = kTileColumns<Simd, T>, kLanes = kColumns / kTileVectors;
  Vector sum[Rows][kTileVectors] = {};
  const T *a = panels.a, *b = panels.b;
  for (const T* const last = b + panels.depth * kColumns; b != last; a += Simd::kRows, b += kColumns) {
    Vector left, right;
    std::memcpy(&left, b, sizeof(left));
    std::memcpy(&right, b + kLanes, sizeof(right));
#pragma GCC unroll 16
    for (int row = 0; row < Rows; ++row) {
      Simd::multiply_add(a[row], left, sum[row][0]);
      Simd::multiply_add(a[row], right, sum[row][1]);
    }
  }
#pragma GCC unroll 16
  for (int row = 0; row < Rows; ++row) {
#pragma GCC unroll 2
    for (int part = 0; part < kTileVectors; ++part) {
      T* out = panels.out + row * panels.out_stride + part * kLanes;
      Vector before = {};
      if (panels.add) std::memcpy(&before, out, sizeof(before));
      const Vector after = panels.add ? before + sum[row][part] : sum[row][part];
      std::memcpy(out, &after, sizeof(after));
    }
  }
}

template <class Simd, class T, int Rows>
void multiply_panels(const PanelPair<T>& panels) {
  Simd::run([&] { multiply_panels_body<Simd, T, Rows>(panels); });
}

template <class Simd, class T, int Width>
void pack_panels(const PackJob<T>& job) {
  Simd::run([&] { pack_panels_body<Width>(job); });
}

template <class Simd, class T>
MicroKernel<T> micro_kernel_of() {
  static_assert(Simd::kRows <= MicroKernel<T>::kMostRows && kTileColumns<Simd, T> <= MicroKernel<T>::kMostColumns);
  MicroKernel<T> kernel{.rows = Simd::kRows, .columns = kTileColumns<Simd, T>, .multiply = {}};
  kernel.pack_rows = pack_panels<Simd, T, Simd::kRows>;
  kernel.pack_columns = pack_panels<Simd, T, kTileColumns<Simd, T>>;
  [&]<int... Before>(std::integer_sequence<int, Before...>) {
    ((kernel.multiply[Before + 1] = multiply_panels<Simd, T, Before + 1>), ...);
  }
  (std::make_integer_sequence<int, Simd::kRows>());
  return kernel;
}

}  // namespace weft::cpu_kernels
