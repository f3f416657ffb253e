// tests/op_table/rows_random_discrete.cpp: every device makes the same choices
#include <cmath>

#include "tensor/random_discrete.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

/// `draw` is called with the inputs and a stream.
template <class F>
Row discrete_row(std::string name, F draw, std::vector<Shapes> samples, Values values = uniform(0, 1)) {
  return {.name = std::move(name),
          .call = on_tensors([draw](const Tensors& t) {
            RandomStream stream(20240229, 3);
            return draw(t, stream);
          }),
          .samples = std::move(samples),
          .values = {values},
          .corners = Corners::none};
}

const std::vector<Shapes> kAnyShape = {{S{0}}, {S{}}, {S{129}}, {S{7, 5}}};

std::vector<Row> simple_rows() {
  Row bernoulli = discrete_row(
      "random_bernoulli", [](const Tensors& t, RandomStream& r) { return random_bernoulli(t[0], r); }, kAnyShape);
  bernoulli.rejects = {{{"not in [0, 1]", "[2] float32"},
                        [] {
                          RandomStream r(1, 0);
                          random_bernoulli(full({2}, 1.5), r);
                        }},
                       {{"not in [0, 1]"},
                        [] {
                          RandomStream r(1, 0);
                          random_bernoulli(full({2}, NAN), r);
                        }},
                       {{"floating", "int64"},
                        [] {
                          RandomStream r(1, 0);
                          random_bernoulli(zeros({2}, {DType::int64}), r);
                        }},
                       {{"p is -0.5"}, [] {
                          RandomStream r(1, 0);
                          random_bernoulli({2}, r, -0.5);
                        }}};
  Row one_p = discrete_row(
      "random_bernoulli of one p",
      [](const Tensors& t, RandomStream& r) {
        return random_bernoulli(t[0].shape(), r, 0.3, {DType::boolean, t[0].device()});
      },
      kAnyShape);
  one_p.values = {index(2)};  // it gives the shape only
  Row integers = discrete_row(
      "random_integers",
      [](const Tensors& t, RandomStream& r) {
        return random_integers(t[0].shape(), r, -3, 4, {t[0].dtype(), t[0].device()});
      },
      kAnyShape);
  integers.dtypes = {DType::float32, DType::float64, DType::int64, DType::int32, DType::bfloat16};
  integers.rejects = {{{"low 3", "high 3"},
                       [] {
                         RandomStream r(1, 0);
                         random_integers({2}, r, 3, 3);
                       }},
                      {{"2^53"},
                       [] {
                         RandomStream r(1, 0);
                         random_integers({2}, r, INT64_MIN, INT64_MAX);
                       }},
                      {{"256 does not fit uint8"}, [] {
                         RandomStream r(1, 0);
                         random_integers({2}, r, 0, 257, {DType::uint8});
                       }}};
  Row exponential = discrete_row(
      "random_exponential",
      [](const Tensors& t, RandomStream& r) {
        return random_exponential(t[0].shape(), r, 2, {t[0].dtype(), t[0].device()});
      },
      kAnyShape);
  exponential.rejects = {{{"rate is 0"},
                          [] {
                            RandomStream r(1, 0);
                            random_exponential({2}, r, 0);
                          }},
                         {{"int64"}, [] {
                            RandomStream r(1, 0);
                            random_exponential({2}, r, 1, {DType::int64});
                          }}};
  return {bernoulli, one_p, integers, exponential};
}

Row multinomial_row(Replacement replacement, int64_t count) {
  return discrete_row(
      std::string("random_multinomial ") + (replacement == Replacement::yes ? "with" : "without") + " replacement",
      [=](const Tensors& t, RandomStream& r) { return random_multinomial(t[0], count, r, replacement); },
      {{S{5}}, {S{7, 6}}}, uniform(0.1, 2));
}

std::vector<Row> choice_rows() {
  const auto choose = [](const Tensor& weights, int64_t count) {
    RandomStream r(1, 0);
    random_multinomial(weights, count, r);
  };
  Row without = multinomial_row(Replacement::no, 5);
  without.rejects = {{{"2 categories are wanted", "1 weights above 0", "[1, 3]"},
                      [=] {
                        choose(tensor<float>({0, 1, 0}), 2);
                      }},
                     {{"a row has 0 weights above 0"},
                      [=] {
                        choose(zeros({2, 3}), 1);
                      }},
                     {{"negative or not finite"}, [=] { choose(full({3}, -1), 1); }},
                     {{"negative or not finite"}, [=] { choose(full({3}, INFINITY), 1); }},
                     {{"nothing to choose from", "[1, 0]"}, [=] { choose(zeros({0}), 0); }},
                     {{"[2, 2, 2] float32", "hint"},
                      [=] {
                        choose(ones({2, 2, 2}), 1);
                      }},
                     {{"count is -1"}, [=] { choose(ones({2}), -1); }},
                     {{"floating"}, [=] { choose(ones({2}, {DType::int64}), 1); }}};
  Row categorical = discrete_row(
      "random_categorical", [](const Tensors& t, RandomStream& r) { return random_categorical(t[0], r); },
      {{S{5}}, {S{0, 3}}, {S{2, 3, 4}}}, normal(0, 2));
  const auto pick = [](const Tensor& logits) {
    RandomStream r(1, 0);
    random_categorical(logits, r);
  };
  categorical.rejects = {{{"only -inf", "[2] float32"}, [=] { pick(full({2}, -INFINITY)); }},
                         {{"nothing to choose from", "[2, 0]"},
                          [=] {
                            pick(zeros({2, 0}));
                          }},
                         {{"no axes"}, [=] { pick(scalar(1)); }},
                         {{"floating"}, [=] { pick(zeros({2}, {DType::int64})); }}};
  return {without, multinomial_row(Replacement::yes, 9), categorical};
}

Row multivariate_row() {
  Row row = discrete_row(
      "random_multivariate_normal",
      [](const Tensors& t, RandomStream& r) { return random_multivariate_normal(t[0], t[1], 6, r); },
      {{S{1}, S{1, 1}}, {S{3}, S{3, 3}}}, normal());
  const auto draw = [](const Tensor& mean, const Tensor& cholesky, int64_t count) {
    RandomStream r(1, 0);
    random_multivariate_normal(mean, cholesky, count, r);
  };
  row.rejects = {{{"[2] float32", "[2, 3] float32", "hint"},
                  [=] {
                    draw(zeros({2}), zeros({2, 3}), 1);
                  }},
                 {{"count is -1"},
                  [=] {
                    draw(zeros({2}), zeros({2, 2}), -1);
                  }},
                 {{"float32", "float64"},
                  [=] {
                    draw(zeros({2}), zeros({2, 2}, {DType::float64}), 1);
                  }},
                 {{"floating"}, [=] {
                    draw(zeros({2}, {DType::int64}), zeros({2, 2}), 1);
                  }}};
  return row;
}

std::vector<Row> random_discrete_rows() {
  std::vector<Row> rows = simple_rows();
  for (Row& row : choice_rows()) rows.push_back(std::move(row));
  rows.push_back(multivariate_row());
  return rows;
}

const Family discrete(random_discrete_rows);

}  // namespace

}  // namespace weft::op_table
