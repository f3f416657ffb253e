// tensor/program/setting.h: one option of a program: its name, its place, what its value may be
#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <variant>
#include <vector>

namespace weft::program {

/// Whether a run that is resumed may be given another value than it began with. What decides the results may not.
enum class OnResume : bool { stays, may_change };

/// An option and the variable it sets. The variable's value before parsing is the default.
struct Setting {
  std::string name;   ///< "--hidden-size"; without the dashes for an argument that has only its place
  std::string type;   ///< of the value, on the help page: "N", or "[N]" where it may be left out; empty for a flag
  std::string about;  ///< its line on the help page
  std::variant<bool*, int64_t*, uint64_t*, double*, std::string*, std::vector<std::string>*> value;
  /// What is wrong with a value that was given; empty: nothing.
  std::function<std::string(const std::string& text)> problem = {};
  std::string shown_default = {};  ///< on the help page
  OnResume on_resume = OnResume::stays;
};

constexpr int64_t kAnyCount = std::numeric_limits<int64_t>::max();

// The kinds there are. Numbers that are not of the kind, or out of range, are usage errors.

Setting flag(std::string name, bool& value, std::string about, OnResume on_resume = OnResume::may_change);
/// A whole number in least..most.
Setting count(std::string name, int64_t& value, std::string about, int64_t least = 1, int64_t most = kAnyCount);
/// A finite number above 0.
Setting positive(std::string name, double& value, std::string about);
/// A number in [low, high].
Setting number(std::string name, double& value, std::string about, double low, double high);
/// One of `names`.
Setting choice(std::string name, std::string& value, std::string about, std::vector<std::string> names);
/// A whole number of 64 bits.
Setting seed(std::string name, uint64_t& value, std::string about);
/// Any text.
Setting text(std::string name, std::string& value, std::string type, std::string about);

/// The same setting, which a resumed run may be given anew.
Setting may_change(Setting setting);
/// The same setting, with another word for its default on the help page.
Setting shown_as(std::string shown, Setting setting);

/// All of `text` is one number of type T.
template <class T>
bool parse_number(std::string_view text, T& value);

}  // namespace weft::program
