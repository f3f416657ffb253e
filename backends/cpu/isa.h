// backends/cpu/isa.h: one kernel source, compiled for several instruction sets and chosen at run time
#pragma once
#include <cstdint>
#include <string_view>

#if defined(__x86_64__)
#define WEFT_X86 1
#define WEFT_TARGET_AVX2 __attribute__((target("avx2,fma")))
#define WEFT_TARGET_AVX512 __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")))
#else
#define WEFT_X86 0
#endif

namespace weft::cpu_kernels {

enum class Isa : uint8_t { baseline, avx2, avx512 };

std::string_view name_of(Isa isa);

/// What the processor has.
Isa best_isa();
/// The level in use: best_isa(), or the environment's WEFT_ISA = baseline, avx2 or avx512.
/// Throws: WEFT_ISA names no level, or one that the processor lacks.
Isa active_isa();
/// For tests.  Throws: the processor lacks it.
void set_active_isa(Isa isa);

#if WEFT_X86
// `flatten` inlines the whole body, which is then compiled for the wider instructions.
template <class Body>
WEFT_TARGET_AVX2 __attribute__((flatten)) void run_for_avx2(const Body& body) {
  body();
}
template <class Body>
WEFT_TARGET_AVX512 __attribute__((flatten)) void run_for_avx512(const Body& body) {
  body();
}
#endif

/// Runs body() compiled for the level in use. Without fma and reassociation all levels give the same bits.
template <class Body>
void run_for_isa(const Body& body) {
#if WEFT_X86
  switch (active_isa()) {
    case Isa::avx512: return run_for_avx512(body);
    case Isa::avx2: return run_for_avx2(body);
    case Isa::baseline: break;
  }
#endif
  body();
}

}  // namespace weft::cpu_kernels
