// datasets/file_error.h: one form for every complaint about a file
#pragma once
#include <filesystem>
#include <utility>

#include "tensor/error.h"

namespace weft::datasets {

/// Throws FileError("op: 'path': message"), the message formatted as by fmt::format.
template <class... Args>
[[noreturn]] void fail_file(std::string_view op, const std::filesystem::path& path, fmt::format_string<Args...> message,
                            Args&&... args) {
  throw FileError(fmt::format("{}: '{}': {}", op, path.string(), fmt::format(message, std::forward<Args>(args)...)));
}

}  // namespace weft::datasets
