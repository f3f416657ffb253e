// tests/op_table/rows_triangle.cpp: diagonals, and what lies on either side of them
#include "autograd/triangle.h"
#include "tests/op_table/rows_of_views.h"

namespace weft::op_table {

namespace {

using V = const Variable&;

std::vector<Row> triangle_rows() {
  const std::vector<Shapes> planes = {{S{1, 1}}, {S{3, 0}}, {S{4, 3}}, {S{2, 3, 4}}};
  return {
      view_row("tril", [](V x) { return tril(x); }, planes, {{{"2 axes", "[3]"}, [] { tril(zeros({3})); }}}),
      view_row("tril -1", [](V x) { return tril(x, -1); }, {{S{4, 3}}}),
      view_row("tril 2", [](V x) { return tril(x, 2); }, {{S{2, 4}}}),
      view_row("triu", [](V x) { return triu(x); }, planes, {{{"2 axes", "[]"}, [] { triu(scalar(1)); }}}),
      view_row("triu -1", [](V x) { return triu(x, -1); }, {{S{4, 3}}}),
      view_row("triu far", [](V x) { return triu(x, INT64_MIN); }, {{S{2, 3}}}),
      view_row("diagonal", [](V x) { return diagonal(x); }, {{S{1, 1}}, {S{3, 0}}, {S{3, 4}}, {S{3, 2, 2}}},
               {{{"axis 2 is out of range"},
                 [] {
                   diagonal(zeros({2, 3}), 0, 0, 2);
                 }},
                {{"axes 1 and -1 are the same", "[2, 3]"},
                 [] {
                   diagonal(zeros({2, 3}), 0, 1, -1);
                 }}}),
      view_row("diagonal -1", [](V x) { return diagonal(x, -1, 2, 0); }, {{S{3, 2, 4}}, {S{2, 0, 3}}}),
      view_row("diagonal 2", [](V x) { return diagonal(x, 2, -2, -1); }, {{S{3, 4}}, {S{3, 2}}, {S{2, 2, 3}}}),
      view_row("diag_embed", [](V x) { return diag_embed(x); }, {{S{1}}, {S{0}}, {S{3}}, {S{2, 3}}},
               {{{"0-dim"}, [] { diag_embed(scalar(1)); }},
                {{"axis 2 is out of range"}, [] { diag_embed(zeros({2}), 0, 2, 0); }},
                {{"axes 0 and -2 are the same"}, [] { diag_embed(zeros({2}), 0, 0, -2); }},
                {{"2^63 - 1 rows"}, [] { diag_embed(zeros({2}), INT64_MAX); }},
                {{"2^63 - 1 bytes"}, [] { diag_embed(zeros({2}), INT64_MAX - 2); }}}),
      view_row("diag_embed -1", [](V x) { return diag_embed(x, -1, 2, 0); }, {{S{2, 3}}}),
      view_row("diag of row", [](V x) { return diag(x, 1); }, {{S{3}}, {S{0}}},
               {{{"1 or 2 axes", "[1, 1, 1]"},
                 [] {
                   diag(zeros({1, 1, 1}));
                 }}}),
      view_row("diag of matrix", [](V x) { return diag(x, -1); }, {{S{3, 2}}, {S{1, 2}}}),
  };
}

const Family triangles(triangle_rows);

}  // namespace

}  // namespace weft::op_table
