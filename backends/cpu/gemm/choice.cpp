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

// Times of OpenBLAS 0.3.21 over own times: above 1, own is faster. AMD Zen 3, AVX2, processor time of one thread,
// interleaved, medians of 9 to 15, while other programs ran (ratios of two runs differ by up to 0.15). AVX-512 could
// not be measured. To repeat: make bench ARGS='--benchmark_filter=matmul/.*/(own|openblas)
// --benchmark_enable_random_interleaving=true
//                             --benchmark_repetitions=15'
//
//   float32  128 to 1024 rows, weight gradients  1.0 to 1.3      64 products [128 64] [64 128]  1.0 to 1.05
//            2 to 32 rows                        1.0 to 1.4      64 x [28 28] [28 28]           0.9 to 1.0
//            few columns, or k of 4              1.0 to 1.9      128 x [16 16] [16 144]         0.8 to 1.3
//                                                                512 x [8 8] [8 16]             0.8
//   float64  0.8 to 1.15: nothing gained on average
//   baseline 0.3 to 0.5: OpenBLAS asks the processor, not WEFT_ISA, and multiplies with AVX2
Gemm gemm_for(int64_t batch, int64_t m, int64_t n, int64_t k, DType dtype) {
  const Gemm wish = gemm_in_use();
  if (wish != Gemm::automatic) return wish;
  if (dtype != DType::float32 || active_isa() == Isa::baseline) return Gemm::openblas;
  constexpr double kManySmall = 40.0 * 40 * 40;  // multiply-adds; packing shows
  const double size = static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
  return batch > 1 && size < kManySmall ? Gemm::openblas : Gemm::own;
}

}  // namespace cpu_kernels
}  // namespace weft
