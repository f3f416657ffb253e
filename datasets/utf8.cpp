// datasets/utf8.cpp: the well-formed byte sequences of Unicode's table 3-7
#include "datasets/utf8.h"

#include "tensor/error.h"

namespace weft::datasets {
namespace {

/// Length of the well-formed sequence in front; 0: there is none.
int64_t length_in_front(std::string_view text) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0}; };
  const auto within = [&](size_t i, uint8_t low, uint8_t high) { return byte(i) >= low && byte(i) <= high; };
  const auto follows = [&](size_t i) { return within(i, 0x80, 0xBF); };
  const uint8_t first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const uint8_t low = first == 0xE0 ? 0xA0 : 0x80;   // not overlong
    const uint8_t high = first == 0xED ? 0x9F : 0xBF;  // no surrogate
    return within(1, low, high) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const uint8_t low = first == 0xF0 ? 0x90 : 0x80;   // not overlong
    const uint8_t high = first == 0xF4 ? 0x8F : 0xBF;  // at most U+10FFFF
    return within(1, low, high) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

int64_t utf8_length(std::string_view op, std::string_view text, int64_t position) {
  const int64_t length = length_in_front(text.substr(static_cast<size_t>(position)));
  if (length == 0)
    fail(op, "the text is not UTF-8: byte {} at position {} begins no character; hint: Vocabulary::bytes() takes any",
         static_cast<uint8_t>(text[static_cast<size_t>(position)]), position);
  return length;
}

}  // namespace weft::datasets
