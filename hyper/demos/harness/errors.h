// hyper/demos/harness/errors.h: why a demo stops, beside what stops every program
#pragma once
#include "tensor/program/program.h"

namespace weft::demo {

/// A loss or the gradient is no longer a number.
class Diverged : public ProgramError {
 public:
  explicit Diverged(const std::string& message) : ProgramError(ExitCode::diverged, message) {}
};

/// The device asked for is not there.
class DeviceMissing : public ProgramError {
 public:
  explicit DeviceMissing(const std::string& message) : ProgramError(ExitCode::device_missing, message) {}
};

}  // namespace weft::demo
