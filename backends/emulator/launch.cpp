// backends/emulator/launch.cpp: the checks of a launch, its blocks in a random order, and what went wrong in words
#include "backends/emulator/launch.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <numeric>

#include "tensor/error.h"

namespace weft::emulated_gpu {

namespace {

uint64_t seed_at_start() {
  const char* const wish = std::getenv("WEFT_EMU_SEED");
  if (wish == nullptr) return 0;
  uint64_t seed = 0;
  const char* const end = wish + std::strlen(wish);
  if (const auto [last, error] = std::from_chars(wish, end, seed); error != std::errc{} || last != end)
    fail("WEFT_EMU_SEED", "'{}' is no seed; hint: use a number from 0 to 18446744073709551615", wish);
  return seed;
}

struct Launches {
  std::mutex one_at_a_time;  // a card's stream
  uint64_t seed = seed_at_start(), count = 0;
};

Launches& launches() {
  static Launches* const only = new Launches;
  return *only;
}

std::string in_brackets(const dim3& size) { return fmt::format("({}, {}, {})", size.x, size.y, size.z); }
std::string in_brackets(const uint3& index) { return fmt::format("({}, {}, {})", index.x, index.y, index.z); }

void check_sizes(const Grid& grid, dim3 block, size_t shared_bytes) {
  const auto refuse_size = [&](const std::string& text) { fail("launch at " + to_string(grid.site), "{}", text); };
  if (grid.count() == 0 || block.count() == 0)
    refuse_size(fmt::format("grid {} of blocks {} has no threads; hint: nothing to do is nothing to launch",
                            in_brackets(grid), in_brackets(block)));
  if (grid.x > 0x7FFFFFFF || grid.y > 65535 || grid.z > 65535)
    refuse_size(fmt::format("grid {}; hint: at most (2147483647, 65535, 65535)", in_brackets(grid)));
  if (block.count() > most_threads || block.z > 64)
    refuse_size(fmt::format("block {}; hint: at most {} threads, and z at most 64", in_brackets(block), most_threads));
  if (shared_bytes > SharedArena::limit)
    refuse_size(fmt::format("{} bytes of shared memory; hint: at most {}", shared_bytes, SharedArena::limit));
}

// Every index once: start, start + step, ... modulo count, with a step that has no divisor in common with count.
class ShuffledBlocks {
 public:
  ShuffledBlocks(uint64_t count, OrderRandom& random) : count_(count), at_(random.next() % count) {
    do step_ = 1 + random.next() % count;
    while (std::gcd(step_, count) != 1);
  }
  uint64_t next() { return at_ = (at_ + step_) % count_; }

 private:
  uint64_t count_, at_, step_ = 1;
};

}  // namespace

void set_emulator_seed(uint64_t seed) {
  const std::lock_guard lock(launches().one_at_a_time);
  launches().seed = seed;
  launches().count = 0;
}

std::string describe_card() {
  const std::lock_guard lock(launches().one_at_a_time);
  return fmt::format("CUDA kernels on the processor, thread by thread, in the order of seed {}", launches().seed);
}

void refuse(const char* fact, const Site& site) { fail(to_string(site), "{}", fact); }

void run_grid(const Grid& grid, dim3 threads, size_t shared_bytes, ThreadBody body, const void* words,
              size_t word_bytes) {
  check_sizes(grid, threads, shared_bytes);
  const std::lock_guard lock(launches().one_at_a_time);
  OrderRandom random(launches().seed * 0x9E3779B97F4A7C15 + launches().count++);
  const auto stop = [&](const std::string& where, const std::string& error) {
    fail(fmt::format("kernel launched at {}", to_string(grid.site)),
         "{}\n  {}in {}, grid {}, block {}, launch {} of seed {}", error, where, grid.site.function_name(),
         in_brackets(grid), in_brackets(threads), launches().count, launches().seed);
  };
  gridDim = grid;
  block().begin_launch(threads, shared_bytes, body);
  ShuffledBlocks order(grid.count(), random);
  for (uint64_t i = 0; i < grid.count(); ++i) {
    const uint64_t index = order.next();
    blockIdx = {static_cast<unsigned>(index % grid.x), static_cast<unsigned>(index / grid.x % grid.y),
                static_cast<unsigned>(index / grid.x / grid.y)};
    if (!block().run(random.next()))
      stop(fmt::format("thread {} of block {}, ", in_brackets(threadIdx), in_brackets(blockIdx)), block().error());
  }
  if (const std::string damage = damaged_zones(words, word_bytes); !damage.empty()) stop("", damage);
}

}  // namespace weft::emulated_gpu
