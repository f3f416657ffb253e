// backends/cpu/thread_pool.cpp: spin briefly for the next job, then sleep
#include "backends/cpu/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <limits>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "tensor/threads.h"

namespace weft::cpu_kernels {
namespace {

using Clock = std::chrono::steady_clock;
// Waking a sleeping thread costs about this much; a pure spin would be ruinous when another process takes a core.
constexpr auto kSpin = std::chrono::microseconds(20);

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/// Spins until done() or until kSpin has passed; says which.
template <class Done>
bool spin_until(Done done) {
  const auto start = Clock::now();
  do {
    for (int i = 0; i < 64; ++i) {
      if (done()) return true;
      relax();
    }
  } while (Clock::now() - start < kSpin);
  return false;
}

thread_local bool inside_tile = false;

struct InsideTile {
  InsideTile() { inside_tile = true; }
  ~InsideTile() { inside_tile = false; }
};

class ThreadPool {
 public:
  ~ThreadPool() {
    {
      const std::lock_guard lock(sleep_);
      stop_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  /// False when another thread's job has the pool.
  bool run(int64_t tiles, TileFunction function, void* context) {
    const std::unique_lock owner(owner_, std::try_to_lock);
    if (!owner) return false;
    job_.function = function;
    job_.context = context;
    job_.tiles = tiles;
    job_.workers = static_cast<int>(std::min<int64_t>(num_threads(), tiles)) - 1;
    job_.next.store(0, std::memory_order_relaxed);
    job_.failed_tile = std::numeric_limits<int64_t>::max();
    job_.error = nullptr;
    while (static_cast<int>(threads_.size()) < job_.workers) {
      threads_.emplace_back([this, index = static_cast<int>(threads_.size())] { work(index); });
    }
    ++generation_;
    state_.store(generation_ << 32);
    if (sleepers_.load() > 0) {
      { const std::lock_guard lock(sleep_); }
      wake_.notify_all();
    }
    run_claimed();
    close();
    if (job_.error) std::rethrow_exception(std::exchange(job_.error, nullptr));
    return true;
  }

 private:
  // state_: generation << 32 | closed | number of workers inside the job. A worker that wakes late finds it closed.
  static constexpr uint64_t kClosed = uint64_t{1} << 31;
  static constexpr uint64_t kWorkersMask = kClosed - 1;

  struct Job {
    TileFunction function = nullptr;
    void* context = nullptr;
    int64_t tiles = 0;
    int workers = 0;
    alignas(64) std::atomic<int64_t> next{0};
    alignas(64) std::mutex error_mutex;
    int64_t failed_tile = 0;
    std::exception_ptr error;
  };

  void run_claimed() {
    const InsideTile inside;
    for (;;) {
      const int64_t tile = job_.next.fetch_add(1, std::memory_order_relaxed);
      if (tile >= job_.tiles) return;
      try {
        job_.function(job_.context, tile);
      } catch (...) {
        // Tiles are claimed in rising order, so every tile below this one runs: the lowest failure is always seen.
        const std::lock_guard lock(job_.error_mutex);
        if (tile < job_.failed_tile) {
          job_.failed_tile = tile;
          job_.error = std::current_exception();
        }
        job_.next.store(job_.tiles, std::memory_order_relaxed);
      }
    }
  }

  void close() {
    state_.fetch_or(kClosed);
    const auto empty = [this] { return (state_.load(std::memory_order_acquire) & kWorkersMask) == 0; };
    while (!spin_until(empty)) std::this_thread::yield();
  }

  bool has_new_job(uint64_t seen) const { return state_.load() >> 32 != seen; }

  void wait_for_job(uint64_t seen) {
    if (spin_until([&] { return has_new_job(seen); })) return;
    std::unique_lock lock(sleep_);
    sleepers_.fetch_add(1);
    wake_.wait(lock, [&] { return stop_ || has_new_job(seen); });
    sleepers_.fetch_sub(1);
  }

  void work(int index) {
    uint64_t seen = 0;
    for (;;) {
      wait_for_job(seen);
      uint64_t state = state_.load(std::memory_order_acquire);
      if (state >> 32 == seen) return;  // woken without a job: the pool ends
      seen = state >> 32;
      bool entered = false;
      while (!entered && !(state & kClosed) && state >> 32 == seen) {
        entered = state_.compare_exchange_weak(state, state + 1, std::memory_order_acq_rel);
      }
      if (!entered) continue;
      if (index < job_.workers) run_claimed();
      state_.fetch_sub(1, std::memory_order_release);
    }
  }

  std::mutex owner_;
  std::vector<std::thread> threads_;
  Job job_;
  uint64_t generation_ = 0;
  alignas(64) std::atomic<uint64_t> state_{kClosed};
  alignas(64) std::atomic<int> sleepers_{0};
  std::mutex sleep_;
  std::condition_variable wake_;
  bool stop_ = false;
};

ThreadPool& pool() {
  static ThreadPool instance;
  return instance;
}

}  // namespace

void run_tiles(int64_t tiles, TileFunction function, void* context) {
  if (!inside_tile && num_threads() > 1 && pool().run(tiles, function, context)) return;
  for (int64_t tile = 0; tile < tiles; ++tile) function(context, tile);
}

}  // namespace weft::cpu_kernels
