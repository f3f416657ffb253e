// backends/emulator/access_log.h: who read and who wrote each element last, to find races (check mode only)
//
// Two accesses by different threads are a race when one of them writes and nothing orders them: in one block a
// __syncthreads between them does, in one warp a __syncwarp of all its lanes; between the blocks of a launch nothing
// does. Two atomic operations never race. A shuffle orders no memory.
#pragma once
#include <cstdint>
#include <vector>

#include "backends/emulator/site.h"

namespace weft::emulated_gpu {

#if defined(WEFT_EMULATOR_CHECK)
inline constexpr bool check_mode = true;
#else
inline constexpr bool check_mode = false;
#endif

/// Where and when a thread touches memory.
struct Moment {
  uint32_t launch = 0, block = 0;   ///< numbers of the launch and of the block, since the start of the process
  uint32_t interval = 0, sync = 0;  ///< barriers that the block, and the warp, has passed
  uint16_t thread = 0;              ///< number in its block
  Site site;
};

enum class AccessKind : uint8_t { read, write, atomic };

/// Of one allocation, or of one array in shared memory, which knows only the block that runs.
class AccessLog {
 public:
  AccessLog(int64_t bytes, bool of_one_block) : bytes_(bytes), of_one_block_(of_one_block) {}

  /// `size` bytes from byte `offset` on, both inside. Ends the launch when it is a race, or reads what nobody wrote.
  void access(AccessKind kind, int64_t offset, int64_t size, const Moment& now);
  /// From outside of kernels.
  void host_wrote(int64_t offset, int64_t size);

 private:
  struct Cell {
    uint32_t stamp = 0;  // of the launch or block that the rest is about
    bool written = false, has_write = false, has_read = false, atomic = false;
    bool several_lanes = false, several_warps = false, several_blocks = false;  // have read
    Moment write, read;                                                         // the last ones
  };
  void refine(int64_t unit);
  void on_read(Cell& cell, const Moment& now);
  void on_write(Cell& cell, const Moment& now, bool atomic);

  int64_t bytes_, unit_ = 0;  // a cell stands for 1, 2 or 4 bytes: the smallest element that was touched
  bool of_one_block_;
  std::vector<Cell> cells_;
};

}  // namespace weft::emulated_gpu
