// datasets/loader.h: batches of anything, made ahead by threads, the same for any number of them
#pragma once
#include <memory>
#include <utility>

#include "datasets/derived_stream.h"
#include "datasets/prefetch.h"
#include "datasets/sampler.h"

namespace weft::datasets {

struct LoaderOptions {
  int64_t workers = 0;   ///< threads that make batches; 0: the caller's own
  int64_t prefetch = 2;  ///< batches a worker may be ahead
  uint64_t seed = 0;     ///< of the random streams that `make` is given
};

/// Where a loader stands: enough to go on with the same batches. Kept in a checkpoint.
struct LoaderState {
  uint64_t seed = 0;  ///< of the loader that wrote it
  int64_t epoch = 0;
  int64_t batch = 0;  ///< the next one of that epoch
  bool operator==(const LoaderState&) const = default;
};

/// for (const B& batch : loader) walks one epoch; the next such loop walks the next one, also when this one was left
/// early. B is whatever `make` returns. Batches, their order and their bits depend on the sampler, the seed and `make`,
/// not on `workers`. One loop at a time.
template <class B>
class Loader {
 public:
  /// Makes a batch of the samples with these numbers. `random` belongs to this batch of this epoch alone: draw
  /// augmentation from it. Called by several threads at once when there are workers.
  using Make = std::function<B(std::span<const int64_t> indices, RandomStream& random)>;

  /// Throws: workers < 0, prefetch < 1.
  Loader(BatchSampler sampler, Make make, LoaderOptions options = {})
      : sampler_(std::move(sampler)), make_(std::move(make)), options_(options) {
    if (options_.workers < 0) fail("DataLoader", "workers {} is negative", options_.workers);
    if (options_.prefetch < 1) fail("DataLoader", "prefetch {} is not positive", options_.prefetch);
  }

  /// Batches an epoch.
  int64_t size() const { return sampler_.size(); }

  /// In the loop's body: the place behind the batch at hand. After the last batch of epoch e that is batch size() of e,
  /// after the loop batch 0 of epoch e + 1.
  LoaderState state() const { return {options_.seed, epoch_, next_}; }
  /// The next loop goes on there: it walks what is left of that epoch (nothing, behind its last batch).
  /// Throws: a state of another seed, a negative epoch, a batch out of range.
  void load_state(const LoaderState& state) {
    if (state.seed != options_.seed)
      fail("DataLoader", "the state is that of seed {}, the loader has {}", state.seed, options_.seed);
    if (state.epoch < 0 || state.batch < 0 || state.batch > size())
      fail("DataLoader", "no place: batch {} of epoch {}; there are {} batches", state.batch, state.epoch, size());
    epoch_ = state.epoch;
    next_ = state.batch;
    resumed_ = true;
  }

  class Iterator;
  struct End {};
  /// Starts an epoch, or goes on where load_state said.
  Iterator begin() {
    if (!std::exchange(resumed_, false) && next_ > 0) {  // the last loop was left early
      ++epoch_;
      next_ = 0;
    }
    return Iterator(*this);
  }
  End end() const { return {}; }

 private:
  BatchSampler sampler_;
  Make make_;
  LoaderOptions options_;
  int64_t epoch_ = 0, next_ = 0;
  bool resumed_ = false;
};

template <class B>
class Loader<B>::Iterator {
 public:
  const B& operator*() const { return *batch_; }
  const B* operator->() const { return &*batch_; }
  Iterator& operator++() {
    fetch();
    return *this;
  }
  bool operator==(End) const { return !batch_; }

 private:
  friend class Loader;
  explicit Iterator(Loader& loader) : loader_(&loader) {
    const int64_t workers = loader.options_.workers;
    auto make = [&loader, epoch = loader.epoch_, batches = loader.sampler_.batches(loader.epoch_)](int64_t i) {
      RandomStream random =
          derived_stream(loader.options_.seed, static_cast<uint64_t>(epoch), static_cast<uint64_t>(i));
      return loader.make_(batches[static_cast<size_t>(i)], random);
    };
    if (workers == 0) make_ = std::move(make);
    else
      ahead_ = std::make_unique<Prefetch<B>>(std::move(make), loader.next_, loader.size(), workers,
                                             workers * loader.options_.prefetch);
    fetch();
  }

  void fetch() {
    batch_.reset();  // first, so that its memory serves the next one
    if (loader_->next_ == loader_->size()) {
      ++loader_->epoch_;
      loader_->next_ = 0;
      return;
    }
    batch_ = ahead_ ? ahead_->take() : make_(loader_->next_);
    ++loader_->next_;
  }

  Loader* loader_;
  std::function<B(int64_t)> make_;      ///< without workers
  std::unique_ptr<Prefetch<B>> ahead_;  ///< with workers
  std::optional<B> batch_;
};

}  // namespace weft::datasets
