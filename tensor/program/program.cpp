// tensor/program/program.cpp: exceptions as exit codes
#include "tensor/program/program.h"

#include <cstdio>
#include <new>

#include "tensor/file.h"

namespace weft {
namespace {

int report(int exit_code, std::string_view message) {
  std::fflush(stdout);
  fmt::print(stderr, "{}\n", message);
  return exit_code;
}

int report(ExitCode code, std::string_view message) { return report(static_cast<int>(code), message); }

}  // namespace

int run_program(std::string_view name, const std::function<void()>& body) {
  try {
    body();
    // What was printed may still wait in a buffer: only now is it known whether it arrives.
    if (std::fflush(stdout) != 0) throw WriteError("stdout: cannot write: " + system_error_text());
    return static_cast<int>(ExitCode::done);
  } catch (const ProgramError& error) {
    return report(error.exit_code(), error.what());
  } catch (const OutOfMemory& error) {
    return report(ExitCode::out_of_memory, error.what());
  } catch (const std::bad_alloc&) {
    return report(ExitCode::out_of_memory, fmt::format("{}: out of memory", name));
  } catch (const std::exception& error) {
    // A print that fails throws what the standard library has for every failure of the system.
    return report(std::ferror(stdout) != 0 ? ExitCode::cannot_write : ExitCode::bad_data, error.what());
  }
}

}  // namespace weft
