// tensor/device.cpp: names of devices, and which there are
#include "tensor/device.h"

#include <atomic>
#include <charconv>

#include "tensor/backend.h"
#include "tensor/error.h"

namespace weft {
namespace {

constexpr DeviceKind kKinds[] = {DeviceKind::reference, DeviceKind::cpu, DeviceKind::cuda, DeviceKind::emulated};
constexpr DeviceKind kFastestFirst[] = {DeviceKind::cuda, DeviceKind::cpu, DeviceKind::reference};

std::atomic<Device> default_device_setting{cpu};

Device fastest_device() {
  const std::vector<Device> available = available_devices();
  for (const DeviceKind kind : kFastestFirst) {
    for (const Device device : available) {
      if (device.kind == kind) return device;
    }
  }
  fail("device", "no backend can be used on this machine");
}

int parse_index(std::string_view text, std::string_view digits) {
  int index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (error != std::errc{} || end != digits.data() + digits.size() || index < 0) {
    fail("device", "'{}' has no card number after the colon; hint: write cuda:0", text);
  }
  return index;
}

}  // namespace

std::string_view name_of(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::reference: return "reference";
    case DeviceKind::cpu: return "cpu";
    case DeviceKind::cuda: return "cuda";
    case DeviceKind::emulated: return "emulated";
  }
  return "?";
}

std::string to_string(Device device) {
  const std::string_view name = name_of(device.kind);
  return device.index == 0 ? std::string(name) : fmt::format("{}:{}", name, device.index);
}

Device parse_device(std::string_view text) {
  if (text == "auto") return fastest_device();
  const size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  for (const DeviceKind kind : kKinds) {
    if (name != name_of(kind)) continue;
    const Device device{kind, colon == std::string_view::npos ? 0 : parse_index(text, text.substr(colon + 1))};
    backend_of(device);  // throws when it is not there
    return device;
  }
  fail("device", "'{}' is unknown; hint: use auto, reference, cpu, cuda, cuda:1 or emulated", text);
}

Device default_device() { return default_device_setting.load(); }

void set_default_device(Device device) {
  backend_of(device);  // throws when it is not there
  default_device_setting.store(device);
}

}  // namespace weft
