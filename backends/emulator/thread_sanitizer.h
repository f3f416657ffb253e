// backends/emulator/thread_sanitizer.h: tells ThreadSanitizer what a thread of a kernel is, and what orders two of them
//
// Kernels are compiled with -fsanitize=thread and the emulator without: the sanitizer sees what kernels do, and takes
// a switch of stacks for no synchronisation. Without the sanitizer all of this is nothing.
#pragma once

#ifdef WEFT_EMULATOR_TSAN
#include <sanitizer/tsan_interface.h>
extern "C" void AnnotateIgnoreWritesBegin(const char* file, int line);
extern "C" void AnnotateIgnoreWritesEnd(const char* file, int line);
#endif

namespace weft::emulated_gpu::thread_sanitizer {

#ifdef WEFT_EMULATOR_TSAN

/// A thread keeps its stack to itself: on a stack that two share, what one leaves behind races with what the other
/// does.
inline constexpr bool active = true;
inline void* current() { return __tsan_get_current_fiber(); }
inline void* create() { return __tsan_create_fiber(0); }
inline void destroy(void* fiber) { __tsan_destroy_fiber(fiber); }
/// Right before the stacks are switched.
inline void switch_to(void* fiber) { __tsan_switch_to_fiber(fiber, __tsan_switch_to_fiber_no_sync); }
/// All that `fiber` has done comes before what the caller, `self`, does from now on.
inline void join(void* fiber, void* self) {
  __tsan_switch_to_fiber(fiber, 0);
  __tsan_switch_to_fiber(self, 0);
}
/// What came before a release comes before what follows an acquire of the same tag.
inline void release(void* tag) { __tsan_release(tag); }
inline void acquire(void* tag) { __tsan_acquire(tag); }
/// memset and its like are seen even in code that is not instrumented.
struct IgnoreWrites {
  IgnoreWrites() { AnnotateIgnoreWritesBegin(__FILE__, __LINE__); }
  ~IgnoreWrites() { AnnotateIgnoreWritesEnd(__FILE__, __LINE__); }
};

#else

inline constexpr bool active = false;
inline void* current() { return nullptr; }
inline void* create() { return nullptr; }
inline void destroy(void*) {}
inline void switch_to(void*) {}
inline void join(void*, void*) {}
inline void release(void*) {}
inline void acquire(void*) {}
struct IgnoreWrites {
  ~IgnoreWrites() {}  // used, even when there is nothing to do
};

#endif

}  // namespace weft::emulated_gpu::thread_sanitizer
