// tests/op_table/rows_view.cpp: views, which share storage, and their adjoints
#include "autograd/view.h"
#include "tests/op_table/rows_of_views.h"

namespace weft::op_table {

namespace {

using V = const Variable&;

const std::vector<Shapes> kThree = {{S{1, 1, 1}}, {S{3, 0, 2}}, {S{5, 7, 3}}, {S{2, 3, 4}}};
const std::vector<Shapes> kAny = {{S{}}, {S{0}}, {S{1}}, {S{129}}, {S{2, 3, 4}}};

std::vector<Row> reshaping_rows() {
  return {
      view_row("reshape flat", [](V x) { return reshape(x, {-1}); }, kAny,
               {{{"[2, 3]", "[4, -1]"},
                 [] {
                   zeros({2, 3}).reshape({4, -1});
                 }},
                {{"[2, 3]", "[7]"},
                 [] {
                   zeros({2, 3}).reshape({7});
                 }}}),
      view_row("reshape split",
               [](V x) {
                 return reshape(x, {2, -1, 1});
               },
               {{S{2}}, {S{4, 3}}, {S{2, 3, 4}}}),
      view_row(
          "flatten", [](V x) { return flatten(x); }, kAny),
      view_row("flatten from 1", [](V x) { return flatten(x, 1); }, kThree,
               {{{"axis 3 is out of range"},
                 [] {
                   zeros({2, 3}).flatten(3);
                 }}}),
      view_row(
          "unsqueeze front", [](V x) { return unsqueeze(x, 0); }, kAny),
      view_row("unsqueeze back", [](V x) { return unsqueeze(x, -1); }, kAny,
               {{{"axis 4 is out of range"},
                 [] {
                   zeros({2, 3}).unsqueeze(4);
                 }}}),
      view_row("squeeze", [](V x) { return squeeze(x, 1); }, {{S{3, 1}}, {S{0, 1, 2}}, {S{5, 1, 7}}},
               {{{"[2, 3]", "3"},
                 [] {
                   zeros({2, 3}).squeeze(1);
                 }}}),
  };
}

std::vector<Row> ordering_rows() {
  return {
      view_row("transpose", [](V x) { return transpose(x); }, kThree,
               {{{"axis"},
                 [] {
                   zeros({2, 3}).transpose(0, 2);
                 }}}),
      view_row(
          "transpose 0 -1", [](V x) { return transpose(x, 0, -1); }, kThree),
      view_row("permute",
               [](V x) {
                 return permute(x, {2, 0, 1});
               },
               kThree,
               {{{"[0, 0]"},
                 [] {
                   zeros({2, 3}).permute({0, 0});
                 }},
                {{"[0]"},
                 [] {
                   zeros({2, 3}).permute({0});
                 }}}),
  };
}

std::vector<Row> window_rows() {
  return {
      view_row("expand",
               [](V x) {
                 return expand(x, {2, 3, 4});
               },
               {{S{}}, {S{1}}, {S{4}}, {S{3, 1}}, {S{2, 1, 4}}},
               {{{"[2, 3]", "[4, 3]"},
                 [] {
                   zeros({2, 3}).expand({4, 3});
                 }}}),
      view_row("expand keeping",
               [](V x) {
                 return expand(x, {3, -1, 5});
               },
               {{S{7, 1}}, {S{1, 2, 1}}}),
      view_row("slice", [](V x) { return slice(x, 1, 1, 4); }, {{S{3, 4}}, {S{2, 9}}, {S{2, 5, 3}}},
               {{{"axis 2 is out of range"},
                 [] {
                   zeros({2, 3}).slice(2, 0, 1);
                 }},
                {{"4", "[2, 3]"},
                 [] {
                   zeros({2, 3}).slice(1, 0, 4);
                 }},
                {{"step", "0"},
                 [] {
                   zeros({2, 3}).slice(1, 0, 3, 0);
                 }}}),
      view_row("slice step", [](V x) { return slice(x, 0, 1, 7, 3); }, {{S{7}}, {S{8, 3}}, {S{7, 5}}}),
      view_row("slice from end", [](V x) { return slice(x, -1, -3, -1); }, {{S{3}}, {S{2, 5}}, {S{2, 3, 4}}}),
      view_row("slice nothing", [](V x) { return slice(x, 0, 2, 2); }, {{S{3}}, {S{2, 5}}}),
      view_row("select", [](V x) { return select(x, 1, -1); }, {{S{3, 1}}, {S{0, 2}}, {S{5, 7, 3}}, {S{2, 3, 4}}},
               {{{"3", "[2, 3]"},
                 [] {
                   zeros({2, 3}).select(1, 3);
                 }},
                {{"-3", "[2, 3]"},
                 [] {
                   zeros({2, 3}).select(0, -3);
                 }}}),
  };
}

std::vector<Row> view_rows() {
  std::vector<Row> rows;
  for (const auto family : {reshaping_rows, ordering_rows, window_rows})
    for (Row& row : family()) rows.push_back(std::move(row));
  return rows;
}

const Family views(view_rows);

}  // namespace

}  // namespace weft::op_table
