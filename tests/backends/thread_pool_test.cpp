// tests/backends/thread_pool_test.cpp: every tile once, errors come back, nested calls do not hang
#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "backends/cpu/thread_pool.h"
#include "tensor/threads.h"

using namespace weft;
using cpu_kernels::parallel_for;
using cpu_kernels::parallel_ranges;

namespace {

struct Threads {
  int before = num_threads();
  explicit Threads(int n) { set_num_threads(n); }
  ~Threads() { set_num_threads(before); }
};

}  // namespace

TEST_CASE("thread pool: every tile runs once, also after the number of threads changed") {
  const Threads restore(1);
  for (const int threads : {1, 4, 2, 3, 1, 4}) {
    set_num_threads(threads);
    for (const int64_t tiles : {0, 1, 2, 3, 100, 1000}) {
      std::vector<std::atomic<int>> runs(static_cast<size_t>(tiles));
      parallel_for(tiles, [&](int64_t tile) { ++runs[static_cast<size_t>(tile)]; });
      for (const auto& count : runs) CHECK(count == 1);
    }
  }
}

TEST_CASE("thread pool: many short jobs in a row lose none") {
  const Threads threads(4);
  std::atomic<int64_t> total = 0;
  for (int job = 0; job < 20000; ++job) parallel_for(4, [&](int64_t tile) { total += tile; });
  CHECK(total == 20000 * 6);
}

TEST_CASE("thread pool: ranges cover everything, the last may be short") {
  const Threads threads(3);
  std::vector<std::atomic<int>> seen(1003);
  parallel_ranges(1003, 100, [&](int64_t begin, int64_t end) {
    CHECK(end - begin == (begin == 1000 ? 3 : 100));
    for (int64_t i = begin; i < end; ++i) ++seen[static_cast<size_t>(i)];
  });
  for (const auto& count : seen) CHECK(count == 1);
}

TEST_CASE("thread pool: the exception of the lowest tile comes back, and the pool still works") {
  const Threads threads(4);
  for (int repeat = 0; repeat < 50; ++repeat) {
    std::string message;
    try {
      parallel_for(64, [](int64_t tile) {
        if (tile >= 5) throw std::runtime_error("tile " + std::to_string(tile));
      });
    } catch (const std::runtime_error& error) {
      message = error.what();
    }
    CHECK(message == "tile 5");
  }
  std::atomic<int> count = 0;
  parallel_for(64, [&](int64_t) { ++count; });
  CHECK(count == 64);
}

TEST_CASE("thread pool: a call inside a tile runs on that tile's thread") {
  const Threads threads(4);
  std::atomic<int> count = 0, elsewhere = 0;
  parallel_for(8, [&](int64_t) {
    const std::thread::id outer = std::this_thread::get_id();
    parallel_for(8, [&](int64_t) {
      ++count;
      if (std::this_thread::get_id() != outer) ++elsewhere;
    });
  });
  CHECK(count == 64);
  CHECK(elsewhere == 0);
}

TEST_CASE("thread pool: several callers at once") {
  const Threads threads(3);
  std::atomic<int64_t> total = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      for (int job = 0; job < 500; ++job) parallel_for(7, [&](int64_t tile) { total += tile; });
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(total == 4 * 500 * 21);
}
