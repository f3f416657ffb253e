// tensor/error.cpp: the one place that puts a message together
#include "tensor/error.h"

namespace weft {

void fail_formatted(std::string_view op, fmt::string_view message, fmt::format_args args) {
  throw Error(fmt::format("{}: {}", op, fmt::vformat(message, args)));
}

}  // namespace weft
