// backends/compiled_in.cpp: the backends of this build, one line each
//
// A kind without a line here is "not built in", as the error of whoever asks for it says.
#include "backends/cpu/cpu_backend.h"
#include "backends/emulator/emulated_backend.h"
#include "backends/reference/reference_backend.h"
#ifdef WEFT_CUDA
#include "backends/cuda/cuda_backend.h"
#endif

namespace weft {

std::vector<BackendEntry> compiled_in_backends() {
  std::vector<BackendEntry> entries;
  entries.push_back({make_reference_backend(), DeviceKind::reference, ""});
  entries.push_back({make_cpu_backend(), DeviceKind::cpu, ""});
  entries.push_back({make_emulated_backend(), DeviceKind::emulated, ""});
#ifdef WEFT_CUDA
  entries.push_back(make_cuda_backend());
#endif
  return entries;
}

}  // namespace weft
