// tests/op_table/rows_scan.cpp: running sums and products along every axis, both ways
#include <fmt/format.h>

#include "autograd/scan.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

using Scan = Variable (*)(const Variable&, int64_t, From);

Row scan_row(const std::string& function, Scan f, int64_t axis, From from, Values values) {
  const std::vector<Shapes> samples =
      axis == 0 ? std::vector<Shapes>{{S{}}, {S{1}}, {S{7}}, {S{0, 3}}, {S{5, 3}}, {S{3, 2, 2}}}
                : std::vector<Shapes>{{S{2, 1}}, {S{3, 0}}, {S{3, 4}}, {S{2, 3, 2}}};
  return {.name = fmt::format("{} axis={}{}", function, axis, from == From::last ? " from last" : ""),
          .call = [=](const Vars& v) { return f(v[0], axis, from); },
          .order = Order::second,
          .samples = samples,
          .values = {values},
          .dtypes = kAll};
}

std::vector<Row> scan_rows() {
  std::vector<Row> rows;
  for (const int64_t axis : {0, 1}) {
    for (const From from : {From::first, From::last}) {
      rows.push_back(scan_row("cumsum", cumsum, axis, from, normal()));
      rows.back().scale = Scale::absolute_inputs;
      rows.back().large =
          axis == 0 ? std::vector<Shapes>{{S{70000}}, {S{300, 130}}} : std::vector<Shapes>{{S{3, 70000}}};
      rows.push_back(scan_row("cumprod", cumprod, axis, from, uniform(0.5, 1.5)));
    }
  }
  rows[0].rejects = {{{"axis 2 is out of range", "x is [2, 3] float32", "hint"}, [] { cumsum(zeros({2, 3}), 2); }}};
  rows[1].rejects = {{{"axis 1 is out of range", "x is [] float32"}, [] { cumprod(scalar(1), 1); }}};
  Row zeros_among = scan_row("cumprod", cumprod, 0, From::first, whole(-1, 2));
  zeros_among.name += " with zeros";
  rows.push_back(zeros_among);
  return rows;
}

const Family scans(scan_rows);

}  // namespace

}  // namespace weft::op_table
