// backends/emulator/fiber.h: a stack of its own for a function that waits and goes on
#pragma once
#include <cstddef>

namespace weft::emulated_gpu {

/// One runs at a time, on the operating system's thread that launches the kernel.
class Fiber {
 public:
  static constexpr size_t stack_bytes = 256 << 10;

  enum class Stack { own, of_caller };

  /// Throws: OutOfMemory.
  explicit Fiber(Stack stack);
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// The next switch to this fiber calls entry(), which must never return, on an empty stack. What ran here before is
  /// forgotten without its destructors.
  void prepare(void (*entry)());
  /// Makes this the context of the caller, who has a stack already, and may not be the caller of last time.
  void be_caller();
  /// Goes on in `other`. Returns when something switches back to this fiber, which must be the one that runs.
  void switch_to(Fiber& other);
  /// The same, never to return.
  [[noreturn]] void leave_to(Fiber& other);
  /// What entry() calls first.
  static void arrive();
  /// To sanitizers, all that ran on this fiber comes before what `caller`, which runs, does next.
  void join(const Fiber& caller);

 private:
  void announce(bool leaves_for_good, Fiber& other);

  void* context_ = nullptr;
  std::byte* mapping_ = nullptr;
  std::byte* stack_ = nullptr;  // lowest address
  void* tsan_fiber_ = nullptr;
  // For the address sanitizer, which keeps book of stacks.
  const void* known_stack_ = nullptr;
  size_t known_bytes_ = 0;
  void* fake_stack_ = nullptr;
};

}  // namespace weft::emulated_gpu
