// tests/op_table/rows_pad.cpp: growing tensors at their edges
#include "autograd/pad.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

Row pad_row(std::string name, std::vector<Padding> padding, std::vector<Shapes> samples, Scalar value = 0) {
  return {.name = "pad " + std::move(name),
          .call = [padding, value](const Vars& v) { return pad(v[0], padding, value); },
          .order = Order::second,
          .samples = std::move(samples),
          .dtypes = kNumbers};
}

Row mode_row(std::string name, std::vector<Padding> padding, PadMode mode, std::vector<Shapes> samples) {
  return {.name = "pad " + std::move(name),
          .call = [padding, mode](const Vars& v) { return pad(v[0], padding, mode); },
          .order = Order::second,
          .samples = std::move(samples),
          .dtypes = kStored};
}

std::vector<Row> pad_rows() {
  Row pad_last = pad_row("last", {{2, 1}}, {{S{0}}, {S{1}}, {S{129}}, {S{5, 7}}, {S{2, 3, 4}}});
  pad_last.large = {{S{3, 70000}}};
  pad_last.rejects = {{{"[3]", "2"},
                       [] {
                         pad(zeros({3}), {{1, 1}, {1, 1}});
                       }},
                      {{"-1"}, [] {
                         pad(zeros({3}), {{0, -1}});
                       }}};
  Row reflect = mode_row("reflect", {{2, 1}}, PadMode::reflect, {{S{3}}, {S{2, 4}}});
  reflect.rejects = {{{"{3, 0}", "reflect", "axis 0 of size 3"},
                      [] {
                        pad(zeros({3}), {{3, 0}}, PadMode::reflect);
                      }},
                     {{"{0, 1}", "size 0"},
                      [] {
                        pad(zeros({0}), {{0, 1}}, PadMode::reflect);
                      }},
                     {{"[3]", "2"},
                      [] {
                        pad(zeros({3}), {{1, 1}, {1, 1}}, PadMode::reflect);
                      }},
                     {{"-1"}, [] {
                        pad(zeros({3}), {{0, -1}}, PadMode::reflect);
                      }}};
  Row replicate = mode_row("replicate", {{5, 2}}, PadMode::replicate, {{S{1}}, {S{2, 3}}});
  replicate.rejects = {{{"{0, 1}", "replicate", "size 0"}, [] { pad(zeros({0}), {{0, 1}}, PadMode::replicate); }}};
  Row circular = mode_row("circular", {{2, 1}}, PadMode::circular, {{S{2}}, {S{2, 3}}});
  circular.rejects = {{{"{0, 3}", "circular", "size 2"}, [] { pad(zeros({2}), {{0, 3}}, PadMode::circular); }}};
  return {pad_last,
          pad_row("two axes", {{1, 0}, {0, 3}}, {{S{1, 1}}, {S{0, 2}}, {S{5, 7}}, {S{2, 3, 4}}}),
          pad_row("value", {{1, 2}}, {{S{1}}, {S{5, 7}}}, 7),
          reflect,
          replicate,
          circular,
          mode_row("reflect two axes", {{1, 0}, {0, 2}}, PadMode::reflect, {{S{2, 3}}}),
          mode_row("replicate two axes", {{1, 2}, {2, 0}}, PadMode::replicate, {{S{2, 3}}}),
          mode_row("circular two axes", {{1, 2}, {3, 0}}, PadMode::circular, {{S{2, 3}}})};
}

const Family pads(pad_rows);

}  // namespace

}  // namespace weft::op_table
