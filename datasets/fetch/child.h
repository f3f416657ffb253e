// datasets/fetch/child.h: a program of the system, run without a shell
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace weft::fetch {

/// How a program ended: its exit code, or the signal that stopped it.
struct Ending {
  int code = 0;
  int signal = 0;
  bool succeeded() const { return code == 0 && signal == 0; }
};

/// The full path of a program on PATH.
std::optional<std::filesystem::path> find_program(const std::string& name);

/// Runs a program with these words; `output`, when set, is a new file that takes what it prints.
/// Throws Error: it cannot be started; FileError: `output` cannot be made.
Ending run(const std::filesystem::path& program, const std::vector<std::string>& words,
           const std::filesystem::path& output = {});

}  // namespace weft::fetch
