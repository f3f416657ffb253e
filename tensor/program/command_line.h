// tensor/program/command_line.h: the arguments of a program, and its help page
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tensor/program/program.h"
#include "tensor/program/setting.h"

namespace weft::program {

/// What a program says about itself. --help and --version come by themselves.
struct CommandLine {
  std::string name;                 ///< "weft-fetch"
  std::string about;                ///< one line or several
  std::string usage = "[options]";  ///< what follows the name
  std::vector<Setting> settings;
  std::string ending = {};  ///< of the help page: what stands below the options
};

/// Sets the variables of the settings that argv names, and returns those names. Nothing comes back when --help or
/// --version was answered on stdout. Throws UsageError: an unknown option (names the nearest right one), one without
/// its value or given twice, a value its setting has a problem with, an argument too many.
std::optional<std::set<std::string>> parse(const CommandLine& command_line, int argc, char** argv);

/// `text` in lines that end before column 80, each but the first indented to the column of the help page's right side.
std::string wrapped(const std::string& text);
/// That column.
inline constexpr size_t kHelpColumn = 25;

}  // namespace weft::program
