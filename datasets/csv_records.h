// datasets/csv_records.h: the grammar of RFC 4180: text into records of fields
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft::datasets {

/// Reads one record after another.
class CsvRecords {
 public:
  /// `text` must outlive the reader; `name` stands for the file in errors.
  CsvRecords(std::string_view text, std::string_view name, char separator)
      : text_(text), name_(name), separator_(separator) {}

  /// The next record that is no empty line; false at the end.  Throws FileError: a quote that is never closed, text
  /// behind a closing quote, a quote inside an unquoted field.
  bool next(std::vector<std::string>& fields);
  /// The line on which that record began, from 1.
  int64_t line() const { return record_line_; }

 private:
  bool at_end() const { return position_ == text_.size(); }
  bool at_line_end() const;
  void skip_line_end();
  std::string quoted(int64_t column);
  std::string plain(int64_t column);

  std::string_view text_, name_;
  char separator_;
  size_t position_ = 0;
  int64_t line_ = 1, record_line_ = 1;
};

}  // namespace weft::datasets
