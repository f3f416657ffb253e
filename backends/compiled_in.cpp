// backends/compiled_in.cpp: the backends of this build; a new backend adds its line here and nowhere else
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
