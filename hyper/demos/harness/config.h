// hyper/demos/harness/config.h: settings as JSON: what config.json holds, and back
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tensor/program/setting.h"

namespace weft::demo {

using program::Setting;

/// Sets the variable.  Throws UsageError: a text the setting does not take.
void assign(const Setting& setting, const std::string& text);
/// The variable's value, as assign takes it.
std::string text_of(const Setting& setting);

/// {"hidden-size": 256, ...}, in order. A text that is not UTF-8, as a path may be, is {"hex": "2f746d702fff"}.
std::string json_of(const std::vector<Setting>& settings);
/// The settings of a config.json: option -> text.  Throws FileError: not there, no JSON, no "settings".
std::map<std::string, std::string> settings_in(const std::filesystem::path& config);
/// A fact of a config.json, as "name" of "device"; empty when it does not tell it, or no text.
std::string fact_in(const std::filesystem::path& config, const std::string& part, const std::string& name);

}  // namespace weft::demo
