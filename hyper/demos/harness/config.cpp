// hyper/demos/harness/config.cpp: settings as JSON
#include "hyper/demos/harness/config.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "hyper/demos/harness/errors.h"

namespace weft::demo {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

struct Assign {
  const std::string& text;

  void operator()(bool* value) const { *value = text == "true"; }
  void operator()(std::string* value) const { *value = text; }
  void operator()(std::vector<std::string>* value) const { value->assign(1, text); }
  template <class T>
  void operator()(T* value) const {
    parse_number(text, *value);
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

std::string text_of(const Setting& setting) {
  return std::visit([](const auto* value) { return text_of(Json(*value)); }, setting.value);
}

std::string json_of(const std::vector<Setting>& settings) {
  Json object = Json::object();
  for (const Setting& setting : settings) {
    object[setting.name.substr(2)] = std::visit([](const auto* value) { return Json(*value); }, setting.value);
  }
  // Values may be any bytes; JSON is UTF-8, so bytes that are not become the replacement character.
  return object.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::map<std::string, std::string> settings_in(const std::filesystem::path& config) {
  std::ifstream file(config);
  if (!file) throw FileError(fmt::format("'{}': cannot be read", config.string()));
  const Json json = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("settings") || !json["settings"].is_object()) {
    throw FileError(
        fmt::format("'{}': no JSON object with \"settings\"; hint: name the config.json of a run", config.string()));
  }
  std::map<std::string, std::string> settings;
  for (const auto& [name, value] : json["settings"].items()) settings["--" + name] = text_of(value);
  return settings;
}

}  // namespace weft::demo
