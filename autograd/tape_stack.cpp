// autograd/tape_stack.cpp: tapes come and go
#include "autograd/tape_stack.h"

#include <algorithm>

#include "autograd/tape.h"

namespace weft {

const std::shared_ptr<TapeStack>& TapeStack::here() {
  thread_local const auto stack = std::make_shared<TapeStack>();
  return stack;
}

Tape* TapeStack::find(uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(tapes_.begin(), tapes_.end(), [id](const Tape* tape) { return tape->id() == id; });
  return found == tapes_.end() ? nullptr : *found;
}

void TapeStack::push(Tape& tape) {
  const std::lock_guard lock(mutex_);
  tapes_.push_back(&tape);
  innermost_.store(&tape, std::memory_order_release);
}

void TapeStack::remove(const Tape& tape) {
  const std::lock_guard lock(mutex_);
  const auto last = std::find(tapes_.rbegin(), tapes_.rend(), &tape);
  if (last != tapes_.rend()) tapes_.erase(std::next(last).base());
  innermost_.store(tapes_.empty() ? nullptr : tapes_.back(), std::memory_order_release);
}

}  // namespace weft
