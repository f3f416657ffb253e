// tests/op_table/selection.cpp: which part of the table a run covers
#include "tests/op_table/selection.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace weft::op_table {

namespace {

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) words.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

std::vector<const Row*> rows_named(const std::string& text) {
  std::vector<const Row*> rows;
  const std::vector<std::string> words = words_of(text);
  long long part = 1, parts = 1, number = 0;
  const bool is_part = std::sscanf(text.c_str(), "%lld/%lld", &part, &parts) == 2;
  for (const Row& row : all_rows()) {
    const bool wanted = is_part ? number++ % parts == part - 1
                                : words.empty() || std::find(words.begin(), words.end(), row.function()) != words.end();
    if (wanted) rows.push_back(&row);
  }
  if (rows.empty()) throw Error("WEFT_TEST_ROWS: no row is meant by '" + text + "'; hint: softmax,layer_norm or 1/8");
  return rows;
}

}  // namespace

const std::vector<Device>& tested_devices() {
  static const std::vector<Device> devices = [] {
    const std::string text = from_environment("WEFT_TEST_DEVICES");
    std::vector<Device> named;
    if (text.empty()) {
      named = available_devices();
      std::erase_if(named, [](Device device) { return device.kind == DeviceKind::emulated; });
    }
    for (const std::string& name : words_of(text)) named.push_back(parse_device(name));
    return named;
  }();
  return devices;
}

bool checked_by_differences(Device device) {
  return device.kind == DeviceKind::reference || device.kind == DeviceKind::cpu;
}

const std::vector<const Row*>& tested_rows() {
  static const std::vector<const Row*> rows = rows_named(from_environment("WEFT_TEST_ROWS"));
  return rows;
}

bool brief() {
  static const bool is_set = !from_environment("WEFT_TEST_BRIEF").empty();
  return is_set;
}

bool enough(int64_t cases, int64_t expected) {
  constexpr int64_t kBriefPart = 25;
  if (!from_environment("WEFT_TEST_ROWS").empty()) return true;
  return brief() ? cases * kBriefPart > expected : cases > expected;
}

}  // namespace weft::op_table
