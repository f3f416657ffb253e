// backends/emulator/block.cpp: the scheduler, and __syncthreads
#include "backends/emulator/block.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "backends/emulator/thread_sanitizer.h"

namespace weft::emulated_gpu {

Block& block() {
  static Block* const only = new Block;
  return *only;
}

void Block::begin_launch(dim3 threads, size_t shared_bytes, ThreadBody body) {
  const unsigned count = static_cast<unsigned>(threads.count());
  body_ = body;
  ++launch_;
  shared_.begin_launch(shared_bytes);
  blockDim = threads;
  threads_.resize(count);
  unstarted_.size = 0;
  unsigned id = 0;
  for (unsigned z = 0; z < threads.z; ++z)
    for (unsigned y = 0; y < threads.y; ++y)
      for (unsigned x = 0; x < threads.x; ++x, ++id) {
        threads_[id] = {.index = {x, y, z}};
        unstarted_.push_back(id);
      }
  warps_.resize((count + warp_size - 1) / warp_size);
  for (Warp& warp : warps_) {
    warp.lanes = all_lanes;
    warp.meetings.reserve(warp_size);
  }
  if (count % warp_size != 0) warps_.back().lanes = (1u << count % warp_size) - 1;
  const size_t stacks = thread_sanitizer::active ? count : 1;
  while (fibers_.size() < stacks) fibers_.push_back(std::make_unique<Fiber>(Fiber::Stack::own));
  idle_.clear();
  idle_.reserve(most_threads);
  for (const auto& fiber : fibers_) idle_.push_back(fiber.get());
}

bool Block::run(uint64_t seed) {
  random_ = OrderRandom(seed);
  shared_.begin_block();
  for (Warp& warp : warps_) {
    warp.left = warp.syncs = 0;
    warp.meetings.clear();
  }
  ready_.size = at_barrier_.size = 0;
  unstarted_.size = static_cast<unsigned>(threads_.size());  // all, in the order in which the last block took them
  error_.clear();
  ended_ = 0;
  ++block_;
  interval_ = 0;

  home_.be_caller();
  set_running(draw());
  in_kernel_ = true;
  thread_sanitizer::release(&start_tag_);
  home_.switch_to(fiber_of(running_));
  thread_sanitizer::acquire(&end_tag_);
  in_kernel_ = false;
  if (error_.empty()) {
    error_ = shared_.damage();
  } else {
    for (const auto& fiber : fibers_) fiber->join(home_);
    fibers_.clear();  // with what was abandoned on them
  }
  return error_.empty();
}

// The root of every fiber: one thread, and another one for as long as those that are drawn have not begun.
void Block::run_threads() {
  Fiber::arrive();
  Block& self = block();
  try {
    for (;;) {
      thread_sanitizer::acquire(&self.start_tag_);
      self.body_.run(self.body_.arguments);
      thread_sanitizer::release(&self.end_tag_);
      self.end_thread();
    }
  } catch (const std::exception& error) {
    self.error_ = error.what();
  }
  self.threads_[self.running_].fiber->leave_to(self.home_);
}

// One of the threads that can go on, taken from their list.
unsigned Block::draw() {
  if (ready_.size + unstarted_.size == 0) misuse("deadlock: every thread waits: " + who_waits());
  const unsigned k = random_.below(ready_.size + unstarted_.size);
  return k < ready_.size ? ready_.take(k) : unstarted_.take(k - ready_.size);
}

// A thread that has not begun gets a stack.
Fiber& Block::fiber_of(unsigned id) {
  Fiber*& fiber = threads_[id].fiber;
  if (fiber == nullptr) {
    if (thread_sanitizer::active) {
      fiber = fibers_[id].get();
    } else {
      if (idle_.empty()) idle_.push_back(fibers_.emplace_back(std::make_unique<Fiber>(Fiber::Stack::own)).get());
      fiber = idle_.back();
      idle_.pop_back();
    }
    fiber->prepare(run_threads);
  }
  return *fiber;
}

void Block::set_running(unsigned id) {
  running_ = id;
  threadIdx = threads_[id].index;
}

// The running thread has been put where it will be found again.
void Block::wait() {
  Fiber& here = *threads_[running_].fiber;
  const unsigned next = draw();
  if (next == running_) return;
  Fiber& there = fiber_of(next);
  set_running(next);
  here.switch_to(there);
}

void Block::end_thread() {
  Warp& warp = warps_[running_ / warp_size];
  warp.left |= 1u << running_ % warp_size;
  ++ended_;
  if (!warp.meetings.empty() || at_barrier_.size > 0) check_end(warp, running_ % warp_size);
  Thread& thread = threads_[running_];
  if (ended_ == threads_.size()) {
    idle_.push_back(thread.fiber);
    std::exchange(thread.fiber, nullptr)->leave_to(home_);
  }
  const unsigned next = draw();
  Fiber* const here = std::exchange(thread.fiber, nullptr);
  set_running(next);
  if (threads_[next].fiber == nullptr && !thread_sanitizer::active) {
    threads_[next].fiber = here;
    return;
  }
  idle_.push_back(here);
  here->leave_to(fiber_of(next));
}

// A card would forgive some of this, and hang on the rest.
void Block::check_end(const Warp& warp, unsigned lane) {
  if (at_barrier_.size > 0) misuse("the thread left the kernel while others wait: " + who_waits());
  for (const Meeting& meeting : warp.meetings)
    if (meeting.mask >> lane & 1)
      misuse("the thread left the kernel while lanes of its warp wait for it: " + who_waits());
}

void Block::barrier(Site site) {
  if (ended_ > 0)
    misuse(
        fmt::format("__syncthreads at {}: {} of {} threads left the kernel", to_string(site), ended_, threads_.size()));
  if (at_barrier_.size > 0 && !same_place(site, barrier_site_))
    misuse(
        fmt::format("barrier in a branch: __syncthreads at {}, while others wait: {}", to_string(site), who_waits()));
  if (at_barrier_.size == 0) barrier_tag_ = new_tag();
  barrier_site_ = site;
  void* const tag = barrier_tag_;
  thread_sanitizer::release(tag);
  at_barrier_.push_back(running_);
  if (at_barrier_.size == threads_.size()) {
    while (at_barrier_.size > 0) ready_.push_back(at_barrier_.ids[--at_barrier_.size]);
    ++interval_;
  }
  wait();
  thread_sanitizer::acquire(tag);
}

Region& Block::shared_array(const void* key, size_t bytes) {
  Region* const array = shared_.array(key, bytes);
  if (array == nullptr)
    misuse(
        fmt::format("shared memory: no room for an array of {} bytes; hint: WEFT_SHARED may take {} bytes, and {} "
                    "together with the dynamic memory",
                    bytes, SharedArena::static_limit, SharedArena::limit));
  return *array;
}

std::byte* Block::shared_data(const void* key, size_t bytes) { return shared_array(key, bytes).data; }

void Block::misaligned(size_t bytes, Site site) {
  misuse(fmt::format("{}: the address is not a multiple of {}", to_string(site), bytes));
}

void Block::out_of_bounds(int64_t index, int64_t size, Site site) {
  misuse(fmt::format("{}: out of bounds: element {} of {}", to_string(site), index, size));
}

void Block::misuse(const std::string& error) {
  throw std::runtime_error(error);  // caught at the root of the fiber
}

std::string Block::who_waits() const {
  std::vector<std::string> groups;
  if (at_barrier_.size > 0)
    groups.push_back(fmt::format("{} of {} threads at __syncthreads ({})", at_barrier_.size, threads_.size(),
                                 to_string(barrier_site_)));
  for (size_t i = 0; i < warps_.size(); ++i)
    for (const Meeting& meeting : warps_[i].meetings)
      groups.push_back(fmt::format("lanes {:#010x} of warp {} at {} ({}) for lanes {:#010x}", meeting.arrived, i,
                                   name_of(meeting.op), to_string(meeting.site), meeting.mask & ~meeting.arrived));
  return fmt::format("{}", fmt::join(groups, ", "));
}

}  // namespace weft::emulated_gpu
