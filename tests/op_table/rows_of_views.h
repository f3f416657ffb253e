// tests/op_table/rows_of_views.h: the row of a function of one tensor that only moves elements
#pragma once
#include "tests/op_table/row.h"

namespace weft::op_table {

/// f(x), of every dtype there is.
template <class F>
Row view_row(std::string name, F f, std::vector<Shapes> samples, std::vector<Reject> rejects = {}) {
  return {.name = std::move(name),
          .call = [f](const Vars& v) { return f(v[0]); },
          .order = Order::second,
          .samples = std::move(samples),
          .dtypes = kStored,
          .rejects = std::move(rejects)};
}

}  // namespace weft::op_table
