// autograd/split.cpp: taking a tensor apart; the derivatives are those of slice and select
//
//   y_0, y_1, ... = the parts of x      dx = dy_0, dy_1, ... where the parts stood, 0 elsewhere
#include "autograd/split.h"

#include "autograd/view.h"

namespace weft {
namespace {

/// The windows of x that `parts`, its values taken apart, show.
std::vector<Variable> windows_of(const Variable& x, const std::vector<Tensor>& parts, int64_t axis) {
  std::vector<Variable> windows;
  int64_t start = 0;
  for (const Tensor& part : parts) {
    windows.push_back(slice(x, axis, start, start + part.size(axis)));
    start += part.size(axis);
  }
  return windows;
}

}  // namespace

Variable narrow(const Variable& x, int64_t axis, int64_t start, int64_t length) {
  narrow(x.value(), axis, start, length);  // in its own words
  const int64_t first = start < 0 ? start + x.size(axis) : start;
  return slice(x, axis, first, first + length);
}

std::vector<Variable> split(const Variable& x, int64_t size, int64_t axis) {
  return windows_of(x, split(x.value(), size, axis), axis);
}

std::vector<Variable> split(const Variable& x, const std::vector<int64_t>& sizes, int64_t axis) {
  return windows_of(x, split(x.value(), sizes, axis), axis);
}

std::vector<Variable> chunk(const Variable& x, int64_t chunks, int64_t axis) {
  return windows_of(x, chunk(x.value(), chunks, axis), axis);
}

std::vector<Variable> unbind(const Variable& x, int64_t axis) {
  const int64_t count = std::ssize(unbind(x.value(), axis));
  std::vector<Variable> parts;
  for (int64_t i = 0; i < count; ++i) parts.push_back(select(x, axis, i));
  return parts;
}

}  // namespace weft
