// tests/backends/cards.h: the devices that run the kernels of backends/gpu/
#pragma once
#include <vector>

#include "tensor/device.h"

namespace weft::test {

/// The emulator, and a card where there is one.
inline std::vector<Device> cards() {
  std::vector<Device> devices = available_devices();
  std::erase_if(devices, [](Device d) { return d.kind != DeviceKind::cuda && d.kind != DeviceKind::emulated; });
  return devices;
}

}  // namespace weft::test
