// nn/conv.h: convolution layers; names, defaults and initialisers as torch.nn
//
// Init of all: U(-k, k), k = 1/sqrt(weight.size(1) * pixels of the kernel), weight and bias. State names: "weight",
// "bias"; bias is undefined with Bias::no. All throw: sizes below 1, groups that do not divide the channels.
#pragma once
#include <limits>
#include <optional>
#include <vector>

#include "nn/linear.h"
#include "nn/module.h"
#include "nn/pair.h"
#include "tensor/conv.h"
#include "tensor/pad.h"
#include "tensor/random.h"

namespace weft::nn {

/// As padding: so much that, with stride 1, the output has the size of the input. Where that is odd, one pixel more at
/// the end than at the beginning. No arithmetic gives this number: a padding that came out negative is refused.
inline constexpr int64_t kSame = std::numeric_limits<int64_t>::min();

struct Conv2dOptions {
  Pair kernel_size = 3;
  Pair stride = 1;
  Pair padding = 0;  ///< or kSame
  Pair dilation = 1;
  int64_t groups = 1;
  Bias bias = Bias::yes;
  std::optional<PadMode> padding_mode = {};  ///< what stands in the padding; none: zeros
};

/// What a layer puts around x before it convolves: all padding with a mode, and what kSame puts at one end only.
struct Border {
  std::vector<Padding> sides;  ///< one an axis of the kernel
  std::optional<PadMode> mode;
  Variable around(const Variable& x) const;  ///< Throws: as pad in this mode.
};

/// y = x * weight + bias (cross-correlation).  x [n, in, h, w], weight [out, in / groups, kh, kw], bias [out]
/// -> [n, out, oh, ow], see conv2d.
class Conv2d : public Layer {
 public:
  Conv2d(int64_t in_channels, int64_t out_channels, Conv2dOptions options, RandomStream& init);
  std::string_view kind() const override { return "Conv2d"; }
  Variable operator()(const Variable& x) override;
  bool takes_weights_per_sample() const override { return true; }

  Parameter weight, bias;
  Window2d window;  ///< its padding is what both ends have in zeros

 private:
  int64_t groups_;
  Border border_;
};

struct Conv1dOptions {
  int64_t kernel_size = 3;
  int64_t stride = 1;
  int64_t padding = 0;  ///< or kSame
  int64_t dilation = 1;
  int64_t groups = 1;
  Bias bias = Bias::yes;
  std::optional<PadMode> padding_mode = {};  ///< what stands in the padding; none: zeros
};

/// The same along one axis: x [n, in, l], weight [out, in / groups, k] -> [n, out, ol].
class Conv1d : public Layer {
 public:
  Conv1d(int64_t in_channels, int64_t out_channels, Conv1dOptions options, RandomStream& init);
  std::string_view kind() const override { return "Conv1d"; }
  Variable operator()(const Variable& x) override;
  bool takes_weights_per_sample() const override { return true; }

  Parameter weight, bias;
  Window1d window;  ///< its padding is what both ends have in zeros

 private:
  int64_t groups_;
  Border border_;
};

struct ConvTranspose2dOptions {
  Pair kernel_size = 3;
  Pair stride = 1;
  Pair padding = 0;
  Pair output_padding = 0;
  int64_t groups = 1;
  Bias bias = Bias::yes;
  Pair dilation = 1;
};

/// The transposed convolution, see conv_transpose2d.  x [n, in, h, w], weight [in, out / groups, kh, kw], bias [out]
/// -> [n, out, oh, ow].
class ConvTranspose2d : public Layer {
 public:
  ConvTranspose2d(int64_t in_channels, int64_t out_channels, ConvTranspose2dOptions options, RandomStream& init);
  std::string_view kind() const override { return "ConvTranspose2d"; }
  Variable operator()(const Variable& x) override;

  Parameter weight, bias;

 private:
  ConvTranspose2dOptions options_;
};

struct ConvTranspose1dOptions {
  int64_t kernel_size = 3;
  int64_t stride = 1;
  int64_t padding = 0;
  int64_t output_padding = 0;
  int64_t groups = 1;
  Bias bias = Bias::yes;
  int64_t dilation = 1;
};

/// The same along one axis: x [n, in, l], weight [in, out / groups, k] -> [n, out, ol].
class ConvTranspose1d : public Layer {
 public:
  ConvTranspose1d(int64_t in_channels, int64_t out_channels, ConvTranspose1dOptions options, RandomStream& init);
  std::string_view kind() const override { return "ConvTranspose1d"; }
  Variable operator()(const Variable& x) override;

  Parameter weight, bias;

 private:
  ConvTranspose1dOptions options_;
};

}  // namespace weft::nn
