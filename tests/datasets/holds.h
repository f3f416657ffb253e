// tests/datasets/holds.h: what an error says
#pragma once
#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "tests/datasets/files.h"

namespace weft::test {

/// The text of the Error that f throws; a failure when it throws none.
template <class F>
std::string message(F&& f) {
  return thrown<Error>(std::forward<F>(f));
}

inline void holds(const std::string& text, const std::string& words) {
  INFO(text);
  CHECK(text.find(words) != std::string::npos);
}

}  // namespace weft::test
