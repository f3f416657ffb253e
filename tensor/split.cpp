// tensor/split.cpp: taking a tensor apart along one axis
#include "tensor/split.h"

#include <fmt/format.h>

#include <algorithm>

#include "tensor/checks.h"

namespace weft {
namespace {

/// An expanded tensor costs nothing, but a list of its parts does.
void check_count(std::string_view op, const Tensor& x, int64_t parts) {
  constexpr int64_t kMost = int64_t{1} << 24;
  if (parts > kMost) fail(op, "gives {} parts, and at most {} fit a list: x is {}", parts, kMost, x.describe());
}

}  // namespace

Tensor narrow(const Tensor& x, int64_t axis, int64_t start, int64_t length) {
  axis = normalize_axis("narrow", axis, x);
  const int64_t size = x.shape()[axis];
  const int64_t first = start < 0 ? start + size : start;
  if (first < 0 || first > size || length < 0 || length > size - first) {
    fail("narrow", "start {} and length {} reach outside axis {} of size {}: x is {}", start, length, axis, size,
         x.describe());
  }
  return x.slice(axis, first, first + length);
}

std::vector<Tensor> split(const Tensor& x, int64_t size, int64_t axis) {
  axis = normalize_axis("split", axis, x);
  const int64_t whole = x.shape()[axis];
  if (size < 0 || (size == 0 && whole > 0)) {
    fail("split", "parts of {} elements do not make axis {} of size {}: x is {}", size, axis, whole, x.describe());
  }
  if (whole == 0) return {x};
  check_count("split", x, (whole - 1) / size + 1);
  std::vector<Tensor> parts;
  for (int64_t start = 0; start < whole; start += std::min(size, whole - start))
    parts.push_back(narrow(x, axis, start, std::min(size, whole - start)));
  return parts;
}

std::vector<Tensor> split(const Tensor& x, const std::vector<int64_t>& sizes, int64_t axis) {
  axis = normalize_axis("split", axis, x);
  int64_t left = x.shape()[axis];
  bool fits = true;
  for (const int64_t size : sizes) {
    fits = fits && size >= 0 && size <= left;
    if (fits) left -= size;
  }
  if (!fits || left != 0) {
    fail("split", "sizes [{}] do not add up to axis {} of size {}: x is {}", fmt::join(sizes, ", "), axis,
         x.shape()[axis], x.describe());
  }
  std::vector<Tensor> parts;
  int64_t start = 0;
  for (const int64_t size : sizes) {
    parts.push_back(narrow(x, axis, start, size));
    start += size;
  }
  return parts;
}

std::vector<Tensor> chunk(const Tensor& x, int64_t chunks, int64_t axis) {
  axis = normalize_axis("chunk", axis, x);
  if (chunks < 1) fail("chunk", "{} chunks: there must be 1 or more: x is {}", chunks, x.describe());
  const int64_t size = x.shape()[axis];
  check_count("chunk", x, size == 0 ? chunks : std::min(chunks, size));
  if (size == 0) return std::vector<Tensor>(static_cast<size_t>(chunks), x);
  return split(x, (size - 1) / chunks + 1, axis);
}

std::vector<Tensor> unbind(const Tensor& x, int64_t axis) {
  axis = normalize_axis("unbind", axis, x);
  check_count("unbind", x, x.shape()[axis]);
  std::vector<Tensor> parts;
  for (int64_t i = 0; i < x.shape()[axis]; ++i) parts.push_back(x.select(axis, i));
  return parts;
}

}  // namespace weft
