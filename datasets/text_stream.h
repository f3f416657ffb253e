// datasets/text_stream.h: one long text cut into the windows of truncated backpropagation through time
#pragma once
#include <iterator>
#include <optional>
#include <utility>

#include "datasets/loader.h"
#include "tensor/tensor.h"

namespace weft::datasets {

struct TextStreamOptions {
  int64_t batch_size = 32;
  int64_t length = 100;    ///< steps a window
  bool drop_last = false;  ///< leave out a last window that is shorter
  Device device = default_device();
};

struct TextWindow {
  Tensor inputs;   ///< int64 [batch_size, steps]
  Tensor targets;  ///< int64 [batch_size, steps]: targets(b, t) is the token after inputs(b, t)
  bool first;      ///< the text begins here: start from a fresh state; else carry the last window's on
};

/// tokens [n] become batch_size rows of equal length, (n - 1) / batch_size tokens each; what is left over at the end is
/// not used. Row b of window i + 1 goes on where row b of window i ended, so a recurrent state can be carried over.
/// Window i is a function of i alone: a run goes on anywhere by starting at that i.
class TextStream {
 public:
  /// tokens [n], integers.  Throws: another shape or dtype, batch_size or length < 1, too few tokens for one window.
  TextStream(const Tensor& tokens, const TextStreamOptions& options);

  /// Windows an epoch.
  int64_t size() const;
  /// Throws: out of range.
  TextWindow operator[](int64_t window) const;

 private:
  TextStreamOptions options_;
  int64_t row_length_;
  Tensor inputs_, targets_;  ///< views [batch_size, row_length] of the tokens
};

/// Walks a stream epoch by epoch, as a DataLoader walks a set: for (const TextWindow& window : loader).
class TextLoader {
 public:
  explicit TextLoader(TextStream stream) : stream_(std::move(stream)) {}
  int64_t size() const { return stream_.size(); }
  /// In the loop's body: the place behind the window at hand.
  LoaderState state() const { return {0, epoch_, next_}; }
  /// The next loop goes on there.  Throws: no such place.
  void load_state(const LoaderState& state);

  class Iterator {
   public:
    explicit Iterator(TextLoader& loader) : loader_(&loader) { fetch(); }
    const TextWindow& operator*() const { return *window_; }
    Iterator& operator++() {
      fetch();
      return *this;
    }
    bool operator==(std::default_sentinel_t) const { return !window_; }

   private:
    void fetch();
    TextLoader* loader_;
    std::optional<TextWindow> window_;
  };
  Iterator begin();
  std::default_sentinel_t end() const { return {}; }

 private:
  TextStream stream_;
  int64_t epoch_ = 0, next_ = 0;
  bool resumed_ = false;
};

}  // namespace weft::datasets
