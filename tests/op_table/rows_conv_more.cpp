// tests/op_table/rows_conv_more.cpp: convolution along one axis, transposed convolution, unfold and fold
#include "autograd/conv.h"
#include "autograd/fold.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

std::vector<Row> conv1d_rows() {
  const Window1d window{2, 1, 2};
  return {{.name = "conv1d",
           .call = [=](const Vars& v) { return conv1d(v[0], v[1], v[2], window); },
           .order = Order::second,
           .samples = {{S{2, 2, 7}, S{3, 2, 3}, S{3}}},
           .large = {{S{3, 5, 129}, S{17, 5, 3}, S{17}}},
           .scale = Scale::absolute_inputs,
           .rejects = {{{"x needs 3 axes", "[1, 2, 7, 7]"},
                        [] {
                          conv1d(zeros({1, 2, 7, 7}), zeros({3, 2, 3}));
                        }},
                       {{"channels differ", "[1, 2, 7]", "[3, 3, 3]", "[out, in / groups, width]"},
                        [] {
                          conv1d(zeros({1, 2, 7}), zeros({3, 3, 3}));
                        }},
                       {{"the kernel [1, 3] is larger than the image [1, 2]"},
                        [] {
                          conv1d(zeros({1, 2, 2}), zeros({3, 2, 3}));
                        }},
                       {{"bias is [2]", "bias is [3]"},
                        [] {
                          conv1d(zeros({1, 2, 7}), zeros({3, 2, 3}), zeros({2}));
                        }}}},
          {.name = "conv1d groups",
           .call = [](const Vars& v) { return conv1d(v[0], v[1], {}, {}, 2); },
           .order = Order::second,
           .samples = {{S{1, 4, 5}, S{2, 2, 2}}},
           .scale = Scale::absolute_inputs}};
}

std::vector<Reject> transpose_rejects() {
  return {{{"x needs 4 axes"},
           [] {
             conv_transpose2d(zeros({2, 7, 7}), zeros({2, 3, 3, 3}));
           }},
          {{"channels differ", "[1, 2, 7, 7]", "[3, 2, 3, 3]", "[in, out / groups, height, width]"},
           [] {
             conv_transpose2d(zeros({1, 2, 7, 7}), zeros({3, 2, 3, 3}));
           }},
          {{"3 input channels cannot be cut into 2 groups", "[3, 2, 3, 3]"},
           [] {
             conv_transpose2d(zeros({1, 3, 7, 7}), zeros({3, 2, 3, 3}), {}, {}, {0, 0}, 2);
           }},
          {{"output_padding [0, 2]", "stride [1, 2]", "dilation [1, 1]"},
           [] {
             conv_transpose2d(zeros({1, 2, 7, 7}), zeros({2, 2, 3, 3}), {}, {.stride = {1, 2}}, {0, 2});
           }},
          {{"output_padding is [1]", "{height, width}"},
           [] {
             conv_transpose2d(zeros({1, 2, 7, 7}), zeros({2, 2, 3, 3}), {}, {}, {1});
           }},
          {{"image [1, 1]", "kernel [3, 3]", "padding [0, 2]", "give no image"},
           [] {
             conv_transpose2d(zeros({1, 2, 1, 1}), zeros({2, 2, 3, 3}), {}, {.padding = {0, 2}});
           }},
          {{"stride [1, 9223372036854775807]", "give no image of 1 to 2^62 pixels"},
           [] {
             conv_transpose2d(zeros({1, 1, 9, 9}), zeros({1, 1, 3, 3}), {}, {.stride = {1, INT64_MAX}});
           }},
          {{"bias is [2]", "bias is [4]"}, [] {
             conv_transpose2d(zeros({1, 2, 7, 7}), zeros({2, 2, 3, 3}), zeros({2}), {}, {0, 0}, 2);
           }}};
}

std::vector<Row> transpose_rows() {
  const Window2d spread{{2, 3}, {1, 0}, {1, 2}}, dilated{{1, 1}, {0, 2}, {2, 2}};
  return {{.name = "conv_transpose2d",
           .call =
               [=](const Vars& v) {
                 return conv_transpose2d(v[0], v[1], v[2], spread, {1, 2});
               },
           .order = Order::second,
           .samples = {{S{0, 2, 3, 2}, S{2, 3, 3, 2}, S{3}}, {S{2, 2, 3, 2}, S{2, 3, 3, 2}, S{3}}},
           .large = {{S{3, 5, 9, 11}, S{5, 18, 3, 3}, S{18}}},
           .scale = Scale::absolute_inputs,
           .rejects = transpose_rejects()},
          {.name = "conv_transpose2d groups",
           .call =
               [=](const Vars& v) {
                 return conv_transpose2d(v[0], v[1], {}, dilated, {1, 0}, 2);
               },
           .order = Order::second,
           .samples = {{S{1, 4, 3, 4}, S{4, 3, 2, 2}}},
           .corners = Corners::first,  // rows of zeros stand in for the missing positions: no infinity in the weights
           .scale = Scale::absolute_inputs},
          {.name = "conv_transpose2d groups and bias",
           .call =
               [=](const Vars& v) {
                 return conv_transpose2d(v[0], v[1], v[2], dilated, {1, 0}, 2);
               },
           .order = Order::second,
           .samples = {{S{1, 4, 3, 4}, S{4, 3, 2, 2}, S{6}}},
           .corners = Corners::first,  // rows of zeros stand in for the missing positions: no infinity in the weights
           .scale = Scale::absolute_inputs},
          {.name = "conv_transpose1d",
           .call =
               [=](const Vars& v) {
                 return conv_transpose1d(v[0], v[1], v[2], {2, 1, 1}, 1);
               },
           .order = Order::second,
           .samples = {{S{2, 2, 4}, S{2, 3, 3}, S{3}}},
           .scale = Scale::absolute_inputs,
           .rejects = {{{"weight needs 3 axes"},
                        [] {
                          conv_transpose1d(zeros({1, 2, 7}), zeros({2, 2, 3, 3}));
                        }},
                       {{"bias is [3]", "bias is [2]"}, [] {
                          conv_transpose1d(zeros({1, 2, 7}), zeros({2, 2, 3}), zeros({3}));
                        }}}}};
}

std::vector<Row> unfold_rows() {
  const Window2d window{{2, 1}, {1, 0}, {1, 2}};
  return {{.name = "sliding_windows",
           .call =
               [=](const Vars& v) {
                 return sliding_windows(v[0], {2, 3}, window);
               },
           .order = Order::second,
           .samples = {{S{0, 1, 4, 5}}, {S{1, 2, 4, 5}}},
           .rejects = {{{"x needs 4 axes"},
                        [] {
                          sliding_windows(zeros({4, 5}), {2, 2}, {});
                        }},
                       {{"int64"},
                        [] {
                          sliding_windows(zeros({1, 1, 4, 5}, {DType::int64}), {2, 2}, {});
                        }},
                       {{"kernel is [2]"},
                        [] {
                          sliding_windows(zeros({1, 1, 4, 5}), {2}, {});
                        }}}},
          {.name = "overlap_add",
           .call =
               [=](const Vars& v) {
                 return overlap_add(v[0], {4, 5}, window);
               },
           .order = Order::second,
           .samples = {{S{0, 1, 3, 1, 2, 3}}, {S{1, 2, 3, 1, 2, 3}}},
           .scale = Scale::absolute_inputs,
           .rejects = {{{"windows needs 6 axes"},
                        [] {
                          overlap_add(zeros({4, 5}), {2, 2}, {});
                        }},
                       {{"int64"},
                        [] {
                          overlap_add(zeros({1, 1, 3, 4, 2, 2}, {DType::int64}), {4, 5}, {});
                        }},
                       {{"image is [4]"},
                        [] {
                          overlap_add(zeros({1, 1, 3, 4, 2, 2}), {4}, {});
                        }},
                       {{"an image [5, 5] has [4, 4] windows of [2, 2]", "[1, 1, 3, 4, 2, 2]"}, [] {
                          overlap_add(zeros({1, 1, 3, 4, 2, 2}), {5, 5}, {});
                        }}}}};
}

std::vector<Row> fold_rows() {
  const Window2d window{{2, 1}, {1, 0}, {1, 2}};
  return {{.name = "unfold",
           .call =
               [=](const Vars& v) {
                 return unfold(v[0], {2, 3}, window);
               },
           .order = Order::second,
           .samples = {{S{0, 1, 4, 5}}, {S{1, 2, 4, 5}}},
           .large = {{S{2, 5, 33, 31}}},
           .rejects = {{{"x needs 4 axes"},
                        [] {
                          unfold(zeros({4, 5}), {2, 2});
                        }},
                       {{"int64"},
                        [] {
                          unfold(zeros({1, 1, 4, 5}, {DType::int64}), {2, 2});
                        }},
                       {{"kernel is [2]"},
                        [] {
                          unfold(zeros({1, 1, 4, 5}), {2});
                        }},
                       {{"the kernel [5, 2] is larger than the image [4, 5]"},
                        [] {
                          unfold(zeros({1, 1, 4, 5}), {5, 2});
                        }}}},
          {.name = "fold",
           .call =
               [=](const Vars& v) {
                 return fold(v[0], {4, 5}, {2, 3}, window);
               },
           .order = Order::second,
           .samples = {{S{0, 6, 3}}, {S{1, 12, 3}}},
           .large = {{S{65, 18, 3}}},
           .scale = Scale::absolute_inputs,
           .rejects = {{{"columns needs 3 axes"},
                        [] {
                          fold(zeros({4, 5}), {4, 5}, {2, 2});
                        }},
                       {{"int64"},
                        [] {
                          fold(zeros({1, 4, 12}, {DType::int64}), {4, 5}, {2, 2});
                        }},
                       {{"image is [4]"},
                        [] {
                          fold(zeros({1, 4, 12}), {4}, {2, 2});
                        }},
                       {{"kernel is [2]"},
                        [] {
                          fold(zeros({1, 4, 12}), {4, 5}, {2});
                        }},
                       {{"columns is [1, 4, 11]", "[n, c 4, 12]", "an image [4, 5] has 12 windows of [2, 2]"}, [] {
                          fold(zeros({1, 4, 11}), {4, 5}, {2, 2});
                        }}}}};
}

std::vector<Row> conv_more_rows() {
  std::vector<Row> rows;
  for (const auto& family : {conv1d_rows(), transpose_rows(), unfold_rows(), fold_rows()})
    rows.insert(rows.end(), family.begin(), family.end());
  return rows;
}

const Family more_convolutions(conv_more_rows);

}  // namespace

}  // namespace weft::op_table
