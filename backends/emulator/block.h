// backends/emulator/block.h: runs one block after another, the threads of each in a random order, and lets them meet
//
// A thread runs until it waits for others, at a barrier or in a warp; then another one is drawn from those that can go
// on and those that have not begun. A kernel that never waits needs one stack: its threads follow one another there.
#pragma once
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "backends/emulator/fiber.h"
#include "backends/emulator/random.h"
#include "backends/emulator/shared_arena.h"
#include "backends/emulator/site.h"
#include "backends/emulator/types.h"

namespace weft::emulated_gpu {

/// Of the thread that runs; kernels read them.
inline uint3 threadIdx, blockIdx;
inline dim3 blockDim, gridDim;

inline constexpr unsigned most_threads = 1024, warp_size = 32, all_lanes = 0xFFFFFFFF;

/// The body of one thread: the kernel with its arguments.
struct ThreadBody {
  void (*run)(const void* arguments) = nullptr;
  const void* arguments = nullptr;
};

class Block {
 public:
  /// Before the first block of a launch: sizes and body of every block.
  void begin_launch(dim3 threads, size_t shared_bytes, ThreadBody body);
  /// Runs all threads of the block blockIdx. False when they cannot: error() says why.
  bool run(uint64_t seed);
  const std::string& error() const { return error_; }

  // For the thread that runs ---------------------------------------------------------------------------------------
  void barrier(Site site);
  /// What comes back when all lanes of `mask` have come: of a shuffle another lane's bits, else the mask of lanes whose
  /// bits are not 0. `argument` and `width` are the shuffle's.
  uint64_t exchange(WarpOp op, unsigned mask, uint64_t bits, unsigned argument, unsigned width, Site site);
  Region& shared_array(const void* key, size_t bytes);
  std::byte* shared_data(const void* key, size_t bytes);
  SharedArena& shared() { return shared_; }
  bool in_kernel() const { return in_kernel_; }
  Moment now(Site site) const {
    const uint32_t sync = warps_[running_ / warp_size].syncs;
    return {launch_, block_, interval_, sync, static_cast<uint16_t>(running_), site};
  }
  /// Ends the launch: every thread is abandoned where it stands.
  [[noreturn]] void misuse(const std::string& error);
  [[noreturn]] void misaligned(size_t bytes, Site site);
  [[noreturn]] void out_of_bounds(int64_t index, int64_t size, Site site);

 private:
  struct Thread {
    uint3 index;
    Fiber* fiber = nullptr;  // null before it begins and after it has ended
    uint64_t result = 0;     // of an exchange
  };
  // Lanes of one warp on their way to the same warp operation.
  struct Meeting {
    WarpOp op;
    unsigned mask;
    Site site;
    void* tag;
    unsigned arrived = 0;
    uint64_t bits[warp_size] = {};
    uint8_t source[warp_size] = {};
  };
  struct Warp {
    unsigned lanes = 0, left = 0;  // those there are, those that have ended
    uint32_t syncs = 0;            // __syncwarp of all lanes, so far
    std::vector<Meeting> meetings;
  };

  // At most all threads of a block.
  struct ThreadList {
    unsigned size = 0;
    unsigned ids[most_threads];
    void push_back(unsigned id) { ids[size++] = id; }
    unsigned take(unsigned i) {
      std::swap(ids[i], ids[--size]);
      return ids[size];
    }
  };

  static void run_threads();
  unsigned draw();
  Fiber& fiber_of(unsigned id);
  void set_running(unsigned id);
  void* new_tag() { return &tags_[next_tag_++ % std::size(tags_)]; }
  void wait();
  void end_thread();
  void check_end(const Warp& warp, unsigned lane);
  Meeting& meeting_of(Warp& warp, WarpOp op, unsigned mask, Site site);
  void settle(Warp& warp, const Meeting& meeting);
  std::string who_waits() const;

  ThreadBody body_;
  OrderRandom random_;
  SharedArena shared_;
  Fiber home_{Fiber::Stack::of_caller};  // whoever called run()
  std::vector<std::unique_ptr<Fiber>> fibers_;
  std::vector<Fiber*> idle_;
  std::vector<Thread> threads_;
  std::vector<Warp> warps_;
  ThreadList unstarted_, ready_, at_barrier_;  // those that have begun and can go on are ready
  Site barrier_site_;                          // of those at the barrier
  void* barrier_tag_ = nullptr;
  uint32_t launch_ = 0, block_ = 0, interval_ = 0;  // numbers, and barriers so far
  unsigned ended_ = 0, running_ = 0;
  bool in_kernel_ = false;
  // For the thread sanitizer: a tag orders those that meet. The oldest is used again.
  uint64_t start_tag_ = 0, end_tag_ = 0, tags_[1024] = {}, next_tag_ = 0;
  std::string error_;
};

/// The one multiprocessor of the emulated card; launch() holds its lock.
Block& block();

template <class V>
void check_alignment(const void* address, Site site) {
  if (reinterpret_cast<uintptr_t>(address) % alignof(V) != 0) block().misaligned(alignof(V), site);
}

}  // namespace weft::emulated_gpu
