// datasets/transforms.h: what is done to a batch of images [n, c, h, w] on its way to the network
//
// Each image is changed on its own, by numbers drawn from the stream at hand: in a DataLoader the stream belongs to the
// batch, so that neither the number of workers nor what came before matters. See also rotation.h, mixup.h, resize.h.
#pragma once
#include <concepts>
#include <functional>
#include <vector>

#include "tensor/random.h"
#include "tensor/tensor.h"

namespace weft::datasets {

/// Changes a batch of images: a function of (images, RandomStream&), or of the images alone. The stream is the batch's
/// own. Loader workers call it at once, so it must not touch what others change: one that draws from a stream of its
/// own needs a loader without workers.
class Transform {
 public:
  Transform() = default;
  template <std::invocable<const Tensor&, RandomStream&> F>
  Transform(F f) : function_(std::move(f)) {}
  template <std::invocable<const Tensor&> F>
  Transform(F f) : function_([f = std::move(f)](const Tensor& images, RandomStream&) { return f(images); }) {}

  explicit operator bool() const { return static_cast<bool>(function_); }
  Tensor operator()(const Tensor& images, RandomStream& random) const { return function_(images, random); }

 private:
  std::function<Tensor(const Tensor&, RandomStream&)> function_;
};

/// One after another, each with a stream of its own: what one draws does not shift the next.  Throws: an empty one.
Transform compose(std::vector<Transform> transforms);

/// uint8 pixels 0..255 become float32 0..1.  Throws: not uint8.
Tensor to_float(const Tensor& images);

/// y = (x - mean_c) / deviation_c in channel c.  images: floats [n, c, h, w].
/// Throws: not one mean and deviation a channel, a deviation that is not positive.
Tensor normalize(const Tensor& images, const std::vector<double>& mean, const std::vector<double>& deviation);

/// Each image is mirrored, left to right, with probability p.  Throws: not 4 axes, p outside 0..1.
Tensor random_horizontal_flip(const Tensor& images, RandomStream& augment, double p = 0.5);

/// Each image moves by up to `rows` down or up and up to `columns` right or left; zeros come in.
/// Throws: not 4 axes, rows or columns < 0.
Tensor random_shift(const Tensor& images, int64_t rows, int64_t columns, RandomStream& augment);

/// Each image gets `padding` zero pixels on every side and is cut back to its size at a random place of its own.
/// Throws: not 4 axes, padding < 0.
Tensor pad_and_random_crop(const Tensor& images, int64_t padding, RandomStream& augment);

struct ErasingOptions {
  double p = 0.5;                              ///< share of the images that lose a rectangle
  double least_area = 0.02, most_area = 0.33;  ///< of the image
  double least_ratio = 0.3, most_ratio = 3.3;  ///< height to width
  double value = 0;                            ///< what stands there instead
};

/// Random erasing (Zhong et al. 2017, arXiv 1708.04896) as torchvision does it: ten attempts to find a rectangle that
/// is smaller than the image, else it stays as it is.  images: floats [n, c, h, w].  Throws: an option out of range.
Tensor random_erasing(const Tensor& images, RandomStream& augment, const ErasingOptions& options = {});

}  // namespace weft::datasets
