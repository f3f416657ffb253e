// tests/op_table/rows_rearrange.cpp: other orders and repetitions
#include "autograd/meshgrid.h"
#include "autograd/rearrange.h"
#include "autograd/view.h"
#include "tests/op_table/rows_of_views.h"

namespace weft::op_table {

namespace {

using V = const Variable&;

std::vector<Row> order_rows() {
  return {
      view_row("movedim", [](V x) { return movedim(x, 0, -1); }, {{S{3}}, {S{2, 3}}, {S{2, 3, 4}}},
               {{{"axis 2 is out of range"},
                 [] {
                   movedim(zeros({2, 3}), 2, 0);
                 }},
                {{"named twice"},
                 [] {
                   movedim(zeros({2, 3}), {0, -2}, {0, 1});
                 }},
                {{"named twice"},
                 [] {
                   movedim(zeros({2, 3}), {0, 1}, {1, 1});
                 }},
                {{"2 axes", "1 places"},
                 [] {
                   movedim(zeros({2, 3}), {0, 1}, {0});
                 }}}),
      view_row("movedim two",
               [](V x) {
                 return movedim(x, {2, 0}, {0, 1});
               },
               {{S{2, 3, 4}}, {S{2, 0, 3, 2}}}),
      view_row("flip", [](V x) { return flip(x, {0}); }, {{S{1}}, {S{0, 2}}, {S{129}}, {S{3, 2}}},
               {{{"axis 1 is out of range"}, [] { flip(zeros({2}), {1}); }},
                {{"named twice"},
                 [] {
                   flip(zeros({2, 2}), {1, -1});
                 }}}),
      view_row("flip two axes",
               [](V x) {
                 return flip(x, {0, -1});
               },
               {{S{2, 3}}, {S{2, 2, 3}}}),
      view_row("flip no axes", [](V x) { return flip(x, {}); }, {{S{}}, {S{3}}}),
      view_row("roll", [](V x) { return roll(x, {2}, {1}); }, {{S{2, 3}}, {S{3, 1}}, {S{2, 0}}, {S{2, 5, 2}}},
               {{{"2 shifts for 1 axes"},
                 [] {
                   roll(zeros({2}), {1, 2}, {0});
                 }},
                {{"0 shifts for 1 axes"}, [] { roll(zeros({2}), {}, {0}); }},
                {{"axis 1 is out of range"}, [] { roll(zeros({2}), {1}, {1}); }},
                {{"named twice"},
                 [] {
                   roll(zeros({2}), {1, 1}, {0, 0});
                 }}}),
      view_row("roll two axes",
               [](V x) {
                 return roll(x, {-1, 7}, {0, -1});
               },
               {{S{3, 4}}, {S{2, 2, 3}}}),
      view_row("roll flat", [](V x) { return roll(x, {-2}); }, {{S{}}, {S{5}}, {S{2, 3}}}),
  };
}

std::vector<Row> repeat_rows() {
  return {
      view_row("repeat",
               [](V x) {
                 return repeat(x, {2, 3});
               },
               {{S{}}, {S{2}}, {S{2, 3}}, {S{0, 2}}},
               {{{"[2]", "[2, 3]", "tile"},
                 [] {
                   repeat(zeros({2, 3}), {2});
                 }},
                {{"-1 times", "[2, 3]"},
                 [] {
                   repeat(zeros({2, 3}), {2, -1});
                 }},
                {{"2^63 - 1 bytes"},
                 [] {
                   repeat(zeros({2, 3}), {int64_t{1} << 31, int64_t{1} << 31});
                 }}}),
      view_row("repeat new axis",
               [](V x) {
                 return repeat(x, {2, 1, 2});
               },
               {{S{3}}, {S{2, 3}}, {S{1, 2, 2}}}),
      view_row("repeat nothing",
               [](V x) {
                 return repeat(x, {2, 0});
               },
               {{S{3}}, {S{2, 3}}}),
      view_row("tile", [](V x) { return tile(x, {2}); }, {{S{}}, {S{3}}, {S{2, 3}}},
               {{{"repeat: an axis of size 3 cannot be repeated -2 times"},
                 [] {
                   tile(zeros({2, 3}), {-2});
                 },
                 "repeat"}}),
      view_row("repeat_interleave", [](V x) { return repeat_interleave(x, 3, 1); },
               {{S{2, 3}}, {S{2, 0}}, {S{2, 2, 3}}},
               {{{"-1 times", "[2]"}, [] { repeat_interleave(zeros({2}), -1, 0); }},
                {{"axis 1 is out of range"}, [] { repeat_interleave(zeros({2}), 2, 1); }}}),
      view_row("repeat_interleave flat", [](V x) { return repeat_interleave(x, 2); }, {{S{}}, {S{3}}, {S{2, 3}}}),
      view_row("repeat_interleave counts",
               [](V x) {
                 return repeat_interleave(x, tensor<int64_t>({2, 0, 3}, {}, x.device()), -1);
               },
               {{S{3}}, {S{2, 3}}},
               {{{"2 repeats for axis 0 of size 3"},
                 [] {
                   repeat_interleave(zeros({3}), tensor<int64_t>({1, 2}), 0);
                 }},
                {{"int64", "int32"},
                 [] {
                   repeat_interleave(zeros({2}), tensor<int32_t>({1, 2}), 0);
                 }},
                {{"-2"},
                 [] {
                   repeat_interleave(zeros({2}), tensor<int64_t>({1, -2}), 0);
                 }},
                {{"1 axes"}, [] { repeat_interleave(zeros({2}), scalar(1, {DType::int64}), 0); }}}),
      view_row("repeat_interleave counts flat",
               [](V x) { return repeat_interleave(x, tensor<int64_t>({2}, {}, x.device())); }, {{S{3}}, {S{2, 2}}}),
  };
}

Row grid_row(std::string name, Indexing indexing) {
  return {.name = std::move(name),
          .call = [indexing](const Vars& v) { return stack(meshgrid(v, indexing)); },
          .order = Order::second,
          .samples = {{S{3}}, {S{0}, S{2}}, {S{}, S{3}}, {S{2}, S{3}, S{1}}},
          .dtypes = kStored};
}

std::vector<Row> broadcast_rows() {
  Row grid = grid_row("meshgrid", Indexing::ij);
  grid.rejects = {{{"one axis or more"}, [] { meshgrid(std::span<const Tensor>{}); }},
                  {{"[2, 1]"},
                   [] {
                     meshgrid({zeros({2}), zeros({2, 1})});
                   }},
                  {{"float32", "int64"}, [] {
                     meshgrid({zeros({2}), zeros({2}, {DType::int64})});
                   }}};
  return {{.name = "broadcast_tensors",
           .call = [](const Vars& v) { return stack(broadcast_tensors(v)); },
           .order = Order::second,
           .samples = {{S{2}}, {S{}, S{2}}, {S{2, 1}, S{1, 0}}, {S{1, 3}, S{2, 1, 1}, S{}}},
           .dtypes = kStored,
           .rejects = {{{"[2]", "[3]"},
                        [] {
                          broadcast_tensors({zeros({2}), zeros({3})});
                        }}}},
          grid,
          grid_row("meshgrid xy", Indexing::xy)};
}

std::vector<Row> rearrange_rows() {
  std::vector<Row> rows;
  for (const auto family : {order_rows, repeat_rows, broadcast_rows})
    for (Row& row : family()) rows.push_back(std::move(row));
  return rows;
}

const Family rearrangements(rearrange_rows);

}  // namespace

}  // namespace weft::op_table
