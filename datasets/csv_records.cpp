// datasets/csv_records.cpp: one pass, no look-ahead beyond a doubled quote and "\r\n"
#include "datasets/csv_records.h"

#include <algorithm>

#include "datasets/file_error.h"

namespace weft::datasets {
namespace {

constexpr std::string_view kCsvRecords = "Csv";

}  // namespace

bool CsvRecords::at_line_end() const {
  return at_end() || text_[position_] == '\n' || text_.substr(position_, 2) == "\r\n";
}

void CsvRecords::skip_line_end() {
  if (at_end()) return;
  position_ += text_[position_] == '\n' ? 1 : 2;
  ++line_;
}

bool CsvRecords::next(std::vector<std::string>& fields) {
  while (!at_end() && at_line_end()) skip_line_end();
  if (at_end()) return false;
  fields.clear();
  record_line_ = line_;
  for (int64_t column = 1;; ++column) {
    const bool is_quoted = !at_end() && text_[position_] == '"';
    fields.push_back(is_quoted ? quoted(column) : plain(column));
    if (at_line_end()) break;
    if (text_[position_] != separator_)
      fail_file(kCsvRecords, name_,
                "line {}, column {}: text after the closing quote; hint: a quote inside is written twice", line_,
                column);
    ++position_;
  }
  skip_line_end();
  return true;
}

std::string CsvRecords::quoted(int64_t column) {
  const int64_t opened = line_;
  std::string field;
  for (++position_;;) {
    const size_t quote = text_.find('"', position_);
    if (quote == std::string_view::npos)
      fail_file(kCsvRecords, name_, "line {}, column {}: the quote that opens here is never closed", opened, column);
    const std::string_view piece = text_.substr(position_, quote - position_);
    line_ += std::count(piece.begin(), piece.end(), '\n');
    field += piece;
    position_ = quote + 1;
    if (at_end() || text_[position_] != '"') return field;
    field += '"';
    ++position_;
  }
}

std::string CsvRecords::plain(int64_t column) {
  const size_t begin = position_;
  while (!at_line_end() && text_[position_] != separator_) {
    if (text_[position_] == '"')
      fail_file(kCsvRecords, name_, "line {}, column {}: a quote inside a field that does not begin with one", line_,
                column);
    ++position_;
  }
  return std::string(text_.substr(begin, position_ - begin));
}

}  // namespace weft::datasets
