// backends/cpu/gemm/micro_kernel.cpp: how wide the registers of each instruction set are, and how they multiply and add
#include "backends/cpu/gemm/micro_kernel.h"

#include "backends/cpu/gemm/register_tile.h"
#include "backends/cpu/isa.h"
#if WEFT_X86
#include <immintrin.h>
#endif

namespace weft::cpu_kernels {
namespace {

#if WEFT_X86
// 6 x 2 sums, 2 registers of B and one of A fill 15 of 16. Two multiply-adds start in every cycle and each takes 4 or
// 5: fewer than 10 sums would wait for each other.
struct Avx2Simd {
  static constexpr int kBytes = 32, kRows = 6;
  WEFT_TARGET_AVX2 static void multiply_add(float a, const __m256& b, __m256& sum) {
    sum = _mm256_fmadd_ps(_mm256_set1_ps(a), b, sum);
  }
  WEFT_TARGET_AVX2 static void multiply_add(double a, const __m256d& b, __m256d& sum) {
    sum = _mm256_fmadd_pd(_mm256_set1_pd(a), b, sum);
  }
  template <class Body>
  static void run(const Body& body) {
    run_for_avx2(body);
  }
};

// 14 x 2 sums, 2 registers of B and one of A fill 31 of 32.
struct Avx512Simd {
  static constexpr int kBytes = 64, kRows = 14;
  WEFT_TARGET_AVX512 static void multiply_add(float a, const __m512& b, __m512& sum) {
    sum = _mm512_fmadd_ps(_mm512_set1_ps(a), b, sum);
  }
  WEFT_TARGET_AVX512 static void multiply_add(double a, const __m512d& b, __m512d& sum) {
    sum = _mm512_fmadd_pd(_mm512_set1_pd(a), b, sum);
  }
  template <class Body>
  static void run(const Body& body) {
    run_for_avx512(body);
  }
};
#endif

}  // namespace

template <class T>
MicroKernel<T> micro_kernel() {
#if WEFT_X86
  switch (active_isa()) {
    case Isa::avx512: return micro_kernel_of<Avx512Simd, T>();
    case Isa::avx2: return micro_kernel_of<Avx2Simd, T>();
    case Isa::baseline: break;
  }
#endif
  return micro_kernel_of<PlainSimd, T>();
}

template MicroKernel<float> micro_kernel();
template MicroKernel<double> micro_kernel();

}  // namespace weft::cpu_kernels
