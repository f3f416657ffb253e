// datasets/text_stream.h: one long text cut into the windows of truncated backpropagation through time
#pragma once
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

/// Walks a stream epoch by epoch: for (const TextWindow& window : loader).
Loader<TextWindow> text_loader(TextStream stream);

}  // namespace weft::datasets
