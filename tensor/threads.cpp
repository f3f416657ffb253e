// tensor/threads.cpp: how many threads the backends may use
#include "tensor/threads.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "tensor/error.h"

namespace weft {
namespace {

/// A container may own fewer cores than the machine has, so the affinity mask is asked first.
int usable_cores() {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  if (sched_getaffinity(0, sizeof(mask), &mask) == 0) return std::max(CPU_COUNT(&mask), 1);
  return std::max(static_cast<int>(std::thread::hardware_concurrency()), 1);
}

std::atomic<int>& setting() {
  static std::atomic<int> threads{usable_cores()};
  return threads;
}

}  // namespace

void set_num_threads(int n) {
  if (n < 1) fail("set_num_threads", "{} threads; hint: use 1 or more", n);
  setting().store(n);
}

int num_threads() { return setting().load(); }

}  // namespace weft
