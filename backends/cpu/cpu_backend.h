// backends/cpu/cpu_backend.h: how the registry gets the fast processor backend, and who multiplies matrices there
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "tensor/backend.h"

namespace weft {

/// Own products and OpenBLAS's, own convolution and vector kernels, threads.
/// Throws: OpenBLAS cannot be set to one thread, an unknown WEFT_ISA.
std::unique_ptr<Backend> make_cpu_backend();

/// Who multiplies matrices: the own packed kernels, OpenBLAS, or the one that was measured to be faster for the sizes
/// at hand. Results differ in their last bits from one to another; products with a vector are always own.
enum class Gemm : uint8_t { automatic, own, openblas };

struct NamedGemm {
  Gemm gemm;
  std::string_view name;
};
inline constexpr std::array<NamedGemm, 3> gemms{
    {{Gemm::automatic, "auto"}, {Gemm::own, "own"}, {Gemm::openblas, "openblas"}}};

std::string_view name_of(Gemm gemm);
/// "auto", "own" or "openblas".  Throws: another name.
Gemm parse_gemm(std::string_view name);

/// One process-wide setting, automatic at the start.
void set_gemm(Gemm gemm);
Gemm gemm_in_use();

}  // namespace weft
