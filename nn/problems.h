// nn/problems.h: everything that does not fit, gathered and reported in one message
#pragma once
#include <fmt/format.h>

#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace weft::nn {

/// Gathers problems while a caller checks, so that the user learns all of them at once.
class Problems {
 public:
  template <class... Args>
  void add(fmt::format_string<Args...> message, Args&&... args) {
    lines_.push_back(fmt::format(message, std::forward<Args>(args)...));
  }

  /// Throws Error("op: 2 problems: first; second") when there are any.
  void report(std::string_view op) const {
    if (lines_.empty()) return;
    fail(op, "{} {}: {}", lines_.size(), lines_.size() == 1 ? "problem" : "problems", fmt::join(lines_, "; "));
  }

 private:
  std::vector<std::string> lines_;
};

/// "[10, 256] float32": describe() without the device, for what may come from anywhere.
inline std::string shape_and_dtype(const Tensor& x) {
  return fmt::format("{} {}", to_string(x.shape()), name_of(x.dtype()));
}

/// Whether a state of dtype `given` may be loaded into a tensor of dtype `own`: the same, or both floating (a file
/// of float64, or of bfloat16, in which numbers are stored and no model computes). Counts and masks are never made of
/// numbers, nor numbers of them.
inline bool casts_into(DType given, DType own) {
  return given == own || (kind_of(given) == kind_of(DType::float32) && kind_of(own) == kind_of(DType::float32));
}

}  // namespace weft::nn
