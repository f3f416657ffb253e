// backends/cpu/gemm/choice.cpp: the setting, and the table behind `auto`
#include "backends/cpu/gemm/choice.h"

#include <atomic>

#include "backends/cpu/isa.h"
#include "tensor/error.h"

namespace weft {
namespace {

std::atomic<Gemm> chosen{Gemm::automatic};

}  // namespace

std::string_view name_of(Gemm gemm) {
  for (const NamedGemm& known : gemms) {
    if (known.gemm == gemm) return known.name;
  }
  return "?";
}

Gemm parse_gemm(std::string_view name) {
  for (const NamedGemm& known : gemms) {
    if (known.name == name) return known.gemm;
  }
  fail("gemm", "'{}' is unknown; hint: use auto, own or openblas", name);
}

void set_gemm(Gemm gemm) { chosen.store(gemm); }
Gemm gemm_in_use() { return chosen.load(std::memory_order_relaxed); }

namespace cpu_kernels {

// Times of OpenBLAS 0.3.21 over own times: above 1, own is faster. AMD Zen 3, AVX2, one thread, other programs running;
// interleaved, quartiles within 5 %. To repeat: make bench ARGS='--benchmark_filter=matmul/.*/(own|openblas)'
//
//   float32  layers and weight gradients, 128 to 1024 rows    1.0 to 1.2     products of under 32 rows   1.0 to 1.4
//            few outputs, or k of 4                           1.0 to 1.9     128 x [16 16] [16 144]      1.05
//            64 x [28 28] [28 28]                             0.9 to 1.0     512 x [8 8] [8 16]          0.8
//   float64  0.8 to 1.15: nothing gained on average
//   baseline 0.3 to 0.5: OpenBLAS asks the processor, not WEFT_ISA, and multiplies with AVX2
Gemm gemm_for(int64_t batch, int64_t m, int64_t n, int64_t k, DType dtype) {
  const Gemm wish = gemm_in_use();
  if (wish != Gemm::automatic) return wish;
  if (dtype != DType::float32 || active_isa() == Isa::baseline) return Gemm::openblas;
  constexpr double kManySmall = 32.0 * 32 * 32;  // multiply-adds: packing shows
  const double size = static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
  return batch > 1 && size < kManySmall ? Gemm::openblas : Gemm::own;
}

}  // namespace cpu_kernels
}  // namespace weft
