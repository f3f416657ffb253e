// datasets/csv.cpp: a table's shape is checked record by record; numbers are parsed when they are asked for
#include "datasets/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <locale>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "datasets/csv_records.h"
#include "datasets/file_error.h"
#include "datasets/input_file.h"
#include "datasets/trimmed.h"
#include "tensor/create.h"

namespace weft::datasets {
namespace {

constexpr std::string_view kCsv = "Csv";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// `text`, a number that from_chars found too large or too small for a float: 0 or subnormal when it is small, nothing
/// when it is large. from_chars does not tell which.
std::optional<float> underflowed(std::string_view text) {
  std::istringstream stream{std::string(text)};
  stream.imbue(std::locale::classic());
  float value = 0;
  stream >> value;
  if (stream.fail()) return {};
  return value;
}

}  // namespace

Csv Csv::load(const std::filesystem::path& path, const CsvOptions& options) {
  return parse(read_file(kCsv, path), path.string(), options);
}

Csv Csv::parse(std::string_view text, const std::string& name, const CsvOptions& options) {
  if (std::string_view("\"\r\n").find(options.separator) != std::string_view::npos || options.separator == '\0')
    fail(kCsv, "byte {} cannot be a separator; hint: ',', ';' or a tab", static_cast<int>(options.separator));
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Csv table(name, options);
  CsvRecords records(text, name, options.separator);
  std::vector<std::string> fields;
  bool wants_header = options.header == CsvHeader::present;
  while (records.next(fields)) {
    const int64_t count = static_cast<int64_t>(fields.size());
    if (table.columns_ == 0) table.columns_ = count;
    if (count != table.columns_)
      fail_file(kCsv, name, "line {}: {} fields, the first record has {}", records.line(), count, table.columns_);
    if (wants_header) {
      table.take_header(std::move(fields), records.line());
      wants_header = false;
      continue;
    }
    table.fields_.insert(table.fields_.end(), fields.begin(), fields.end());
    table.lines_.push_back(records.line());
  }
  if (wants_header) fail_file(kCsv, name, "holds no header; hint: an empty table has one line with the columns' names");
  return table;
}

void Csv::take_header(std::vector<std::string> names, int64_t line) {
  std::set<std::string> seen;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) fail_file(kCsv, name_, "line {}, column {}: the column has no name", line, i + 1);
    if (!seen.insert(names[i]).second)
      fail_file(kCsv, name_, "line {}, column {}: '{}' names an earlier column too", line, i + 1, names[i]);
  }
  header_ = std::move(names);
}

int64_t Csv::column(std::string_view name) const {
  if (header_.empty()) fail_file(kCsv, name_, "has no header: no column is called '{}'; hint: use its number", name);
  const auto found = std::find(header_.begin(), header_.end(), name);
  if (found == header_.end())
    fail_file(kCsv, name_, "no column is called '{}'; hint: there are {}", name, fmt::join(header_, ", "));
  return found - header_.begin();
}

void Csv::check_column(int64_t column) const {
  if (column < 0 || column >= columns_)
    fail_file(kCsv, name_, "column number {} is out of range: there are {}, from 0", column, columns_);
}

const std::string& Csv::at(int64_t row, int64_t column) const {
  check_column(column);
  if (row < 0 || row >= rows()) fail_file(kCsv, name_, "row {} is out of range: there are {}, from 0", row, rows());
  return fields_[static_cast<size_t>(row * columns_ + column)];
}

float Csv::number_at(int64_t row, int64_t column) const {
  const std::string& field = at(row, column);
  std::string_view text = trimmed(field);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);  // from_chars knows no plus
  float value = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const int64_t line = lines_[static_cast<size_t>(row)];
  if (code == std::errc::result_out_of_range && stop == text.data() + text.size()) {
    if (const std::optional<float> small = underflowed(text)) return *small;
    fail_file(kCsv, name_, "line {}, column {}: '{}' is beyond the range of float32", line, column + 1, field);
  }
  if (code != std::errc() || stop != text.data() + text.size())
    fail_file(kCsv, name_, "line {}, column {}: '{}' is no number", line, column + 1, field);
  return value;
}

Tensor Csv::numbers(std::span<const int64_t> columns) const {
  for (const int64_t column : columns) check_column(column);
  const int64_t width = static_cast<int64_t>(columns.size());
  const Tensor y = empty({rows(), width}, {.dtype = DType::float32, .device = cpu});
  for (int64_t row = 0; row < rows(); ++row)
    for (int64_t i = 0; i < width; ++i) y.data<float>()[row * width + i] = number_at(row, columns[i]);
  return y;
}

Tensor Csv::numbers(const std::vector<std::string>& names) const {
  std::vector<int64_t> columns;
  for (const std::string& name : names) columns.push_back(column(name));
  return numbers(columns);
}

CsvLabels Csv::labels(int64_t column) const {
  std::set<std::string> distinct;
  for (int64_t row = 0; row < rows(); ++row) distinct.insert(at(row, column));
  std::vector<std::string> classes(distinct.begin(), distinct.end());
  return {labels(column, classes), classes};
}

Tensor Csv::labels(int64_t column, const std::vector<std::string>& classes) const {
  check_column(column);
  std::map<std::string_view, int64_t> numbers;
  for (size_t i = 0; i < classes.size(); ++i) numbers.emplace(classes[i], static_cast<int64_t>(i));
  const Tensor y = empty({rows()}, {.dtype = DType::int64, .device = cpu});
  for (int64_t row = 0; row < rows(); ++row) {
    const std::string& name = at(row, column);
    const auto found = numbers.find(name);
    if (found == numbers.end())
      fail_file(kCsv, name_, "line {}, column {}: '{}' is none of the {} classes", lines_[static_cast<size_t>(row)],
                column + 1, name, classes.size());
    y.data<int64_t>()[row] = found->second;
  }
  return y;
}

}  // namespace weft::datasets
