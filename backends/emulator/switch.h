// backends/emulator/switch.h: from one stack to another in a dozen instructions
#pragma once
#include <cstddef>

namespace weft::emulated_gpu {

/// What to load so that entry(), which must never return, begins on an empty stack.
void* first_context(std::byte* stack, size_t bytes, void (*entry)());

/// Goes on in the context `load`. Returns when something loads what this call has put into *save.
void switch_context(void** save, void* load);

}  // namespace weft::emulated_gpu
