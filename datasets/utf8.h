// datasets/utf8.h: text as code points
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace weft::datasets {

/// Bytes of the code point that begins at `position`: 1 to 4.  Throws "op: ... byte 17 ...": not UTF-8 (RFC 3629:
/// a stray continuation byte, an end inside a code point, an overlong form, a surrogate, beyond U+10FFFF).
int64_t utf8_length(std::string_view op, std::string_view text, int64_t position);

}  // namespace weft::datasets
