// tensor/program/setting.cpp: the kinds of options
#include "tensor/program/setting.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace weft::program {
namespace {

/// What a text must be to pass as a T in least..most.
template <class T>
std::function<std::string(const std::string&)> whole_number(T least, T most) {
  return [least, most](const std::string& text) -> std::string {
    T value{};
    if (parse_number(text, value) && value >= least && value <= most) return {};
    if (most == std::numeric_limits<T>::max()) {
      return fmt::format("'{}' is not a whole number of at least {}", text, least);
    }
    return fmt::format("'{}' is not a whole number from {} to {}", text, least, most);
  };
}

}  // namespace

template <class T>
bool parse_number(std::string_view text, T& value) {
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  return code == std::errc() && stop == end;
}
template bool parse_number(std::string_view, int&);
template bool parse_number(std::string_view, int64_t&);
template bool parse_number(std::string_view, uint64_t&);
template bool parse_number(std::string_view, double&);

Setting flag(std::string name, bool& value, std::string about, OnResume on_resume) {
  return {.name = std::move(name), .type = "", .about = std::move(about), .value = &value, .on_resume = on_resume};
}

Setting count(std::string name, int64_t& value, std::string about, int64_t least, int64_t most) {
  return {std::move(name), "N", std::move(about), &value, whole_number(least, most)};
}

Setting seed(std::string name, uint64_t& value, std::string about) {
  return {std::move(name), "N", std::move(about), &value,
          whole_number<uint64_t>(0, std::numeric_limits<uint64_t>::max())};
}

Setting positive(std::string name, double& value, std::string about) {
  return {std::move(name), "X", std::move(about), &value, [](const std::string& text) -> std::string {
            double number = 0;
            if (parse_number(text, number) && std::isfinite(number) && number > 0) return {};
            return fmt::format("'{}' is not a number above 0", text);
          }};
}

Setting number(std::string name, double& value, std::string about, double low, double high) {
  return {std::move(name), "X", std::move(about), &value, [low, high](const std::string& text) -> std::string {
            double number = 0;
            if (parse_number(text, number) && number >= low && number <= high) return {};
            return fmt::format("'{}' is not a number from {} to {}", text, low, high);
          }};
}

Setting choice(std::string name, std::string& value, std::string about, std::vector<std::string> names) {
  return {std::move(name), "NAME", fmt::format("{}: {}", about, fmt::join(names, ", ")), &value,
          [names](const std::string& text) -> std::string {
            if (std::find(names.begin(), names.end(), text) != names.end()) return {};
            return fmt::format("'{}' is unknown; choose one of {}", text, fmt::join(names, ", "));
          }};
}

Setting text(std::string name, std::string& value, std::string type, std::string about) {
  return {std::move(name), std::move(type), std::move(about), &value};
}

Setting may_change(Setting setting) {
  setting.on_resume = OnResume::may_change;
  return setting;
}

Setting shown_as(std::string shown, Setting setting) {
  setting.shown_default = std::move(shown);
  return setting;
}

}  // namespace weft::program
