// hyper/demos/harness/repeated.h: one batch in place of all: what --overfit-batch trains on
#pragma once
#include <cstdint>
#include <utility>

namespace weft::demo {

/// A range of `steps` times the same batch; the first walk begins behind `done` of them, where a resumed run stands.
template <class Batch>
class Repeated {
 public:
  Repeated(Batch batch, int64_t steps, int64_t done) : batch_(std::move(batch)), steps_(steps), done_(done) {}

  struct End {};
  class Iterator {
   public:
    const Batch& operator*() const { return *batch_; }
    Iterator& operator++() {
      --left_;
      return *this;
    }
    bool operator==(End) const { return left_ <= 0; }

   private:
    friend class Repeated;
    Iterator(const Batch* batch, int64_t left) : batch_(batch), left_(left) {}
    const Batch* batch_;
    int64_t left_;
  };
  Iterator begin() { return {&batch_, steps_ - std::exchange(done_, 0)}; }
  End end() const { return {}; }

 private:
  Batch batch_;
  int64_t steps_, done_;
};

}  // namespace weft::demo
