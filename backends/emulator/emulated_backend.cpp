// backends/emulator/emulated_backend.cpp: the emulator as a device
#include "backends/emulator/emulated_backend.h"

#include "backends/gpu/gpu_backend.h"

namespace weft {

std::unique_ptr<Backend> make_emulated_backend() { return emulated_gpu::make_gpu_backend(); }

}  // namespace weft
