// datasets/csv.h: tables of comma-separated values (RFC 4180)
#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/tensor.h"

namespace weft::datasets {

enum class CsvHeader : uint8_t { present, absent };

struct CsvOptions {
  CsvHeader header = CsvHeader::present;
  char separator = ',';
};

/// Classes by name, and each row's class.
struct CsvLabels {
  Tensor labels;                     ///< int64 [rows]
  std::vector<std::string> classes;  ///< sorted by bytes
};

/// A table held as text: records of fields, each as long as the first. A field in double quotes may hold separators,
/// line ends and, doubled, quotes. Lines end by "\n" or "\r\n"; empty lines are no records; a UTF-8 byte order mark in
/// front is skipped. Errors are FileErrors that name file, line and column, both counted from 1 (a column is a field).
class Csv {
 public:
  /// Plain or gzip.  Throws: no such file, a quote in the wrong place or never closed, a record of another length, a
  /// header with no name or one name twice, a separator that cannot be one.
  static Csv load(const std::filesystem::path& path, const CsvOptions& options = {});
  /// `name` stands for the file in errors.
  static Csv parse(std::string_view text, const std::string& name = "text", const CsvOptions& options = {});

  int64_t rows() const { return static_cast<int64_t>(lines_.size()); }
  int64_t columns() const { return columns_; }
  /// Names of the columns; empty without a header.
  const std::vector<std::string>& header() const { return header_; }
  /// Number of a named column.  Throws: no such name (lists those there are), no header.
  int64_t column(std::string_view name) const;
  /// The text of one field.  Throws: out of range.
  const std::string& at(int64_t row, int64_t column) const;

  /// The columns as numbers, float32 [rows, columns]. Numbers too small for float32 become
  /// subnormal or 0, as in any rounding.  Throws: a field that is no number ("nan", "inf" are), or too large for
  /// float32.
  Tensor numbers(std::span<const int64_t> columns) const;
  Tensor numbers(const std::vector<std::string>& names) const;
  /// A column of class names.
  CsvLabels labels(int64_t column) const;
  CsvLabels labels(std::string_view name) const { return labels(column(name)); }
  /// The same with the classes of another table (a test set has the training set's numbers).  Throws: another class.
  Tensor labels(int64_t column, const std::vector<std::string>& classes) const;

 private:
  Csv(std::string name, const CsvOptions& options) : name_(std::move(name)), options_(options) {}
  void take_header(std::vector<std::string> names, int64_t line);
  void check_column(int64_t column) const;
  float number_at(int64_t row, int64_t column) const;

  std::string name_;
  CsvOptions options_;
  int64_t columns_ = 0;
  std::vector<std::string> header_;
  std::vector<std::string> fields_;  ///< [rows, columns]
  std::vector<int64_t> lines_;       ///< where each row begins in the file
};

}  // namespace weft::datasets
