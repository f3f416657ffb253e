// tensor/error.h: how Weft reports a user's mistake
#pragma once
#include <fmt/core.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace weft {

/// Every mistake a caller can make ends here. The message reads "op: fact with values; hint: what to do".
/// Thrown before anything has changed; but a walk over a tape that fails on its way has spent the records it passed
/// (autograd/tape.h).
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A file is missing, damaged or hostile. Nothing was loaded.
class FileError : public Error {
 public:
  using Error::Error;
};

/// A backend could not get the memory it asked for. All tensors are as they were.
class OutOfMemory : public Error {
 public:
  using Error::Error;
};

/// Throws Error("op: message").
[[noreturn]] void fail_formatted(std::string_view op, fmt::string_view message, fmt::format_args args);

/// Throws Error("op: message"), the message formatted as by fmt::format.
template <class... Args>
[[noreturn]] void fail(std::string_view op, fmt::format_string<Args...> message, Args&&... args) {
  fail_formatted(op, message, fmt::make_format_args(args...));
}

}  // namespace weft
