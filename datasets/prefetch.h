// datasets/prefetch.h: threads that make batches ahead of the one who uses them, in order
#pragma once
#include <condition_variable>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include "tensor/error.h"

namespace weft::datasets {

/// Makes items first .. count - 1 by make(i) on `workers` threads, at most `ahead` of them before they are taken.
/// take() gives them in order; what make(i) threw comes out of the take() whose turn it is, so that the caller sees the
/// same whatever the number of workers. Workers are joined when the object goes.
/// Thread is what a worker runs on: std::thread but in tests.
template <class Item, class Thread = std::thread>
class Prefetch {
 public:
  /// Throws: the system starts no more threads; those that it did start are joined.
  Prefetch(std::function<Item(int64_t)> make, int64_t first, int64_t count, int64_t workers, int64_t ahead)
      : make_(std::move(make)), count_(count), ahead_(ahead), claimed_(first), taken_(first) {
    for (int64_t i = 0; i < workers; ++i) {
      try {
        threads_.emplace_back([this] { work(); });
      } catch (const std::system_error& error) {
        stop();  // the destructor of an object that never was does not run, and a vector must not lose running threads
        fail("DataLoader", "worker {} of {} cannot be started: {}; hint: fewer workers", i + 1, workers, error.what());
      }
    }
  }
  ~Prefetch() { stop(); }
  Prefetch(const Prefetch&) = delete;
  Prefetch& operator=(const Prefetch&) = delete;

  /// The next item; it must be one of those promised.
  Item take() {
    std::unique_lock lock(mutex_);
    made_.wait(lock, [this] { return results_.contains(taken_); });
    Result result = std::move(results_.extract(taken_).mapped());
    ++taken_;
    lock.unlock();
    room_.notify_one();
    if (result.error) std::rethrow_exception(result.error);
    return std::move(*result.item);
  }

 private:
  struct Result {
    std::optional<Item> item;
    std::exception_ptr error;
  };

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    room_.notify_all();
    for (Thread& thread : threads_) thread.join();
  }

  void work() {
    for (;;) {
      std::unique_lock lock(mutex_);
      room_.wait(lock, [this] { return stop_ || claimed_ == count_ || claimed_ < taken_ + ahead_; });
      if (stop_ || claimed_ == count_) return;
      const int64_t i = claimed_++;
      lock.unlock();
      Result result;
      try {
        result.item = make_(i);
      } catch (...) {
        result.error = std::current_exception();
      }
      lock.lock();
      results_.emplace(i, std::move(result));
      lock.unlock();
      made_.notify_one();
    }
  }

  std::function<Item(int64_t)> make_;
  int64_t count_, ahead_;
  std::mutex mutex_;
  std::condition_variable room_, made_;
  int64_t claimed_, taken_;
  std::map<int64_t, Result> results_;
  bool stop_ = false;
  std::vector<Thread> threads_;  // last: they begin when everything else is there
};

}  // namespace weft::datasets
