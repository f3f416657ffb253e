// backends/emulator/emulated_backend.h: the kernels of backends/gpu/ on the processor, thread by thread
#pragma once
#include <memory>

#include "tensor/backend.h"

namespace weft {

std::unique_ptr<Backend> make_emulated_backend();

}  // namespace weft
