// bench/micro/peak_cpu.cpp: what this processor can do at most, measured: multiply-adds in registers, and a triad over
// memory beyond the caches; the two roofs that its other cases stand under
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "backends/cpu/isa.h"
#include "backends/cpu/thread_pool.h"
#include "bench/case.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/threads.h"
#if WEFT_X86
#include <immintrin.h>
#endif

namespace weft::bench {
namespace {

using cpu_kernels::Isa;

// Every step is x = 0.9999 x + 0.0001 of a value, over and over: it stays of size 1, and one step too few shows.
constexpr float kScale = 0.9999f, kShift = 0.0001f;
/// As many registers, so many chains: two multiply-adds start in every cycle and each takes 4 or 5.
constexpr int64_t kChains = 12;
constexpr int64_t kValues = 192;  ///< of a tile: 12 of the widest registers
constexpr int64_t kSteps = 1 << 16, kCheckedSteps = 256, kTilesPerThread = 8;

// How each instruction set multiplies and adds, as in backends/cpu/gemm/micro_kernel.cpp.
struct PlainPeak {
  using Register = float __attribute__((vector_size(16)));
  static void step(Register& x) { x = x * kScale + kShift; }
  template <class Body>
  static void run(const Body& body) {
    body();
  }
};

#if WEFT_X86
struct Avx2Peak {
  using Register = __m256;
  WEFT_TARGET_AVX2 static void step(__m256& x) {
    x = _mm256_fmadd_ps(x, _mm256_set1_ps(kScale), _mm256_set1_ps(kShift));
  }
  template <class Body>
  static void run(const Body& body) {
    cpu_kernels::run_for_avx2(body);
  }
};

struct Avx512Peak {
  using Register = __m512;
  WEFT_TARGET_AVX512 static void step(__m512& x) {
    x = _mm512_fmadd_ps(x, _mm512_set1_ps(kScale), _mm512_set1_ps(kShift));
  }
  template <class Body>
  static void run(const Body& body) {
    cpu_kernels::run_for_avx512(body);
  }
};
#endif

/// The chains in registers of one tile after the other part of it; a tile is the same for every instruction set.
template <class Peak>
void run_chains(const float* from, int64_t steps, float* to) {
  using Register = typename Peak::Register;
  constexpr int64_t kLanes = sizeof(Register) / sizeof(float);
  static_assert(kValues % (kChains * kLanes) == 0);
  Peak::run([=] {
    for (int64_t part = 0; part < kValues; part += kChains * kLanes) {
      Register x[kChains];
      std::memcpy(x, from + part, sizeof(x));
      for (int64_t i = 0; i < steps; ++i) {
#pragma GCC unroll 12
        for (int64_t chain = 0; chain < kChains; ++chain) Peak::step(x[chain]);
      }
      std::memcpy(to + part, x, sizeof(x));
    }
  });
}

void run_tile(const float* from, int64_t steps, float* to) {
#if WEFT_X86
  switch (cpu_kernels::active_isa()) {
    case Isa::avx512: return run_chains<Avx512Peak>(from, steps, to);
    case Isa::avx2: return run_chains<Avx2Peak>(from, steps, to);
    case Isa::baseline: break;
  }
#endif
  run_chains<PlainPeak>(from, steps, to);
}

void run_obvious_tile(const float* from, int64_t steps, float* to) {
  for (int64_t lane = 0; lane < kValues; ++lane) {
    to[lane] = from[lane];
    for (int64_t i = 0; i < steps; ++i) to[lane] = std::fma(to[lane], kScale, kShift);
  }
}

Work multiply_adds(int64_t tiles, int64_t steps, Device device) {
  return work([=, x = normal({tiles, kValues}, device, 1), y = empty({tiles, kValues}, {.device = device})] {
    cpu_kernels::parallel_for(tiles, [&](int64_t tile) {
      const int64_t start = tile * kValues;
      (device == cpu ? run_tile : run_obvious_tile)(x.data<float>() + start, steps, y.data<float>() + start);
    });
    return y;
  });
}

Case multiply_add_peak() {
  const int64_t tiles = kTilesPerThread * num_threads();
  return {.name = "peak/fma",
          .prepare = [=](Device device) { return multiply_adds(tiles, kSteps, device); },
          .prepare_check = [=](Device device) { return multiply_adds(tiles, kCheckedSteps, device); },
          .flops = 2.0 * static_cast<double>(tiles * kValues * kSteps),
          .devices = {cpu}};
}

/// As the STREAM benchmark asks (McCalpin 1995): each array at least 4 times the last cache.
int64_t triad_count() {
  int64_t cache = 16 << 20;  // if the system tells none
  const auto& processor = benchmark::CPUInfo::Get();
  for (const auto& level : processor.caches) {
    const int64_t there = std::max(1, processor.num_cpus / std::max(1, level.num_sharing));
    cache = std::max<int64_t>(cache, there * level.size);
  }
  return 4 * cache / static_cast<int64_t>(sizeof(float));
}

void triad_range(const float* a, const float* b, int64_t count, float* y) {
  cpu_kernels::run_for_isa([=] {
    for (int64_t i = 0; i < count; ++i) y[i] = a[i] + 3.0f * b[i];
  });
}

Work triad(int64_t count, Device device) {
  const Tensor a = normal({count}, device, 1), b = normal({count}, device, 2);
  if (device != cpu) return work([=] { return add(a, mul(b, 3.0f)); });
  return work([=, y = empty({count}, {.device = device})] {
    constexpr int64_t kRange = 1 << 16;
    cpu_kernels::parallel_ranges(count, kRange, [&](int64_t begin, int64_t end) {
      triad_range(a.data<float>() + begin, b.data<float>() + begin, end - begin, y.data<float>() + begin);
    });
    return y;
  });
}

/// Counted as STREAM does: what is read and written, not that a processor may read a line before it writes to it.
Case triad_peak() {
  const int64_t count = triad_count();
  return {.name = "peak/triad",
          .prepare = [=](Device device) { return triad(count, device); },
          .prepare_check = [](Device device) { return triad(200'003, device); },
          .bytes = 12.0 * static_cast<double>(count),
          .devices = {cpu}};
}

const Family peak_cpu_family([] { return std::vector<Case>{multiply_add_peak(), triad_peak()}; });

}  // namespace
}  // namespace weft::bench
