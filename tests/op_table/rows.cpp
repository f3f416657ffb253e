// tests/op_table/rows.cpp: the table that the families fill
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

using Makers = std::vector<std::vector<Row> (*)()>;

Makers& makers() {
  static Makers list;
  return list;
}

}  // namespace

Family::Family(std::vector<Row> (*make)()) { makers().push_back(make); }

const std::vector<Row>& all_rows() {
  static const std::vector<Row> rows = [] {
    std::vector<Row> all;
    for (const auto make : makers())
      for (Row& row : make()) all.push_back(std::move(row));
    return all;
  }();
  return rows;
}

}  // namespace weft::op_table
