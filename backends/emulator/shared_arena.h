// backends/emulator/shared_arena.h: the shared memory of one block at a time
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "backends/emulator/region.h"

namespace weft::emulated_gpu {

/// Starts as 0xFF bytes (NaN, -1): what a kernel forgot to initialise shows. Red zones lie around each array.
class SharedArena {
 public:
  /// What a block may have on every card since 2020, and what WEFT_SHARED may take of it.
  static constexpr size_t limit = 99 << 10, static_limit = 48 << 10;

  void begin_launch(size_t dynamic_bytes);
  void begin_block();
  /// The memory that the launch asks for, WEFT_DYN_SHARED.
  Region& dynamic() { return *arrays_.front().region; }
  /// The array that `key` stands for: of all threads of a block the first one makes it. Null when there is no room.
  Region* array(const void* key, size_t bytes);
  /// "" or which red zone was written to.
  std::string damage() const;

 private:
  static constexpr size_t zone = 256, alignment = 16, most_arrays = 64;
  struct Array {
    const void* key;
    std::unique_ptr<Region> region;
  };
  void append(const void* key, size_t bytes);

  alignas(zone) std::byte bytes_[limit + (zone + alignment) * most_arrays];
  std::vector<Array> arrays_;  // the first one is the dynamic memory
  size_t end_ = 0, dynamic_bytes_ = 0, static_bytes_ = 0;
};

}  // namespace weft::emulated_gpu
