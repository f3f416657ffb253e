// tests/backends/cpu_memory_test.cpp: the memory pool keeps what it got
#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <vector>

#include "backends/cpu/memory_pool.h"
#include "tensor/conv.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/matmul.h"
#include "tensor/reduce.h"

using namespace weft;
using cpu_kernels::MemoryPool;

TEST_CASE("memory pool: blocks are aligned, disjoint and as large as asked") {
  MemoryPool pool;
  struct Block {
    std::byte* data;
    int64_t bytes;
  };
  std::vector<Block> blocks;
  for (const int64_t bytes : {0, 1, 63, 64, 65, 511, 513, 1000, 4096, 70000, 1 << 20, (4 << 20) + 1, 9 << 20}) {
    blocks.push_back({pool.allocate(bytes), bytes});
    CHECK(reinterpret_cast<uintptr_t>(blocks.back().data) % 64 == 0);
    std::memset(blocks.back().data, static_cast<int>(blocks.size()), static_cast<size_t>(bytes));
  }
  for (size_t i = 0; i < blocks.size(); ++i) {
    CAPTURE(blocks[i].bytes);
    const auto value = static_cast<std::byte>(i + 1);
    if (blocks[i].bytes == 0) continue;
    CHECK(blocks[i].data[0] == value);
    CHECK(blocks[i].data[blocks[i].bytes - 1] == value);
  }
  for (const Block& block : blocks) pool.deallocate(block.data, block.bytes);
  CHECK(pool.stats().in_use == 0);
}

TEST_CASE("memory pool: freed blocks are used again, and the counts say so") {
  MemoryPool pool;
  for (const int64_t bytes : {100, 5000, 20 << 20}) {
    CAPTURE(bytes);
    std::byte* first = pool.allocate(bytes);
    const int64_t asked = pool.stats().from_system, in_use = pool.stats().in_use;
    CHECK(in_use >= bytes);
    pool.deallocate(first, bytes);
    CHECK(pool.stats().cached >= bytes);
    CHECK(pool.allocate(bytes) == first);
    CHECK(pool.stats().from_system == asked);
    CHECK(pool.stats().in_use == in_use);
    pool.deallocate(first, bytes);
  }
  CHECK(pool.stats().peak >= 20 << 20);
}

TEST_CASE("memory pool: a request beyond reason is OutOfMemory with its numbers") {
  MemoryPool pool;
  std::byte* kept = pool.allocate(20 << 20);
  pool.deallocate(kept, 20 << 20);
  try {
    pool.allocate(int64_t{1} << 55);
    FAIL("nothing was thrown");
  } catch (const OutOfMemory& error) {
    CHECK(std::string(error.what()).find("36028797018963968 bytes asked for") != std::string::npos);
    CHECK(std::string(error.what()).find("out of memory") != std::string::npos);
  }
  CHECK(pool.stats().cached == 0);  // the cache was emptied first
  CHECK(pool.stats().in_use == 0);
  CHECK_THROWS_AS(pool.allocate(-1), OutOfMemory);
}

TEST_CASE("cpu: a repeated step takes nothing new from the system") {
  const auto step = [] {
    const Tensor x = full({64, 1, 28, 28}, 0.5, {.device = cpu}), weight = full({16, 1, 7, 7}, 0.1, {.device = cpu});
    const Tensor y = relu(conv2d(x, weight, {{1, 1}, {3, 3}}));
    const Tensor dw = conv2d_weight_gradient(x, y, {7, 7}, {{1, 1}, {3, 3}});
    return sum(matmul(y.reshape({64, -1}), ones({16 * 28 * 28, 10}, {.device = cpu}))) + sum(dw);
  };
  step();
  step();
  const MemoryStats before = memory_stats(cpu);
  for (int i = 0; i < 5; ++i) step();
  CHECK(memory_stats(cpu).from_system == before.from_system);
  CHECK(memory_stats(cpu).in_use == before.in_use);
}
