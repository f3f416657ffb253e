// autograd/tape_stack.h: the live tapes of one thread, innermost last
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace weft {

class Tape;

/// Every tape holds the stack of the thread that made it, so that it can take itself off wherever it dies, also after
/// that thread has ended.
class TapeStack {
 public:
  /// The stack of the calling thread.
  static const std::shared_ptr<TapeStack>& here();

  Tape* innermost() const { return innermost_.load(std::memory_order_acquire); }
  /// The live tape with this id, or null.
  Tape* find(uint64_t id);
  void push(Tape& tape);
  /// Takes off the last entry of `tape`.
  void remove(const Tape& tape);

  /// Makes `tape` the innermost while it lives.
  class Innermost {
   public:
    Innermost(TapeStack& stack, Tape& tape) : stack_(stack), tape_(tape) { stack_.push(tape_); }
    ~Innermost() { stack_.remove(tape_); }
    Innermost(const Innermost&) = delete;
    Innermost& operator=(const Innermost&) = delete;

   private:
    TapeStack& stack_;
    Tape& tape_;
  };

 private:
  std::mutex mutex_;  ///< of tapes_
  std::vector<Tape*> tapes_;
  std::atomic<Tape*> innermost_{nullptr};  ///< the last of tapes_: every op asks for it
};

}  // namespace weft
