// datasets/fetch/child.h: a program of the system, run without a shell
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
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

/// Takes a piece of what a program prints.
using Take = std::function<void(std::string_view piece)>;

/// Runs a program with these words; `take`, when set, is given what it prints, piece by piece.
/// Throws Error: it cannot be started or waited for; what `take` throws, after the program has ended.
Ending run(const std::filesystem::path& program, const std::vector<std::string>& words, const Take& take = {});

}  // namespace weft::fetch
