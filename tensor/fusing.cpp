// tensor/fusing.cpp: whether a function may run as one kernel
#include "tensor/fusing.h"

#include <atomic>

namespace weft {
namespace {

constinit std::atomic<bool> fusing_is_on{true};

}  // namespace

void set_fusing(bool on) { fusing_is_on.store(on, std::memory_order_relaxed); }

bool fusing() { return fusing_is_on.load(std::memory_order_relaxed); }

}  // namespace weft
