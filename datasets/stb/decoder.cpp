// datasets/stb/decoder.cpp: stb_image, compiled here alone: PNG and JPEG from memory, array bounds checked at run time
#include "datasets/stb/decoder.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "datasets/image_file.h"

namespace weft::datasets {
namespace {

/// What is left of a DecoderMemory. Blocks follow each other; the last one may grow, and none is given back.
struct Arena {
  std::span<std::byte> free;
  std::byte* last = nullptr;
};
thread_local Arena arena;
thread_local bool has_arena = false;

void* take_memory(size_t size) {
  if (!has_arena) return std::malloc(size);
  constexpr size_t kAlignment = alignof(std::max_align_t);
  if (size > arena.free.size() || arena.free.size() - size < kAlignment) return nullptr;
  arena.last = arena.free.data();
  arena.free = arena.free.subspan((size + kAlignment - 1) / kAlignment * kAlignment);
  return arena.last;
}

void* grow_memory(void* block, size_t old_size, size_t size) {
  if (!has_arena) return std::realloc(block, size);
  if (block != nullptr && block == arena.last) {
    arena.free = {arena.last, arena.free.data() + arena.free.size()};
    return take_memory(size);  // at the same place
  }
  void* grown = take_memory(size);
  if (grown != nullptr && block != nullptr) std::memcpy(grown, block, std::min(old_size, size));
  return grown;
}

void give_back_memory(void* block) {
  if (!has_arena) std::free(block);
}

}  // namespace
}  // namespace weft::datasets

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC  // a program with a copy of its own can link with ours
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_ASSERT(condition) ((condition) ? (void)0 : __builtin_trap())
#define STBI_MALLOC(size) weft::datasets::take_memory(size)
#define STBI_REALLOC_SIZED(block, old_size, size) weft::datasets::grow_memory(block, old_size, size)
#define STBI_FREE(block) weft::datasets::give_back_memory(block)
#include <stb/stb_image.h>

namespace weft::datasets {

DecoderMemory::DecoderMemory(std::span<std::byte> memory) {
  arena = {memory};
  has_arena = true;
}

DecoderMemory::~DecoderMemory() { has_arena = false; }

void FreePixels::operator()(uint8_t* pixels) const { stbi_image_free(pixels); }

bool is_within_limits(PixelSize size) {
  const auto [height, width] = size;
  return width >= 1 && height >= 1 && width <= kLargestImageSide && height <= kLargestImageSide &&
         height * width <= kLargestImagePixels;
}

DecodedPixels decode_pixels(std::span<const uint8_t> bytes, int64_t channels) {
  int width = 0, height = 0, stored = 0;
  const auto count = static_cast<int>(bytes.size());
  if (stbi_info_from_memory(bytes.data(), count, &width, &height, &stored) == 0) return {.why = stbi_failure_reason()};
  DecodedPixels decoded{.size = {height, width}};
  if (!is_within_limits(decoded.size)) return decoded;
  decoded.pixels.reset(
      stbi_load_from_memory(bytes.data(), count, &width, &height, &stored, static_cast<int>(channels)));
  if (decoded.pixels == nullptr) decoded.why = stbi_failure_reason();
  else if (decoded.size != PixelSize{height, width}) {
    decoded.pixels.reset();
    decoded.why = "it has two sizes";
  }
  return decoded;
}

}  // namespace weft::datasets
