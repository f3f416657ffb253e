// backends/emulator/shared_arena.cpp: zone | dynamic memory | zone | array | zone | array | zone ...
#include "backends/emulator/shared_arena.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "backends/emulator/thread_sanitizer.h"

namespace weft::emulated_gpu {

void SharedArena::append(const void* key, size_t bytes) {
  arrays_.push_back({key, std::make_unique<Region>(bytes_ + end_, static_cast<int64_t>(bytes), true)});
  const thread_sanitizer::IgnoreWrites between_two_threads;
  std::memset(bytes_ + end_, unwritten_byte, bytes);
  std::memset(bytes_ + end_ + bytes, zone_byte, zone);
  end_ = (end_ + bytes + zone + alignment - 1) / alignment * alignment;
}

void SharedArena::begin_launch(size_t dynamic_bytes) {
  arrays_.clear();
  arrays_.reserve(most_arrays);
  std::memset(bytes_, zone_byte, zone);
  end_ = zone;
  static_bytes_ = 0;
  dynamic_bytes_ = dynamic_bytes;
  append(nullptr, dynamic_bytes);
}

void SharedArena::begin_block() {
  for (const Array& array : arrays_)
    std::memset(array.region->data, unwritten_byte, static_cast<size_t>(array.region->bytes));
}

Region* SharedArena::array(const void* key, size_t bytes) {
  for (const Array& array : arrays_)
    if (array.key == key) return array.region.get();
  if (static_bytes_ + bytes > static_limit || static_bytes_ + bytes + dynamic_bytes_ > limit) return nullptr;
  if (arrays_.size() == most_arrays) return nullptr;
  static_bytes_ += bytes;
  append(key, bytes);
  return arrays_.back().region.get();
}

std::string SharedArena::damage() const {
  const auto intact = [](const std::byte* from) {
    return std::all_of(from, from + zone, [](std::byte b) { return b == std::byte{zone_byte}; });
  };
  if (!intact(bytes_)) return "shared memory: something was written in front of the first array";
  for (const Array& array : arrays_)
    if (!intact(array.region->data + array.region->bytes))
      return fmt::format("shared memory: something was written behind {} of {} bytes",
                         array.key == nullptr ? "the dynamic memory" : "an array", array.region->bytes);
  return "";
}

}  // namespace weft::emulated_gpu
