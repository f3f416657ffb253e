// bench/micro/matmul_size.h: the products that are timed, and what one of them takes
#pragma once
#include "bench/case.h"

namespace weft::bench {

struct MatmulSize {
  int64_t m, n, k;
  std::string_view layouts = "nn";  ///< of a and b in memory, in BLAS's letters: by rows (n) or by columns (t)
  int64_t batch = 1;
  DType dtype = DType::float32;
};

/// "matmul/256x1024x128tn", "matmul/64of28x28x28", "matmul/512x512x512f64".
inline std::string name_of(const MatmulSize& s) {
  return fmt::format("matmul/{}{}x{}x{}{}{}", s.batch > 1 ? fmt::format("{}of", s.batch) : "", s.m, s.n, s.k,
                     s.layouts == "nn" ? "" : s.layouts, s.dtype == DType::float64 ? "f64" : "");
}

/// As `layout` says, [batch, rows, columns].
inline Tensor operand(const MatmulSize& s, char layout, int64_t rows, int64_t columns, Device device, uint64_t seed) {
  const Shape shape = layout == 'n' ? Shape{s.batch, rows, columns} : Shape{s.batch, columns, rows};
  const Tensor x = normal(shape, device, seed).to(s.dtype);
  return layout == 'n' ? x : x.transpose();
}

inline double flops(const MatmulSize& s) {
  return 2.0 * static_cast<double>(s.batch * s.m) * static_cast<double>(s.n * s.k);
}

/// Each operand once and the result once. 0 in float64: a roof is of float32.
inline double bytes(const MatmulSize& s) {
  if (s.dtype != DType::float32) return 0;
  return 4.0 * static_cast<double>(s.batch * (s.m * s.k + s.k * s.n + s.m * s.n));
}

// Layers forward (nn, nt), weight gradients (tn), a vocabulary, a convolution as a product, squares; few rows; the
// scales of a hyper network.
inline const std::vector<MatmulSize> kMatmulSizes = {{128, 4000, 1000},
                                                     {128, 4000, 1000, "nt"},
                                                     {128, 1024, 256},
                                                     {128, 1024, 256, "nt"},
                                                     {128, 256, 64},
                                                     {256, 1024, 128, "tn"},
                                                     {12800, 50, 1000},
                                                     {64, 8192, 576},
                                                     {1024, 1024, 1024},
                                                     {512, 512, 512},
                                                     {128, 10, 784, "nt"},
                                                     {784, 10, 128, "tn"},
                                                     {2, 1024, 256},
                                                     {16, 4000, 1000},
                                                     {12800, 256, 4},
                                                     {10, 33, 90000},
                                                     {28, 28, 28, "nn", 64},
                                                     {8, 16, 8, "nn", 512},
                                                     {16, 144, 16, "nn", 128},
                                                     {128, 128, 64, "nt", 64},
                                                     {128, 1024, 256, "nn", 1, DType::float64},
                                                     {1024, 1024, 1024, "nn", 1, DType::float64}};

}  // namespace weft::bench
