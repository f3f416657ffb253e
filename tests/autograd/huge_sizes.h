// tests/autograd/huge_sizes.h: sizes beyond 2^31, 2^32 and 2^63: a function gives the right shape or refuses
//
// Nothing takes memory here: tensors are empty (an axis of size 0 beside the huge one) or expanded (stride 0), and what
// would need an element for each number is left out where a machine might have that many.
#pragma once
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "autograd/view.h"
#include "tensor/create.h"

namespace weft::huge {

__extension__ using Wide = __int128;  // no product of two sizes overflows it
/// What a shape is in arithmetic without end; nothing where n must be refused.
using WideShape = std::optional<std::vector<Wide>>;

struct SizeCase {
  std::string_view name;    ///< the function, then what sets the case apart
  Shape (*shape)(int64_t);  ///< of its result, for a size of n
  WideShape (*wide)(Wide n);
  /// n from where on the function may refuse what would fit, and says why.
  int64_t may_refuse_from = INT64_MAX;
  bool counts = false;  ///< it makes a table of n numbers, whatever its result
};

inline constexpr int64_t k2 = int64_t{1} << 31, k4 = int64_t{1} << 32, kTera = int64_t{1} << 40,
                         kQuarter = int64_t{1} << 61, kHalf = int64_t{1} << 62;
inline constexpr int64_t kSizes[] = {INT64_MIN,
                                     INT64_MIN + 1,
                                     -kHalf,
                                     -k4,
                                     -2,
                                     -1,
                                     k2 - 1,
                                     k2,
                                     k2 + 1,
                                     k4 - 1,
                                     k4,
                                     k4 + 1,
                                     k4 + k2,
                                     kTera,
                                     kTera + 1,
                                     kQuarter,
                                     kQuarter + 1,
                                     kHalf - 1,
                                     kHalf,
                                     kHalf + 1,
                                     kHalf + kQuarter,
                                     INT64_MAX - 1,
                                     INT64_MAX};

/// n elements that are one.
inline Variable repeated(int64_t n) { return n < 0 ? Variable(zeros({n})) : expand(ones({1}), {n}); }
/// No elements, or an error: one size is 0, or negative.
inline Variable nothing(const Shape& shape) { return zeros(shape); }

inline bool is_size(const std::vector<Wide>& shape) {
  Wide product = 1;
  for (const Wide size : shape) {
    if (size < 0 || size > INT64_MAX) return false;
    if (size == 0) product = 0;
  }
  if (product == 0) return true;
  for (const Wide size : shape)
    if ((product *= size) > INT64_MAX) return false;
  return true;
}

/// The elements of a size; more than there can be: one more than the most.
inline Wide elements_of(const std::vector<Wide>& shape) {
  Wide product = 1;
  for (const Wide size : shape) product = std::min<Wide>(product * size, Wide{INT64_MAX} + 1);
  return product;
}

/// What is wrong with what the case does for n; empty: nothing.
inline std::string fault(const SizeCase& c, int64_t n, bool are_views) {
  const WideShape wide = c.wide(n);
  const bool fits = wide && is_size(*wide);
  try {
    const Shape shape = c.shape(n);
    if (!fits) return "gave " + to_string(shape) + ", must be refused";
    if (!std::equal(shape.begin(), shape.end(), wide->begin(), wide->end())) return "gave " + to_string(shape);
    return "";
  } catch (const Error& error) {
    const std::string text = error.what();
    if (text.find(": ") == std::string::npos || text.size() < 20) return "says only: " + text;
    const bool must_fit = fits && (are_views || elements_of(*wide) < kTera) && n < c.may_refuse_from;
    return must_fit ? "was refused: " + text : "";
  } catch (const std::exception& error) {
    return std::string("threw another exception: ") + error.what();
  }
}

/// Whether the result would need elements that a machine may well have.
inline bool takes_memory(const SizeCase& c, int64_t n) {
  constexpr int64_t kFew = 100;
  if (c.counts && n > kFew && n < kTera) return true;
  const WideShape wide = c.wide(n);
  return wide && is_size(*wide) && elements_of(*wide) > kFew && elements_of(*wide) < kTera;
}

/// Every case for every size; how many those were.
template <size_t count>
int64_t check_all(const SizeCase (&cases)[count], bool are_views = false) {
  int64_t checked = 0;
  for (const SizeCase& c : cases)
    for (const int64_t n : kSizes) {
      if (!are_views && takes_memory(c, n)) continue;
      const std::string text = fault(c, n, are_views);
      CHECK_MESSAGE(text.empty(), c.name, " of ", n, " ", text);
      ++checked;
    }
  return checked;
}

}  // namespace weft::huge
