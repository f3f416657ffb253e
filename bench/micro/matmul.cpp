// bench/micro/matmul.cpp: products of the sizes that training meets, by the own kernels and by OpenBLAS
#include "tensor/matmul.h"

#include "backends/cpu/cpu_backend.h"
#include "bench/case.h"

namespace weft::bench {
namespace {

/// With one of the products, whatever --gemm says.
Tensor matmul_by(Gemm gemm, const Tensor& a, const Tensor& b) {
  const Gemm before = gemm_in_use();
  set_gemm(gemm);
  Tensor y = matmul(a, b);
  set_gemm(before);
  return y;
}

struct Size {
  int64_t m, n, k;
  std::string_view layouts = "nn";  ///< of a and b in memory, in BLAS's letters: by rows (n) or by columns (t)
  int64_t batch = 1;
  DType dtype = DType::float32;
};

/// "matmul/256x1024x128tn", "matmul/64of28x28x28", "matmul/512x512x512f64".
std::string name_of(const Size& s) {
  return fmt::format("matmul/{}{}x{}x{}{}{}", s.batch > 1 ? fmt::format("{}of", s.batch) : "", s.m, s.n, s.k,
                     s.layouts == "nn" ? "" : s.layouts, s.dtype == DType::float64 ? "f64" : "");
}

Tensor operand(const Size& s, char layout, int64_t rows, int64_t columns, Device device, uint64_t seed) {
  const Shape shape = layout == 'n' ? Shape{s.batch, rows, columns} : Shape{s.batch, columns, rows};
  const Tensor x = normal(shape, device, seed).to(s.dtype);
  return layout == 'n' ? x : x.transpose();
}

double flops(const Size& s) { return 2.0 * static_cast<double>(s.batch * s.m) * static_cast<double>(s.n * s.k); }

/// As --gemm says, on every device.
Case product(const Size& s) {
  return {.name = name_of(s),
          .prepare =
              [=](Device device) {
                return work([a = operand(s, s.layouts[0], s.m, s.k, device, 1),
                             b = operand(s, s.layouts[1], s.k, s.n, device, 2)] { return matmul(a, b); });
              },
          .flops = flops(s)};
}

Case product_by(Gemm gemm, const Size& s) {
  return {.name = fmt::format("{}/{}", name_of(s), weft::name_of(gemm)),
          .prepare =
              [=](Device device) {
                return work([gemm, a = operand(s, s.layouts[0], s.m, s.k, device, 1),
                             b = operand(s, s.layouts[1], s.k, s.n, device, 2)] { return matmul_by(gemm, a, b); });
              },
          .flops = flops(s),
          .devices = {cpu}};
}

// Layers forward (nn, nt), weight gradients (tn), a vocabulary, a convolution as a product, squares; few rows; the
// scales of a hyper network.
const std::vector<Size> kSizes = {{128, 4000, 1000},
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

const Family matmul_family([] {
  std::vector<Case> cases;
  for (const Size& s : {Size{1, 1024, 256}, {1, 1024, 256, "nt"}, {1024, 1, 256}}) cases.push_back(product(s));
  for (const Size& s : {Size{128, 10, 784}, {128, 1024, 256}, {512, 512, 512}}) cases.push_back(product(s));
  for (const Size& s : kSizes) {
    for (const Gemm gemm : {Gemm::own, Gemm::openblas}) cases.push_back(product_by(gemm, s));
  }
  return cases;
});

}  // namespace
}  // namespace weft::bench
