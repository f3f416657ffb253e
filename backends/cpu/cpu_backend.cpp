// backends/cpu/cpu_backend.cpp: sets OpenBLAS up and says who computes
#include "backends/cpu/cpu_backend.h"

#include <cblas.h>

#include <fstream>

#include "backends/cpu/backend_class.h"
#include "backends/cpu/gemm/choice.h"
#include "backends/cpu/isa.h"
#include "tensor/threads.h"

namespace weft {

std::unique_ptr<Backend> make_cpu_backend() { return std::make_unique<cpu_kernels::CpuBackend>(); }

namespace cpu_kernels {
namespace {

std::string processor_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown processor";
}

/// "OpenBLAS 0.3.21" from a line that goes on with build options.
std::string library_version() {
  const std::string config = openblas_get_config();
  const size_t name_end = config.find(' ');
  return config.substr(0, name_end == std::string::npos ? name_end : config.find(' ', name_end + 1));
}

/// "own", "openblas", or what auto takes for layers in float32: "auto (own for layers in float32)".
std::string gemm_description() {
  const Gemm gemm = gemm_in_use();
  if (gemm != Gemm::automatic) return std::string(name_of(gemm));
  return fmt::format("auto ({} for layers in float32)", name_of(gemm_for(1, 128, 1024, 256, DType::float32)));
}

}  // namespace

CpuBackend::CpuBackend() {
  active_isa();  // a wrong WEFT_ISA is reported here, not inside the first kernel
  if (openblas_get_parallel() == OPENBLAS_OPENMP)
    fail("cpu", "OpenBLAS is its OpenMP build, whose threads are not ours to count; hint: link its pthread build");
  openblas_set_num_threads(1);
  if (openblas_get_num_threads() != 1) {
    fail("cpu", "OpenBLAS stays at {} threads after it was set to 1; hint: link its pthread build",
         openblas_get_num_threads());
  }
}

std::string CpuBackend::description() const {
  return fmt::format("{}, {}, {} ({} kernels), gemm {}, {} threads", processor_name(), name_of(active_isa()),
                     library_version(), openblas_get_corename(), gemm_description(), num_threads());
}

}  // namespace cpu_kernels
}  // namespace weft
