// tensor/pad.h: growing a tensor at its edges
#pragma once
#include <span>

#include "tensor/tensor.h"

namespace weft {

/// Before and after one axis.
struct Padding {
  int64_t before = 0, after = 0;
};

/// What stands outside of x, for 2 before and 2 after [a b c d]:
///   reflect     c b [a b c d] c b      the edge is the mirror: less than the axis's size on either side
///   replicate   a a [a b c d] d d      the axis is not empty
///   circular    c d [a b c d] a b      at most the axis's size on either side
enum class PadMode : uint8_t { reflect, replicate, circular };

/// `value` around x. One Padding an axis, aligned at the right: axes without one stay as they are. So the order is that
/// of the axes; PyTorch's goes from the last axis forwards.
/// Throws: more paddings than axes, a negative padding.
Tensor pad(const Tensor& x, std::span<const Padding> padding, Scalar value = 0);
inline Tensor pad(const Tensor& x, std::initializer_list<Padding> padding, Scalar value = 0) {
  return pad(x, std::span<const Padding>(padding.begin(), padding.size()), value);
}

/// x's own elements around x, axis by axis, of any rank.  Throws: as above, or more than the mode allows.
Tensor pad(const Tensor& x, std::span<const Padding> padding, PadMode mode);
inline Tensor pad(const Tensor& x, std::initializer_list<Padding> padding, PadMode mode) {
  return pad(x, std::span<const Padding>(padding.begin(), padding.size()), mode);
}

/// For one axis of `size` elements: which of them each element of the padded axis shows; int64 [before + size + after].
Tensor pad_positions(int64_t size, Padding padding, PadMode mode, Device device);
/// x's shape with `padding` added.  Throws: as pad in `mode`; no mode: as pad with a value.
Shape padded_shape(const Tensor& x, std::span<const Padding> padding, std::optional<PadMode> mode = {});

}  // namespace weft
