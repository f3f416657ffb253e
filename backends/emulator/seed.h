// backends/emulator/seed.h: which order the threads of the emulated card run in
#pragma once
#include <cstdint>

namespace weft::emulated_gpu {

/// The order of blocks and threads is a pure function of this, of the number of launches since, and of the kernel.
/// At the start of the process it is 0, or what the environment's WEFT_EMU_SEED says, which the first launch refuses
/// when it is no number.
void set_emulator_seed(uint64_t seed);

}  // namespace weft::emulated_gpu
