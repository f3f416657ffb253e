// tests/op_table/rows_one_form.cpp: dtypes that a function takes in some of its forms only
#include "autograd/elementwise.h"
#include "autograd/reduce.h"
#include "autograd/rounding.h"
#include "autograd/where.h"
#include "tests/op_table/rows_of_elements.h"

namespace weft::op_table {

namespace {

const std::vector<DType> kBool = {DType::boolean}, kBfloat16 = {DType::bfloat16};

template <class F>
Row largest_row(std::string name, F f) {
  return {.name = std::move(name),
          .call = on_tensors([f](const Tensors& t) { return f(t[0]); }),
          .samples = {{S{5}}, {S{3, 4}}},
          .values = {whole(0, 1)},
          .dtypes = kBool};
}

std::vector<Row> bools() {
  return with_few_shapes({tensors_row(
                              "div of bools", [](T a, T b) { return a / b; }, {whole(0, 1)}, kBool),
                          tensor_row(
                              "sub bool from number", [](T x) { return 2.5 - x; }, {whole(0, 1)}, kBool),
                          tensor_row(
                              "maximum of bool and number", [](T x) { return maximum(x, 0.5); }, {whole(0, 1)}, kBool),
                          tensor_row(
                              "pow of bool", [](T x) { return pow(x, 3); }, {whole(0, 1)}, kBool),
                          tensor_row(
                              "clamp of bool", [](T x) { return clamp(x, 0, 3); }, {whole(0, 1)}, kBool)});
}

std::vector<Row> bfloats() {
  return with_few_shapes(
      {tensor_row(
           "to float32 from bfloat16", [](T x) { return x.to(DType::float32); }, {normal()}, kBfloat16),
       tensor_row(
           "fill_ of bfloat16",
           [](T x) {
             const Tensor y = x.clone();
             y.fill_(3);
             return y;
           },
           {normal()}, kBfloat16)});
}

std::vector<Row> extreme_values() {
  return {largest_row("max of bool", [](T x) { return max(x, Axes{-1}); }),
          largest_row("min of bool", [](T x) { return min(x, Axes{-1}); })};
}

const Family of_bool(bools), of_bfloat16(bfloats), of_extremes(extreme_values);

}  // namespace

}  // namespace weft::op_table
