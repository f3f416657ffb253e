// tensor/device.cpp: names of devices, and which there are
#include "tensor/device.h"

#include <algorithm>
#include <atomic>
#include <charconv>

#include "tensor/backend.h"
#include "tensor/error.h"

namespace weft {
namespace {

std::atomic<Device> default_device_setting{cpu};

Device fastest_device() {
  const std::vector<Device> available = available_devices();
  for (const auto& [kind, name] : device_kinds) {
    const Device device{kind, 0};
    if (std::find(available.begin(), available.end(), device) != available.end()) return device;
  }
  return reference;  // which every build has, on every machine
}

/// "auto, reference, cpu": what parse_device takes here.
std::string usable_names() {
  std::string names = "auto";
  for (const Device device : available_devices()) names += ", " + to_string(device);
  return names;
}

int parse_index(std::string_view text, std::string_view digits) {
  int index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (error != std::errc{} || end != digits.data() + digits.size() || index < 0) {
    fail("device", "'{}' has no card number after the colon; hint: write {}:0", text, text.substr(0, text.find(':')));
  }
  return index;
}

}  // namespace

std::string_view name_of(DeviceKind kind) {
  for (const auto& entry : device_kinds) {
    if (entry.kind == kind) return entry.name;
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
  for (const auto& entry : device_kinds) {
    if (name != entry.name) continue;
    const Device device{entry.kind, colon == std::string_view::npos ? 0 : parse_index(text, text.substr(colon + 1))};
    backend_of(device);  // throws when it is not there
    return device;
  }
  fail("device", "'{}' is unknown; hint: use one of {}", text, usable_names());
}

Device default_device() { return default_device_setting.load(); }

void set_default_device(Device device) {
  backend_of(device);  // throws when it is not there
  default_device_setting.store(device);
}

}  // namespace weft
