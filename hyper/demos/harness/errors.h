// hyper/demos/harness/errors.h: why a demo stops, one type an exit code
#pragma once
#include "tensor/error.h"

namespace weft::demo {

/// 0 done, 1 bad data or file, 2 usage, 3 diverged, 4 out of memory, 5 a file cannot be written, 6 device missing;
/// 128 + signal when one stopped the run (signals.h).
enum class ExitCode : int { done, bad_data, usage, diverged, out_of_memory, cannot_write, device_missing };

/// The command line is wrong.
class UsageError : public Error {
 public:
  using Error::Error;
};

/// A loss or the gradient is no longer a number.
class Diverged : public Error {
 public:
  using Error::Error;
};

/// A file of the run folder, or stdout, cannot be written.
class WriteError : public Error {
 public:
  using Error::Error;
};

/// The device asked for is not there.
class DeviceMissing : public Error {
 public:
  using Error::Error;
};

}  // namespace weft::demo
