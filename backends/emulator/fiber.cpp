// backends/emulator/fiber.cpp: stacks above a page that may not be touched, and what a sanitizer wants to hear
#include "backends/emulator/fiber.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

#include "backends/emulator/switch.h"
#include "backends/emulator/thread_sanitizer.h"
#include "tensor/error.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace weft::emulated_gpu {

namespace {

size_t page_bytes() {
  static const size_t bytes = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

[[maybe_unused]] Fiber* left_fiber = nullptr;  // the one that the running fiber came from

}  // namespace

Fiber::Fiber(Stack stack) {
  if (stack == Stack::of_caller) return;
  void* const mapping = mmap(nullptr, page_bytes() + stack_bytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) throw OutOfMemory("emulator: no memory for the stack of a thread");
  mapping_ = static_cast<std::byte*>(mapping);
  mprotect(mapping_, page_bytes(), PROT_NONE);
  stack_ = mapping_ + page_bytes();
  known_stack_ = stack_;
  known_bytes_ = stack_bytes;
  tsan_fiber_ = thread_sanitizer::create();
}

Fiber::~Fiber() {
  if (mapping_ == nullptr) return;
  thread_sanitizer::destroy(tsan_fiber_);
  munmap(mapping_, page_bytes() + stack_bytes);
}

void Fiber::prepare(void (*entry)()) {
#if defined(__SANITIZE_ADDRESS__)
  __asan_unpoison_memory_region(stack_, stack_bytes);
#endif
  fake_stack_ = nullptr;
  context_ = first_context(stack_, stack_bytes, entry);
}

void Fiber::be_caller() { tsan_fiber_ = thread_sanitizer::current(); }

void Fiber::join(const Fiber& caller) { thread_sanitizer::join(tsan_fiber_, caller.tsan_fiber_); }

void Fiber::announce([[maybe_unused]] bool leaves_for_good, [[maybe_unused]] Fiber& other) {
#if defined(__SANITIZE_ADDRESS__)
  left_fiber = this;
  __sanitizer_start_switch_fiber(leaves_for_good ? nullptr : &fake_stack_, other.known_stack_, other.known_bytes_);
#endif
  thread_sanitizer::switch_to(other.tsan_fiber_);
}

// The launching thread's own stack is known to the sanitizer only, and is learnt here.
void Fiber::arrive() {
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_finish_switch_fiber(nullptr, &left_fiber->known_stack_, &left_fiber->known_bytes_);
#endif
}

void Fiber::switch_to(Fiber& other) {
  announce(false, other);
  switch_context(&context_, other.context_);
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_finish_switch_fiber(fake_stack_, &left_fiber->known_stack_, &left_fiber->known_bytes_);
#endif
}

void Fiber::leave_to(Fiber& other) {
  announce(true, other);
  switch_context(&context_, other.context_);
  std::abort();
}

}  // namespace weft::emulated_gpu
