// bench/micro/dispatch.cpp: what one call costs when there is nothing to compute, without and with a tape
#include "autograd/autograd.h"
#include "bench/case.h"
#include "tensor/elementwise.h"

namespace weft::bench {
namespace {

constexpr int64_t kCalls = 100;

Work without_tape(Device device) {
  return work([x = normal({1}, device, 1)] {
    Tensor y = x;
    for (int64_t i = 0; i < kCalls; ++i) y = add(y, x);
    return y;
  });
}

/// Making and dropping the tape belongs to it: a tape lives for one step.
Work with_tape(Device device) {
  return work([x = watch(normal({1}, device, 1))] {
    Tape tape;
    Variable y = x;
    for (int64_t i = 0; i < kCalls; ++i) y = add(y, x);
    return y.value();
  });
}

Work with_backward(Device device) {
  return work([x = watch(normal({1}, device, 1))] {
    Tape tape;
    Variable y = x;
    for (int64_t i = 0; i < kCalls; ++i) y = add(y, x);
    x.zero_grad();
    tape.backward(y);
    return x.grad();
  });
}

const Family dispatch_family([] {
  return std::vector<Case>{{.name = "dispatch_add/no_tape", .prepare = without_tape, .calls = kCalls},
                           {.name = "dispatch_add/tape", .prepare = with_tape, .calls = kCalls},
                           {.name = "dispatch_add/tape_and_backward", .prepare = with_backward, .calls = kCalls}};
});

}  // namespace
}  // namespace weft::bench
