// hyper/demos/harness/config.cpp: settings as JSON
#include "hyper/demos/harness/config.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>

#include "hyper/demos/harness/errors.h"

namespace weft::demo {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kHex = "hex";

/// JSON is UTF-8, but an argument may be any bytes, and a run that is resumed must find its files again.
Json json_of_text(const std::string& text) {
  try {
    Json(text).dump();
    return text;
  } catch (const Json::type_error&) {
    std::string digits;
    for (const char c : text) digits += fmt::format("{:02x}", static_cast<uint8_t>(c));
    return Json::object({{kHex, digits}});
  }
}

std::string bytes_of(const std::string& digits) {
  std::string bytes;
  for (size_t at = 0; at + 1 < digits.size(); at += 2) {
    uint8_t byte = 0;
    const char* const end = digits.data() + at + 2;
    if (std::from_chars(digits.data() + at, end, byte, 16).ptr != end) break;
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

std::string text_of_json(const Json& value) {
  if (value.is_object() && value.contains(kHex) && value[kHex].is_string()) return bytes_of(value[kHex]);
  return value.is_string() ? value.get<std::string>() : value.dump();
}

struct ToJson {
  Json operator()(const std::string* value) const { return json_of_text(*value); }
  template <class T>
  Json operator()(const T* value) const {
    return *value;
  }
};

struct Assign {
  const std::string& text;

  void operator()(bool* value) const { *value = text == "true"; }
  void operator()(std::string* value) const { *value = text; }
  void operator()(std::vector<std::string>* value) const { value->assign(1, text); }
  template <class T>
  void operator()(T* value) const {
    program::parse_number(text, *value);
  }
};

}  // namespace

void assign(const Setting& setting, const std::string& text) {
  std::string problem = setting.problem ? setting.problem(text) : "";
  if (std::holds_alternative<bool*>(setting.value) && text != "true" && text != "false") {
    problem = fmt::format("'{}' is neither true nor false", text);
  }
  if (!problem.empty()) throw UsageError(fmt::format("option {}: {}", setting.name, problem));
  std::visit(Assign{text}, setting.value);
}

std::string text_of(const Setting& setting) { return text_of_json(std::visit(ToJson{}, setting.value)); }

std::string json_of(const std::vector<Setting>& settings) {
  Json object = Json::object();
  for (const Setting& setting : settings) {
    object[setting.name.substr(2)] = std::visit(ToJson{}, setting.value);
  }
  return object.dump(2);
}

std::map<std::string, std::string> settings_in(const std::filesystem::path& config) {
  std::ifstream file(config);
  if (!file)
    throw FileError(fmt::format(
        "'{}': cannot be read; hint: --config takes a config.json, --resume the folder of a run", config.string()));
  const Json json = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("settings") || !json["settings"].is_object()) {
    throw FileError(
        fmt::format("'{}': no JSON object with \"settings\"; hint: name the config.json of a run", config.string()));
  }
  std::map<std::string, std::string> settings;
  for (const auto& [name, value] : json["settings"].items()) settings["--" + name] = text_of_json(value);
  return settings;
}

std::string fact_in(const std::filesystem::path& config, const std::string& part, const std::string& name) {
  std::ifstream file(config);
  const Json json = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains(part) || !json[part].is_object() || !json[part].contains(name)) return "";
  const Json& fact = json[part][name];
  return fact.is_string() ? fact.get<std::string>() : "";
}

}  // namespace weft::demo
