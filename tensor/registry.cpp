// tensor/registry.cpp: the backends of this program, made once
#include <string>
#include <vector>

#include "tensor/backend.h"
#include "tensor/error.h"

namespace weft {
namespace {

/// Never destroyed: tensors with static lifetime give their memory back at the very end.
const std::vector<BackendEntry>& registry() {
  static const auto* entries = new std::vector<BackendEntry>(compiled_in_backends());
  return *entries;
}

std::string available_names() {
  std::string names;
  for (const Device device : available_devices()) {
    names += names.empty() ? "" : ", ";
    names += to_string(device);
  }
  return names;
}

}  // namespace

std::vector<Device> available_devices() {
  std::vector<Device> devices;
  for (const BackendEntry& entry : registry()) {
    const int count = entry.backend != nullptr ? entry.backend->device_count() : 0;
    for (int index = 0; index < count; ++index) devices.push_back({entry.kind, index});
  }
  return devices;
}

Backend& backend_of(Device device) {
  for (const BackendEntry& entry : registry()) {
    if (entry.kind != device.kind) continue;
    if (entry.backend == nullptr) {
      fail("device", "{} cannot be used here: {}; available: {}", to_string(device), entry.absent_because,
           available_names());
    }
    if (const int count = entry.backend->device_count(); device.index < 0 || device.index >= count) {
      fail("device", "{} is not there: the number of {} devices is {}; available: {}", to_string(device),
           name_of(device.kind), count, available_names());
    }
    return *entry.backend;
  }
  fail("device", "{} is not built in; available: {}; hint: build with it, as with CMAKE_ARGS=-DWEFT_CUDA=ON",
       to_string(device), available_names());
}

MemoryStats memory_stats(Device device) { return backend_of(device).memory_stats(); }

}  // namespace weft
