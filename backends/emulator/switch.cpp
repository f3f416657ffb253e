// backends/emulator/switch.cpp: saves the registers that a callee must keep, and swaps the stack pointer
//
// swapcontext would do, but it makes a system call for the signal mask: a hundred times the price. It is left for
// processors that this file does not know.
#include "backends/emulator/switch.h"

#include <cstdint>

#if defined(__x86_64__)
// weft_switch_stack(rdi: save, rsi: load)
asm(R"(
.text
.globl weft_switch_stack
.hidden weft_switch_stack
.type weft_switch_stack, @function
weft_switch_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size weft_switch_stack, .-weft_switch_stack
)");
#elif defined(__aarch64__)
// weft_switch_stack(x0: save, x1: load)
asm(R"(
.text
.globl weft_switch_stack
.hidden weft_switch_stack
.type weft_switch_stack, %function
weft_switch_stack:
  sub sp, sp, #160
  stp x19, x20, [sp, #0]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldp x19, x20, [sp, #0]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #160
  ret
.size weft_switch_stack, .-weft_switch_stack
)");
#else
#include <ucontext.h>
#endif

namespace weft::emulated_gpu {

#if defined(__x86_64__) || defined(__aarch64__)

extern "C" void weft_switch_stack(void** save, void* load);

// The registers of no interest are 0, so that a debugger's walk up the stack ends here.
void* first_context(std::byte* stack, size_t bytes, void (*entry)()) {
#if defined(__x86_64__)
  constexpr size_t words = 8, go_on_at = 6;  // after `ret` the stack is as after a call: 8 below a multiple of 16
#else
  constexpr size_t words = 20, go_on_at = 11;  // x30
#endif
  void** const frame = reinterpret_cast<void**>(stack + bytes) - words;
  for (size_t i = 0; i < words; ++i) frame[i] = nullptr;
  frame[go_on_at] = reinterpret_cast<void*>(entry);
  return frame;
}

void switch_context(void** save, void* load) { weft_switch_stack(save, load); }

#else

void* first_context(std::byte* stack, size_t bytes, void (*entry)()) {
  const size_t rest = bytes - (sizeof(ucontext_t) + 63) / 64 * 64;
  ucontext_t* const context = reinterpret_cast<ucontext_t*>(stack + rest);
  getcontext(context);
  context->uc_stack.ss_sp = stack;
  context->uc_stack.ss_size = rest;
  context->uc_link = nullptr;
  makecontext(context, entry, 0);
  return context;
}

void switch_context(void** save, void* load) {
  ucontext_t here;
  *save = &here;
  swapcontext(&here, static_cast<ucontext_t*>(load));
}

#endif

}  // namespace weft::emulated_gpu
