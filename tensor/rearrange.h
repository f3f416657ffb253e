// tensor/rearrange.h: the elements of a tensor in another order, or several times
#pragma once
#include <optional>

#include "tensor/tensor.h"

namespace weft {

// All but movedim return a new tensor.  All throw: axis out of range or named twice; a result beyond 2^63 - 1 bytes.

/// A view with the axes `source` at the places `destination`; the others keep their order in between.
/// Throws: the lists differ in length.
Tensor movedim(const Tensor& x, const Axes& source, const Axes& destination);
inline Tensor movedim(const Tensor& x, int64_t source, int64_t destination) {
  return movedim(x, Axes{source}, Axes{destination});
}

/// Backwards along every named axis; none named: a copy.
Tensor flip(const Tensor& x, const Axes& axes);

/// Moves element i to i + shift along each axis, and what leaves at one end comes in at the other; shifts may be
/// negative. No axes and one shift: x is rolled as one flat row.  Throws: not one shift an axis.
Tensor roll(const Tensor& x, const Dims& shifts, const Axes& axes = {});

/// x side by side repeats[i] times along axis i. More repeats than axes: the first ones make new axes in front.
/// Throws: fewer repeats than axes, a negative one.
Tensor repeat(const Tensor& x, const Dims& repeats);
/// repeat, where axes in front without a count are repeated once: NumPy's rule.
Tensor tile(const Tensor& x, const Dims& repeats);
/// `repeats` filled up with ones in front to the rank of x: what repeat(x, ...) needs for tile(x, repeats).
Dims tile_repeats(const Dims& repeats, int64_t rank);

/// Every element `repeats` times in a row along `axis`; no axis: of x flattened.  Throws: negative repeats.
Tensor repeat_interleave(const Tensor& x, int64_t repeats, std::optional<int64_t> axis = {});
/// Element i repeats[i] times; `repeats` int64 [size of the axis], or [1] for all.
/// Throws: another size or dtype, a negative number.
Tensor repeat_interleave(const Tensor& x, const Tensor& repeats, std::optional<int64_t> axis = {});
/// repeats[0] zeros, then repeats[1] ones, ...: the positions that element-wise repetition reads.  repeats int64 [n].
Tensor repeat_interleave(const Tensor& repeats);

}  // namespace weft
