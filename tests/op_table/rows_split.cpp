// tests/op_table/rows_split.cpp: tensors taken apart; each row takes one part, or joins all of them the other way round
#include <algorithm>

#include "autograd/split.h"
#include "autograd/view.h"
#include "tests/op_table/rows_of_views.h"

namespace weft::op_table {

namespace {

Variable backwards(Vars parts, int64_t axis) {
  std::reverse(parts.begin(), parts.end());
  return cat(parts, axis);
}

std::vector<Row> split_rows() {
  using V = const Variable&;
  return {
      view_row("narrow", [](V x) { return narrow(x, 1, 1, 2); }, {{S{2, 3}}, {S{0, 4}}, {S{2, 5, 3}}},
               {{{"start 2", "length 2", "axis 1 of size 3", "[2, 3]"},
                 [] {
                   narrow(zeros({2, 3}), 1, 2, 2);
                 }},
                {{"start -4"},
                 [] {
                   narrow(zeros({2, 3}), 1, -4, 1);
                 }},
                {{"length -1"},
                 [] {
                   narrow(zeros({2, 3}), 1, 0, -1);
                 }},
                {{"axis 2 is out of range"},
                 [] {
                   narrow(zeros({2, 3}), 2, 0, 1);
                 }}}),
      view_row("narrow from end", [](V x) { return narrow(x, 0, -2, 1); }, {{S{3}}, {S{2, 3}}}),
      view_row("split", [](V x) { return backwards(split(x, 2, 1), 1); }, {{S{2, 5}}, {S{3, 0}}, {S{1, 4, 2}}},
               {{{"parts of 0", "[2]"}, [] { split(zeros({2}), 0); }},
                {{"parts of -1"}, [] { split(zeros({2}), -1); }},
                {{"16777217 parts"}, [] { split(scalar(0).expand({(1 << 24) + 1}), 1); }},
                {{"axis 1 is out of range"}, [] { split(zeros({2}), 1, 1); }}}),
      view_row("split sizes",
               [](V x) {
                 return backwards(split(x, {1, 0, 3}, -1), -1);
               },
               {{S{4}}, {S{2, 4}}},
               {{{"[1, 2]", "size 2"},
                 [] {
                   split(zeros({2}), {1, 2});
                 }},
                {{"[3, -1]"},
                 [] {
                   split(zeros({2}), {3, -1});
                 }},
                {{"[]"}, [] { split(zeros({2}), std::vector<int64_t>{}); }}}),
      view_row(
          "chunk", [](V x) { return backwards(chunk(x, 4), 0); }, {{S{6}}, {S{9, 2}}, {S{3}}, {S{0, 2}}},
          {{{"0 chunks"}, [] { chunk(zeros({2}), 0); }}, {{"axis 0 is out of range"}, [] { chunk(scalar(1), 1); }}}),
      view_row("unbind", [](V x) { return stack(unbind(x, 1), 0); }, {{S{2, 3}}, {S{0, 2}}, {S{2, 3, 2}}},
               {{{"axis 0 is out of range"}, [] { unbind(scalar(1)); }},
                {{"1099511627776 parts"}, [] { unbind(scalar(1).expand({int64_t{1} << 40})); }}}),
  };
}

const Family splits(split_rows);

}  // namespace

}  // namespace weft::op_table
