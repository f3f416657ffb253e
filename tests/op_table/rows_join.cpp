// tests/op_table/rows_join.cpp: putting tensors together
#include "autograd/view.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

Row cat_row(int64_t axis, std::vector<Shapes> samples) {
  return {.name = "cat axis=" + std::to_string(axis),
          .call = [axis](const Vars& v) { return cat(v, axis); },
          .order = Order::second,
          .samples = std::move(samples),
          .dtypes = kStored};
}

Row stack_row(int64_t axis) {
  return {.name = "stack axis=" + std::to_string(axis),
          .call = [axis](const Vars& v) { return stack(v, axis); },
          .order = Order::second,
          .samples = {{S{3}}, {S{0}, S{0}}, {S{129}, S{129}}, {S{5, 7}, S{5, 7}}, {S{2, 3}, S{2, 3}, S{2, 3}}},
          .large = {{S{3, 70000}, S{3, 70000}}},
          .dtypes = kStored};
}

std::vector<Row> join_rows() {
  Row cat0 =
      cat_row(0, {{S{1}}, {S{0}, S{5}}, {S{127}, S{2}}, {S{7, 5}, S{2, 5}}, {S{2, 3, 4}, S{1, 3, 4}, S{3, 3, 4}}});
  cat0.large = {{S{2, 70000}, S{3, 70000}}};
  cat0.rejects = {{{"[2, 3]", "[2, 4]"},
                   [] {
                     cat({zeros({2, 3}), zeros({2, 4})}, 0);
                   }},
                  {{"axis 2 is out of range"},
                   [] {
                     cat({zeros({2, 3}), zeros({2, 3})}, 2);
                   }},
                  {{"nothing"}, [] { cat(std::span<const Tensor>{}, 0); }}};
  Row stack0 = stack_row(0);
  stack0.rejects = {{{"[2, 3]", "[3, 2]"},
                     [] {
                       stack({zeros({2, 3}), zeros({3, 2})}, 0);
                     }},
                    {{"axis 4 is out of range"}, [] {
                       stack({zeros({2, 3}), zeros({2, 3})}, 4);
                     }}};
  return {cat0,
          cat_row(1, {{S{3, 0}, S{3, 2}}, {S{2, 3, 4}, S{2, 1, 4}}, {S{7, 5}, S{7, 3}}}),
          cat_row(-1, {{S{3, 2}}, {S{7, 5}, S{7, 3}}, {S{2, 3, 4}, S{2, 3, 1}}}),
          stack0,
          stack_row(1),
          stack_row(-1)};
}

const Family joins(join_rows);

}  // namespace

}  // namespace weft::op_table
