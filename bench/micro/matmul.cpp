// bench/micro/matmul.cpp: products of the sizes that training meets, by the own kernels and by OpenBLAS
#include "tensor/matmul.h"

#include "backends/cpu/cpu_backend.h"
#include "bench/micro/matmul_size.h"

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

/// As --gemm says, on every device.
Case product(const MatmulSize& s) {
  return {.name = name_of(s),
          .prepare =
              [=](Device device) {
                return work([a = operand(s, s.layouts[0], s.m, s.k, device, 1),
                             b = operand(s, s.layouts[1], s.k, s.n, device, 2)] { return matmul(a, b); });
              },
          .flops = flops(s),
          .bytes = bytes(s)};
}

Case product_by(Gemm gemm, const MatmulSize& s) {
  return {.name = fmt::format("{}/{}", name_of(s), weft::name_of(gemm)),
          .prepare =
              [=](Device device) {
                return work([gemm, a = operand(s, s.layouts[0], s.m, s.k, device, 1),
                             b = operand(s, s.layouts[1], s.k, s.n, device, 2)] { return matmul_by(gemm, a, b); });
              },
          .flops = flops(s),
          .bytes = bytes(s),
          .devices = {cpu}};
}

const Family matmul_family([] {
  std::vector<Case> cases;
  for (const MatmulSize& s : {MatmulSize{1, 1024, 256}, {1, 1024, 256, "nt"}, {1024, 1, 256}})
    cases.push_back(product(s));
  for (const MatmulSize& s : {MatmulSize{128, 10, 784}, {128, 1024, 256}, {512, 512, 512}}) cases.push_back(product(s));
  for (const MatmulSize& s : kMatmulSizes) {
    for (const Gemm gemm : {Gemm::own, Gemm::openblas}) cases.push_back(product_by(gemm, s));
  }
  return cases;
});

}  // namespace
}  // namespace weft::bench
