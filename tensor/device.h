// tensor/device.h: where a tensor lives; every kind is one backend
#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

enum class DeviceKind : uint8_t { reference, cpu, cuda, emulated };

/// Every kind and its name, the fastest first: `auto` is the first that is there. No other list names the kinds.
struct NamedDeviceKind {
  DeviceKind kind;
  std::string_view name;
};
inline constexpr NamedDeviceKind device_kinds[] = {
    {DeviceKind::cuda, "cuda"},
    {DeviceKind::cpu, "cpu"},
    {DeviceKind::reference, "reference"},
    {DeviceKind::emulated, "emulated"},
};

/// A backend and, for accelerators, which card.
struct Device {
  DeviceKind kind = DeviceKind::cpu;
  int index = 0;
  auto operator<=>(const Device&) const = default;
};

inline constexpr Device reference{DeviceKind::reference, 0};
inline constexpr Device cpu{DeviceKind::cpu, 0};

std::string_view name_of(DeviceKind kind);

/// "cpu", "reference", "cuda:1".
std::string to_string(Device device);

/// The inverse of to_string; "auto" gives the fastest device there is.  Throws: unknown name, device not available,
/// no such index.
Device parse_device(std::string_view text);

/// Devices whose backend is compiled in and usable on this machine, every index of it.
std::vector<Device> available_devices();

/// Device of tensors made without naming one: cpu at the start. One setting for the process.
Device default_device();
void set_default_device(Device device);

}  // namespace weft
