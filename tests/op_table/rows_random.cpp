// tests/op_table/rows_random.cpp: every device draws the same numbers; the input only gives shape, dtype and device
#include "tensor/random.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

template <class F>
Row random_row(std::string name, F draw) {
  return {.name = std::move(name),
          .call = on_tensors([draw](const Tensors& t) {
            RandomStream stream(20240229, 3);
            stream.set_position((uint64_t{1} << 32) - 40);  // the counter's low word wraps inside the draw
            return draw(t[0].shape(), stream, TensorOptions{t[0].dtype(), t[0].device()});
          }),
          .samples = {{S{0}}, {S{}}, {S{1}}, {S{127}}, {S{128}}, {S{129}}, {S{7, 5}}},
          .large = {{S{3, 7001}}},
          .corners = Corners::none};
}

std::vector<Row> random_rows() {
  Row permutation{.name = "random_permutation",
                  .call = on_tensors([](const Tensors& t) {
                    RandomStream stream(7, 1);
                    return random_permutation(t[0].numel(), stream, t[0].device());
                  }),
                  .samples = {{S{0}}, {S{1}}, {S{129}}},
                  .values = {index(2)},
                  .corners = Corners::none,
                  .dtypes = {DType::float32}};
  return {
      random_row("random_uniform",
                 [](const Shape& s, RandomStream& r, TensorOptions o) { return random_uniform(s, r, -1, 2, o); }),
      random_row("random_normal",
                 [](const Shape& s, RandomStream& r, TensorOptions o) { return random_normal(s, r, 0.5, 2, o); }),
      random_row("random_truncated_normal", [](const Shape& s, RandomStream& r,
                                               TensorOptions o) { return random_truncated_normal(s, r, 0, 0.1, o); }),
      permutation};
}

const Family random_numbers(random_rows);

}  // namespace

}  // namespace weft::op_table
