// tensor/program/program.h: how a command-line program of Weft ends: a line on stderr and an exit code for every error
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "tensor/error.h"

namespace weft {

enum class ExitCode : int { done, bad_data, usage, diverged, out_of_memory, cannot_write, device_missing };

/// What ends a program with a code of its own.
class ProgramError : public Error {
 public:
  ProgramError(ExitCode code, const std::string& message) : ProgramError(static_cast<int>(code), message) {}
  int exit_code() const { return exit_code_; }

 protected:
  ProgramError(int exit_code, const std::string& message) : Error(message), exit_code_(exit_code) {}

 private:
  int exit_code_;
};

/// The command line is wrong.
class UsageError : public ProgramError {
 public:
  explicit UsageError(const std::string& message) : ProgramError(ExitCode::usage, message) {}
};

/// A file of results, or stdout, cannot be written.
class WriteError : public ProgramError {
 public:
  explicit WriteError(const std::string& message) : ProgramError(ExitCode::cannot_write, message) {}
};

/// A signal stopped the work: 128 + signal.
class Interrupted : public ProgramError {
 public:
  Interrupted(int signal, const std::string& message) : ProgramError(128 + signal, message), signal(signal) {}
  int signal;
};

/// Runs `body`, prints what it throws and returns the exit code: the one that a ProgramError has; 4 when memory runs
/// out; 5 when stdout cannot be written; 1 for any other exception; else 0.
int run_program(std::string_view name, const std::function<void()>& body);

}  // namespace weft
