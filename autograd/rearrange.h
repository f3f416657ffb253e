// autograd/rearrange.h: the elements of a tensor in another order, or several times, recorded
#pragma once
#include "autograd/variable.h"
#include "tensor/rearrange.h"

namespace weft {

Variable movedim(const Variable& x, const Axes& source, const Axes& destination);
inline Variable movedim(const Variable& x, int64_t source, int64_t destination) {
  return movedim(x, Axes{source}, Axes{destination});
}
Variable flip(const Variable& x, const Axes& axes);
Variable roll(const Variable& x, const Dims& shifts, const Axes& axes = {});
Variable repeat(const Variable& x, const Dims& repeats);
Variable tile(const Variable& x, const Dims& repeats);
Variable repeat_interleave(const Variable& x, int64_t repeats, std::optional<int64_t> axis = {});
Variable repeat_interleave(const Variable& x, const Tensor& repeats, std::optional<int64_t> axis = {});

}  // namespace weft
