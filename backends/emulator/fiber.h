// backends/emulator/fiber.h: a stack of its own for a function that waits and goes on
#pragma once
#include <cstddef>

namespace weft::emulated_gpu {

/// One runs at a time, on the operating system's thread that launches the kernel.
class Fiber {
 public:
  static constexpr size_t stack_bytes = 256 << 10;

<<<<<<< HEAD
  /// The context of whoever launches, which has its stack already.
  Fiber() = default;
=======
  enum class Stack { own, of_caller };

  /// Throws: OutOfMemory.
  explicit Fiber(Stack stack);
>>>>>>> origin/main
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// The next switch to this fiber calls entry(), which must never return, on an empty stack. What ran here before is
<<<<<<< HEAD
  /// forgotten without its destructors.  Throws: OutOfMemory.
  void prepare(void (*entry)());
=======
  /// forgotten without its destructors.
  void prepare(void (*entry)());
  /// Makes this the context of the caller, who has a stack already, and may not be the caller of last time.
  void be_caller();
>>>>>>> origin/main
  /// Goes on in `other`. Returns when something switches back to this fiber, which must be the one that runs.
  void switch_to(Fiber& other);
  /// The same, never to return.
  [[noreturn]] void leave_to(Fiber& other);
  /// What entry() calls first.
  static void arrive();
<<<<<<< HEAD

 private:
  void map_stack();
=======
  /// To sanitizers, all that ran on this fiber comes before what `caller`, which runs, does next.
  void join(const Fiber& caller);

 private:
>>>>>>> origin/main
  void announce(bool leaves_for_good, Fiber& other);

  void* context_ = nullptr;
  std::byte* mapping_ = nullptr;
  std::byte* stack_ = nullptr;  // lowest address
<<<<<<< HEAD
=======
  void* tsan_fiber_ = nullptr;
>>>>>>> origin/main
  // For the address sanitizer, which keeps book of stacks.
  const void* known_stack_ = nullptr;
  size_t known_bytes_ = 0;
  void* fake_stack_ = nullptr;
};

}  // namespace weft::emulated_gpu
