// tests/op_table/rows_normalization.cpp: mean 0 and variance 1, and the norms built on it
#include "autograd/normalization.h"
#include "tests/op_table/row.h"

namespace weft::op_table {
namespace {

constexpr double kEps = 1e-2;

std::vector<Row> normalization_rows() {
  const Tolerance two_passes{2e-6, 1e-12, "mean and variance round before the quotient does"};
  return {
      {.name = "standardize axes=[1]",
       .call = [](const Vars& v) { return standardize(v[0], {1}, kEps); },
       .order = Order::second,
       .samples = {{S{0, 3}}, {S{2, 1}}, {S{2, 5}}, {S{2, 3, 2}}},
       .large = {{S{5, 1031}}},
       .values = {normal(1, 2)},
       .tolerance = two_passes,
       .rejects = {{{"axis 2 is out of range"},
                    [] {
                      standardize(zeros({2, 3}), {2});
                    }},
                   {{"int64"},
                    [] {
                      standardize(zeros({2, 3}, {DType::int64}), {1});
                    }}}},
      {.name = "standardize axes=[0, 2]",
       .call =
           [](const Vars& v) {
             return standardize(v[0], {0, 2}, kEps);
           },
       .order = Order::second,
       .samples = {{S{2, 2, 3}}, {S{1, 2, 4}}},
       .values = {normal(1, 2)},
       .tolerance = two_passes},
      {.name = "layer_norm",
       .call = [](const Vars& v) { return layer_norm(v[0], v[1].shape(), v[1], v[2], kEps); },
       .order = Order::second,
       .samples = {{S{0, 4}, S{4}, S{4}}, {S{2, 0}, S{0}, S{0}}, {S{2, 4}, S{4}, S{4}}, {S{2, 2, 3}, S{2, 3}, S{2, 3}}},
       .large = {{S{37, 1031}, S{1031}, S{1031}}, {S{300, 257}, S{257}, S{257}}},
       .tolerance = two_passes,
       .rejects = {{{"normalized_shape is [3], x is [2, 4] float32"},
                    [] {
                      layer_norm(zeros({2, 4}), {3});
                    }},
                   {{"normalized_shape is []"},
                    [] {
                      layer_norm(zeros({2, 4}), {});
                    }},
                   {{"normalized_shape is [2, 4], x is [4]"},
                    [] {
                      layer_norm(zeros({4}), {2, 4});
                    }},
                   {{"weight is [2] float32", "[4]"},
                    [] {
                      layer_norm(zeros({2, 4}), {4}, zeros({2}));
                    }},
                   {{"bias is [1] float32", "[4]"},
                    [] {
                      layer_norm(zeros({2, 4}), {4}, {}, zeros({1}));
                    }}}},
      {.name = "layer_norm groups of weights",
       .call = [](const Vars& v) { return layer_norm(v[0], {v[0].size(-1)}, v[1], v[2], kEps); },
       .order = Order::second,
       .samples = {{S{2, 4, 3}, S{4, 3}, S{4, 3}}, {S{1, 4, 1}, S{4, 1}, S{4, 1}}},
       .large = {{S{37, 4, 131}, S{4, 131}, S{4, 131}}},
       .tolerance = two_passes,
       .rejects = {{{"bias is [3] float32"},
                    [] {
                      layer_norm(zeros({2, 4, 3}), {3}, zeros({4, 3}), zeros({3}));
                    }},
                   {{"weight is [2, 3] float32", "x is [2, 4, 3]"},
                    [] {
                      layer_norm(zeros({2, 4, 3}), {3}, zeros({2, 3}));
                    }}}},
      {.name = "rms_norm",
       .call = [](const Vars& v) { return rms_norm(v[0], v[1].shape(), v[1], kEps); },
       .order = Order::second,
       .samples = {{S{2, 4}, S{4}}, {S{2, 2, 3}, S{2, 3}}},
       .rejects = {{{"normalized_shape is [3], x is [2, 4] float32"},
                    [] {
                      rms_norm(zeros({2, 4}), {3});
                    }}}},
      {.name = "rms_norm no weight",
       .call = [](const Vars& v) { return rms_norm(v[0], {v[0].size(-1)}, {}, kEps); },
       .order = Order::second,
       .samples = {{S{2, 3, 5}}, {S{4}}}},
      {.name = "group_norm groups=2",
       .call = [](const Vars& v) { return group_norm(v[0], 2, v[1], v[2], kEps); },
       .order = Order::second,
       .samples = {{S{0, 2, 3}, S{2}, S{2}}, {S{2, 4, 2}, S{4}, S{4}}, {S{1, 4, 2, 2}, S{4}, S{4}}},
       .tolerance = two_passes,
       .rejects = {{{"num_groups is 2, x is [2, 3] float32"},
                    [] {
                      group_norm(zeros({2, 3}), 2);
                    }},
                   {{"num_groups is 0"},
                    [] {
                      group_norm(zeros({2, 3}), 0);
                    }},
                   {{"num_groups is 1, x is [3]"}, [] { group_norm(zeros({3}), 1); }},
                   {{"weight is [2] float32", "x is [2, 3]"},
                    [] {
                      group_norm(zeros({2, 3}), 1, ones({2}));
                    },
                    "scale_channels"}}},
  };
}

const Family normalization(normalization_rows);

}  // namespace
}  // namespace weft::op_table
