// backends/cpu/conv_kernel.cpp: accumulators in registers, image values broadcast from memory
#include "backends/cpu/conv_kernel.h"

#include "backends/cpu/isa.h"
#if WEFT_X86
#include <immintrin.h>
#endif

namespace weft::cpu_kernels {
namespace {

constexpr int64_t kPlainColumns = 4;

template <class T>
inline void product_plain_body(const PanelProduct<T>& product) {
  T total[kPlainColumns][kLanes] = {};
  for (int64_t k = 0; k < product.depth; ++k) {
    const T* weights = product.panel + k * kLanes;
    const T* row = product.image + product.row_offsets[k];
    for (int64_t j = 0; j < kPlainColumns; ++j) {
      const T value = row[product.column_offsets[j]];
      for (int64_t lane = 0; lane < kLanes; ++lane) total[j][lane] += weights[lane] * value;
    }
  }
  for (int64_t j = 0; j < kPlainColumns; ++j) {
    for (int64_t lane = 0; lane < kLanes; ++lane) product.out[j * kLanes + lane] += total[j][lane];
  }
}

template <class T>
void product_plain(const PanelProduct<T>& product) {
  run_for_isa([&] { product_plain_body(product); });
}

#if WEFT_X86
// 6 columns x 2 registers fill 12 of the 16 registers: enough multiply-adds in flight to hide their latency.
constexpr int kColumnsAvx2 = 6;

WEFT_TARGET_AVX2 void product_avx2(const PanelProduct<float>& product) {
  const float* column[kColumnsAvx2];
  __m256 low[kColumnsAvx2], high[kColumnsAvx2];
#pragma GCC unroll 6
  for (int j = 0; j < kColumnsAvx2; ++j) {
    column[j] = product.image + product.column_offsets[j];
    low[j] = high[j] = _mm256_setzero_ps();
  }
  const float* weights = product.panel;
  const int64_t* const last = product.row_offsets + product.depth;
  for (const int64_t* offset = product.row_offsets; offset != last; ++offset, weights += kLanes) {
    const __m256 low_weights = _mm256_loadu_ps(weights), high_weights = _mm256_loadu_ps(weights + 8);
#pragma GCC unroll 6
    for (int j = 0; j < kColumnsAvx2; ++j) {
      const __m256 value = _mm256_broadcast_ss(column[j] + *offset);
      low[j] = _mm256_fmadd_ps(value, low_weights, low[j]);
      high[j] = _mm256_fmadd_ps(value, high_weights, high[j]);
    }
  }
#pragma GCC unroll 6
  for (int j = 0; j < kColumnsAvx2; ++j) {
    float* out = product.out + j * kLanes;
    _mm256_storeu_ps(out, _mm256_add_ps(_mm256_loadu_ps(out), low[j]));
    _mm256_storeu_ps(out + 8, _mm256_add_ps(_mm256_loadu_ps(out + 8), high[j]));
  }
}

constexpr int kColumnsAvx512 = 8;

WEFT_TARGET_AVX512 void product_avx512(const PanelProduct<float>& product) {
  const float* column[kColumnsAvx512];
  __m512 total[kColumnsAvx512];
#pragma GCC unroll 8
  for (int j = 0; j < kColumnsAvx512; ++j) {
    column[j] = product.image + product.column_offsets[j];
    total[j] = _mm512_setzero_ps();
  }
  const float* weights = product.panel;
  const int64_t* const last = product.row_offsets + product.depth;
  for (const int64_t* offset = product.row_offsets; offset != last; ++offset, weights += kLanes) {
    const __m512 row_weights = _mm512_loadu_ps(weights);
#pragma GCC unroll 8
    for (int j = 0; j < kColumnsAvx512; ++j) {
      total[j] = _mm512_fmadd_ps(_mm512_set1_ps(column[j][*offset]), row_weights, total[j]);
    }
  }
#pragma GCC unroll 8
  for (int j = 0; j < kColumnsAvx512; ++j) {
    float* out = product.out + j * kLanes;
    _mm512_storeu_ps(out, _mm512_add_ps(_mm512_loadu_ps(out), total[j]));
  }
}
#endif

}  // namespace

template <>
PanelKernel<float> panel_kernel<float>() {
#if WEFT_X86
  switch (active_isa()) {
    case Isa::avx512: return {kColumnsAvx512, product_avx512};
    case Isa::avx2: return {kColumnsAvx2, product_avx2};
    case Isa::baseline: break;
  }
#endif
  return {kPlainColumns, product_plain<float>};
}

template <>
PanelKernel<double> panel_kernel<double>() {
  return {kPlainColumns, product_plain<double>};
}

}  // namespace weft::cpu_kernels
