// tensor/tensor_print.cpp: tensors as text
#include <algorithm>
#include <cmath>
#include <ostream>

#include "tensor/checks.h"
#include "tensor/create.h"

namespace weft {
namespace {

constexpr int64_t kPrintWhole = 1000;  // elements; above it, only the edges are shown
constexpr int64_t kEdge = 3;

bool is_cut(const Tensor& x, int64_t axis) { return x.numel() > kPrintWhole && x.shape()[axis] > 2 * kEdge; }

/// Only what will be shown, on the host's side small even when x is huge: the corners of every cut axis put together.
Tensor shown_part(const Tensor& x) {
  if (x.numel() <= kPrintWhole) return x;
  Shape shape = x.shape();
  for (int64_t axis = 0; axis < x.rank(); ++axis) shape[axis] = is_cut(x, axis) ? 2 * kEdge : shape[axis];
  Tensor shown = empty(shape, {.dtype = x.dtype(), .device = x.device()});
  for (int64_t corner = 0; corner < int64_t{1} << x.rank(); ++corner) {
    Tensor from = x, to = shown;
    bool exists = true;
    for (int64_t axis = 0; axis < x.rank() && exists; ++axis) {
      const bool at_end = corner >> axis & 1;
      exists = is_cut(x, axis) || !at_end;
      if (!is_cut(x, axis)) continue;
      const int64_t size = x.shape()[axis];
      from = at_end ? from.slice(axis, size - kEdge, size) : from.slice(axis, 0, kEdge);
      to = at_end ? to.slice(axis, kEdge, 2 * kEdge) : to.slice(axis, 0, kEdge);
    }
    if (exists) to.copy_(from);
  }
  return shown;
}

/// Fixed point with four digits, or powers of ten when that would hide the small or drown in the large.
std::vector<std::string> format_floats(const std::vector<double>& values) {
  bool scientific = false;
  for (const double value : values) {
    const double size = std::fabs(value);
    scientific |= std::isfinite(value) && size != 0 && (size >= 1e5 || size < 1e-4);
  }
  std::vector<std::string> texts;
  for (const double value : values) {
    texts.push_back(scientific ? fmt::format("{:.4e}", value) : fmt::format("{:.4f}", value));
  }
  return texts;
}

std::vector<std::string> format_elements(const Tensor& x) {
  if (kind_of(x.dtype()) == 2) return format_floats(x.to_vector<double>());
  std::vector<std::string> texts;
  for (const int64_t value : x.to_vector<int64_t>()) {
    if (x.dtype() == DType::boolean) texts.push_back(value != 0 ? "true" : "false");
    else texts.push_back(std::to_string(value));
  }
  return texts;
}

/// Writes nested brackets; an axis per call.
class Printer {
 public:
  Printer(const Tensor& x, const Tensor& shown) : x_(x), shape_(shown.shape()), texts_(format_elements(shown)) {
    for (const std::string& text : texts_) width_ = std::max(width_, text.size());
  }

  std::string print() {
    if (x_.rank() == 0) return texts_.front();
    if (x_.numel() == 0) return "[]";
    print_axis(0);
    return text_;
  }

 private:
  void print_axis(int64_t axis) {
    const bool innermost = axis == x_.rank() - 1;
    text_ += '[';
    for (int64_t i = 0; i < shape_[axis]; ++i) {
      if (i > 0) separate(axis, innermost);
      if (i == kEdge && is_cut(x_, axis)) {
        text_ += "...";
        separate(axis, innermost);
      }
      if (innermost) text_ += fmt::format("{:>{}}", texts_[next_++], width_);
      else print_axis(axis + 1);
    }
    text_ += ']';
  }

  void separate(int64_t axis, bool innermost) {
    if (innermost) {
      text_ += ", ";
      return;
    }
    constexpr size_t kPrefix = std::string_view("tensor(").size();
    text_ += ',';
    text_.append(static_cast<size_t>(x_.rank() - 1 - axis), '\n');  // deeper blocks stand further apart
    text_.append(kPrefix + static_cast<size_t>(axis) + 1, ' ');
  }

  const Tensor& x_;
  Shape shape_;
  std::vector<std::string> texts_;
  size_t width_ = 0;
  size_t next_ = 0;
  std::string text_;
};

}  // namespace

std::string Tensor::to_string() const {
  if (!defined()) return "tensor(undefined)";
  const std::string elements = Printer(*this, shown_part(*this)).print();
  return fmt::format("tensor({}, shape {}, {}, {})", elements, weft::to_string(shape_), name_of(dtype_),
                     weft::to_string(device()));
}

std::ostream& operator<<(std::ostream& out, const Tensor& x) { return out << x.to_string(); }

}  // namespace weft
