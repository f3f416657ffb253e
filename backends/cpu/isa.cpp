// backends/cpu/isa.cpp: which instruction set to use
#include "backends/cpu/isa.h"

#include <atomic>
#include <cstdlib>

#include "tensor/error.h"

namespace weft::cpu_kernels {
namespace {

void check_available(Isa isa) {
  if (isa > best_isa()) {
    fail("WEFT_ISA", "{} is not available: this processor has {}; hint: unset WEFT_ISA", name_of(isa),
         name_of(best_isa()));
  }
}

Isa chosen_at_start() {
  const char* wish = std::getenv("WEFT_ISA");
  if (wish == nullptr || *wish == '\0') return best_isa();
  for (const Isa isa : {Isa::baseline, Isa::avx2, Isa::avx512}) {
    if (name_of(isa) == wish) {
      check_available(isa);
      return isa;
    }
  }
  fail("WEFT_ISA", "unknown level '{}'; hint: use baseline, avx2 or avx512", wish);
}

std::atomic<Isa>& active() {
  static std::atomic<Isa> level{chosen_at_start()};
  return level;
}

}  // namespace

std::string_view name_of(Isa isa) {
  switch (isa) {
    case Isa::baseline: return "baseline";
    case Isa::avx2: return "avx2";
    case Isa::avx512: return "avx512";
  }
  return "?";
}

Isa best_isa() {
#if WEFT_X86
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq")) {
    return Isa::avx512;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return Isa::avx2;
#endif
  return Isa::baseline;
}

Isa active_isa() { return active().load(std::memory_order_relaxed); }

void set_active_isa(Isa isa) {
  check_available(isa);
  active().store(isa);
}

}  // namespace weft::cpu_kernels
