// tests/backends/emulator_faults_test.cpp: kernels with one fault each, and who finds it
//
//                              check mode                  raw pointers
// forgotten barrier            at the read                 NaN
// barrier in a branch          at the barrier              at the barrier
// wrong shuffle mask           at the shuffle              at the shuffle
// one element too far          at the access               red zone, after the launch; with ASan at the access
// memory never written         at the read                 NaN
// write after read             race, both lines            missed; with TSan both lines
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <cmath>

#include "tests/backends/emulated.h"

namespace weft::WEFT_GPU {

namespace {

using namespace test;

std::atomic<unsigned> wrong_line = 0;  // set by a kernel in front of its fault
std::string wrong_place() { return fmt::format("emulator_faults_test.cpp:{}", wrong_line.load()); }

// y[i] = x[n - 1 - i]
__global__ void reverse_without_barrier(gp<const float> x, gp<float> y) {
  WEFT_SHARED(float, row, 64);
  row[threadIdx.x] = x[threadIdx.x];
  wrong_line = __LINE__ + 1;
  y[threadIdx.x] = row[63 - threadIdx.x];
}

__global__ void reverse_in_place(gp<float> x) {
  const float mine = x[63 - threadIdx.x];
  wrong_line = __LINE__ + 1;
  x[threadIdx.x] = mine;
}

__global__ void barrier_in_branch(gp<float> y) {
  if (threadIdx.x % 2 == 0) __syncthreads();
  else __syncthreads();
  y[threadIdx.x] = 1;
}

__global__ void barrier_after_return(gp<float> y) {
  if (threadIdx.x == 5) return;
  __syncthreads();
  y[threadIdx.x] = 1;
}

__global__ void sum_of_unwritten(gp<float> y) {
  WEFT_SHARED(float, total);
  if (threadIdx.x == 0) y[0] = total + 1;
}

__global__ void mask_without_caller(gp<float> y) {
  wrong_line = __LINE__ + 1;
  y[threadIdx.x] = __shfl_down_sync(0x0000FFFF, 1.0f, 1);
}

__global__ void mask_of_half_in_branch(gp<float> y) {
  if (threadIdx.x < 16) y[threadIdx.x] = __shfl_xor_sync(all_lanes, 1.0f, 1);
  else y[threadIdx.x] = 0;
}

__global__ void two_masks(gp<float> y) {
  const unsigned mask = threadIdx.x < 16 ? all_lanes : 0xFFFF0000;
  y[threadIdx.x] = __shfl_xor_sync(mask, 1.0f, 1);
}

__global__ void source_outside_of_mask(gp<float> y) {
  if (threadIdx.x < 16) y[threadIdx.x] = __shfl_down_sync(0x0000FFFF, 1.0f, 1);
}

__global__ void half_a_warp(gp<float> y) { y[threadIdx.x] = __shfl_xor_sync(all_lanes, 1.0f, 1); }

__global__ void warp_waits_for_block(gp<float> y) {
  if (threadIdx.x < 16) __syncthreads();
  else __syncwarp();
  y[threadIdx.x] = 1;
}

__global__ void four_from_odd_address(gp<const float> x, gp<float> y) {
  wrong_line = __LINE__ + 1;
  y[0] = ldv<float4>(x + 1).x;
}

__global__ void too_much_shared(gp<float> y) {
  WEFT_SHARED(float, much, 13000);
  much[0] = 1;
  y[0] = much[0];
}

__global__ void behind_shared(gp<float> y) {
  WEFT_DYN_SHARED(float, row);
  row[threadIdx.x] = 1;
  y[threadIdx.x] = row[threadIdx.x];
}

#if !defined(__SANITIZE_ADDRESS__) || defined(WEFT_EMULATOR_CHECK)
__global__ void add_one_too_many(gp<const float> x, gp<float> y, int64_t n) {
  const int64_t i = blockIdx.x * int64_t{blockDim.x} + threadIdx.x;
  const float value = i < n ? x[i] : 0.0f;
  wrong_line = __LINE__ + 1;
  if (i <= n) y[i] = value;
}
#endif

#ifdef WEFT_EMULATOR_CHECK
__global__ void wrong_inner_index(gp<float> y) {
  WEFT_SHARED(float, tile, 4, 8);
  tile[0][threadIdx.x] = 1;
  y[threadIdx.x] = 1;
}

__global__ void blocks_write_one_element(gp<float> y) { y[0] = 1; }

__global__ void warp_passes_on(gp<float> y, bool synchronised) {
  WEFT_SHARED(float, row, 32);
  row[threadIdx.x] = 0;
  __syncthreads();
  row[threadIdx.x] = 1;
  if (synchronised) __syncwarp();
  y[threadIdx.x] = row[31 - threadIdx.x];
}
#endif

// The error of launching with one block of 32 threads
template <class Kernel>
std::string error_of_warp(Kernel kernel) {
  const Floats y(32);
  return error_of([&] { launch(kernel, 1, 32, 0, y); });
}

}  // namespace

// Would end the program where the thread sanitizer watches: a test of its own (tests/CMakeLists.txt) asks for it there.
#if defined(__SANITIZE_THREAD__)
#define WEFT_RACES *doctest::skip()
#else
#define WEFT_RACES
#endif

TEST_CASE("emulator: a forgotten barrier" WEFT_RACES) {
  const Floats x(ramp(64)), y(64);
  const std::string error = error_of([&] { launch(reverse_without_barrier, 1, 64, 0, x, y); });
  if (check_mode) {
    CHECK(contains(error, "reads memory that nobody has written"));
    CHECK(contains(error, wrong_place()));
  } else {
    bool has_nan = false;
    for (const float value : y.values()) has_nan |= std::isnan(value);
    CHECK(has_nan);
  }
}

TEST_CASE("emulator: a write after a read without a barrier" WEFT_RACES) {
  const Floats x(ramp(64));
  const std::string error = error_of([&] { launch(reverse_in_place, 1, 64, 0, x); });
  if (check_mode) {
    CHECK(contains(error, "race"));
    CHECK(contains(error, wrong_place()));
  } else {
    CHECK(error == "");  // missed, and so are the values: each element was read before or after it was written
    const std::vector<float> before = ramp(64), after = x.values();
    for (size_t i = 0; i < 64; ++i) CHECK((after[i] == before[i] || after[i] == before[63 - i]));
  }
}

#if !defined(__SANITIZE_ADDRESS__) || defined(WEFT_EMULATOR_CHECK)
TEST_CASE("emulator: one element too far") {
  const Floats x(ramp(100)), y(100);
  const std::string error = error_of([&] { launch(add_one_too_many, 4, 32, 0, x, y, 100); });
  if (check_mode) {
    CHECK(contains(error, "element 100 of 100"));
    CHECK(contains(error, wrong_place()));
    CHECK(contains(error, "thread (4, 0, 0) of block (3, 0, 0)"));
  } else {
    CHECK(contains(error, "byte 400 of a tensor of 400 bytes was written"));
  }
  CHECK(error_of([&] { launch(add_one_too_many, 4, 32, 0, x, y, 99); }) == "");
}
#endif

TEST_CASE("emulator: barriers that not all threads reach together") {
  set_emulator_seed(7);
  const std::string in_branch = error_of_warp(barrier_in_branch);
  CHECK(contains(in_branch, "barrier in a branch"));
  CHECK(contains(in_branch, "emulator_faults_test.cpp:"));
  CHECK(contains(in_branch, "launch 1 of seed 7"));
  const std::string left = error_of_warp(barrier_after_return);
  CHECK(contains(left, "left the kernel"));
  const std::string deadlock = error_of_warp(warp_waits_for_block);
  CHECK(contains(deadlock, "deadlock"));
  CHECK(contains(deadlock, "16 of 32 threads at __syncthreads"));
  CHECK(contains(deadlock, "__syncwarp"));
}

TEST_CASE("emulator: shared memory never written") {
  const Floats y(1);
  const std::string error = error_of([&] { launch(sum_of_unwritten, 1, 32, 0, y); });
  if (check_mode) CHECK(contains(error, "nobody has written"));
  else CHECK(std::isnan(y.values()[0]));
}

TEST_CASE("emulator: wrong masks of warp operations") {
  const std::string without_caller = error_of_warp(mask_without_caller);
  CHECK(contains(without_caller, "does not name lane"));
  CHECK(contains(without_caller, wrong_place()));
  const std::string half = error_of_warp(mask_of_half_in_branch);
  CHECK(contains(half, "left the kernel"));
  CHECK(contains(error_of_warp(two_masks), "the mask here is"));
  CHECK(contains(error_of_warp(source_outside_of_mask), "lane 15 reads lane 16"));
  const Floats y(16);
  CHECK(contains(error_of([&] { launch(half_a_warp, 1, 16, 0, y); }), "which the block does not have"));
}

TEST_CASE("emulator: a vector at an address that is no multiple of its size") {
  const Floats x(ramp(8)), y(1);
  const std::string error = error_of([&] { launch(four_from_odd_address, 1, 1, 0, x, y); });
  CHECK(contains(error, "not a multiple of 16"));
  CHECK(contains(error, wrong_place()));
}

TEST_CASE("emulator: shared memory that is too small") {
  CHECK(contains(error_of_warp(too_much_shared), "no room for an array of 52000 bytes"));
  const Floats y(32);
  CHECK(error_of([&] { launch(behind_shared, 1, 32, 128, y); }) == "");
  CHECK(contains(error_of([&] { launch(behind_shared, 1, 32, 124, y); }),
                 check_mode ? "element 31 of 31" : "behind the dynamic memory of 124 bytes"));
}

TEST_CASE("emulator: launches that no card takes") {
  const Floats y(32);
  CHECK(contains(error_of([&] { launch(half_a_warp, 0, 32, 0, y); }), "has no threads"));
  CHECK(contains(error_of([&] { launch(half_a_warp, {1, 65536}, 32, 0, y); }), "at most (2147483647, 65535, 65535)"));
  CHECK(contains(error_of([&] { launch(half_a_warp, 1, 1025, 0, y); }), "at most 1024 threads"));
  CHECK(contains(error_of([&] { launch(half_a_warp, 1, 32, 1 << 20, y); }), "1048576 bytes of shared memory"));
  float on_host[32];
  CHECK(contains(error_of([&] { launch(half_a_warp, 1, 32, 0, on_host); }), "a host pointer was given to a kernel"));
}

TEST_CASE("emulator: copies stay inside of an allocation") {
  const Floats y(8);
  std::byte on_host[64] = {};
  CHECK(contains(error_of([&] { copy_to_device(reinterpret_cast<std::byte*>(y + 1), on_host, 32); }),
                 "one live allocation"));
  CHECK(contains(error_of([&] { copy_to_host(on_host, on_host, 32); }), "one live allocation"));
}

#ifdef WEFT_EMULATOR_CHECK
TEST_CASE("emulator: what only check mode finds") {
  CHECK(contains(error_of_warp(wrong_inner_index), " of 8"));
  const Floats y(32);
  CHECK(contains(error_of([&] { launch(blocks_write_one_element, 2, 1, 0, y); }), "of another block"));
  CHECK(error_of([&] { launch(blocks_write_one_element, 1, 1, 0, y); }) == "");
  CHECK(error_of([&] { launch(warp_passes_on, 1, 32, 0, y, true); }) == "");
  CHECK(contains(error_of([&] { launch(warp_passes_on, 1, 32, 0, y, false); }), "race"));
  const gp<const float> on_card(y);
  CHECK(contains(error_of([&] { (void)float(on_card[0]); }), ": device memory was touched by the host"));
}
#endif

}  // namespace weft::WEFT_GPU
