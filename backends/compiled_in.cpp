// backends/compiled_in.cpp: the backends of this build, one line each
//
// A kind without a line here (cuda, emulated) is "not built in", as the error of whoever asks for it says.
#include "backends/cpu/cpu_backend.h"
#include "backends/reference/reference_backend.h"

namespace weft {

std::vector<BackendEntry> compiled_in_backends() {
  std::vector<BackendEntry> entries;
  entries.push_back({make_reference_backend(), DeviceKind::reference, ""});
  entries.push_back({make_cpu_backend(), DeviceKind::cpu, ""});
  return entries;
}

}  // namespace weft
