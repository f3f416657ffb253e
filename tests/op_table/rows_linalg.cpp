// tests/op_table/rows_linalg.cpp: factorisations, solving, determinants
//
// Inputs are made regular inside the call, element by element: with x expanded or strided the matrices stay regular.
#include <cmath>

#include "autograd/elementwise.h"
#include "autograd/linalg.h"
#include "autograd/view.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

Variable identity(const Variable& like) { return eye(like.size(-1), {like.dtype(), like.device()}); }
/// Diagonally dominant for small x.
Variable regular(const Variable& x) { return x + 4 * identity(x); }
Variable positive(const Variable& x) { return x + transpose(x) + 8 * identity(x); }

Row linalg_row(std::string name, Call call, std::vector<Shapes> samples) {
  return {.name = std::move(name),
          .call = std::move(call),
          .order = Order::second,
          .samples = std::move(samples),
          .values = {uniform(-1, 1)},
          .corners = Corners::none};
}

/// What every function refuses: `f` is called with matrices of one shape and dtype.
std::vector<Reject> matrix_rejects(const Callable<void(const Tensor&)>& f) {
  return {{{"two axes", "[3] float32"}, [=] { f(zeros({3})); }},
          {{"not square", "[2, 3] float32"},
           [=] {
             f(zeros({2, 3}));
           }},
          {{"floating", "int64"}, [=] {
             f(zeros({2, 2}, {DType::int64}));
           }}};
}

/// Two matrices, the second singular: its last row is a multiple of the first.
Tensor with_singular() { return tensor<float>({1, 2, 3, 5, 1, 2, 2, 4}, Shape{2, 2, 2}); }

std::vector<Row> cholesky_rows() {
  Row row = linalg_row("cholesky", [](const Vars& v) { return cholesky(positive(v[0])); },
                       {{S{1, 1}}, {S{0, 2, 2}}, {S{2, 3, 3}}, {S{3, 3}}});
  row.rejects = matrix_rejects([](const Tensor& x) { cholesky(x); });
  row.rejects.push_back(
      {{"matrix 1 of the batch is not positive definite", "leading minor of order 2", "[2, 2, 2]"}, [] {
         cholesky(tensor<float>({1, 0, 0, 1, 1, 0, 2, 1}, Shape{2, 2, 2}));
       }});
  row.rejects.push_back({{"leading minor of order 1"}, [] { cholesky(full({2, 2}, NAN)); }});
  return {row};
}

Row triangular_row(const std::string& name, Triangular how, std::vector<Shapes> samples) {
  return linalg_row(
      "solve_triangular " + name, [how](const Vars& v) { return solve_triangular(regular(v[0]), v[1], how); },
      std::move(samples));
}

std::vector<Row> triangular_rows() {
  Row row = triangular_row("lower", {.upper = false}, {{S{1, 1}, S{1, 3}}, {S{3, 3}, S{3, 0}}, {S{3, 3}, S{3, 2}}});
  row.rejects = matrix_rejects([](const Tensor& x) {
    solve_triangular(x, zeros({3, 3}, {x.dtype()}), {.upper = true});
  });
  const std::vector<Reject> more = {
      {{"matrix 1 of the batch is singular: element 0 of its diagonal is 0", "[2, 2, 2]"},
       [] {
         solve_triangular(tensor<float>({1, 2, 3, 4, 0, 2, 3, 4}, Shape{2, 2, 2}), ones({2, 1}), {.upper = true});
       }},
      {{"sizes do not fit: a is [2, 2] float32", "b is [3, 2] float32"},
       [] {
         solve_triangular(ones({2, 2}), ones({3, 2}), {.upper = true});
       }},
      {{"sizes do not fit", "left = false"},
       [] {
         solve_triangular(ones({2, 2}), ones({2, 3}), {.upper = true, .left = false});
       }},
      {{"cannot broadcast batch axes [2] with [3]"},
       [] {
         solve_triangular(ones({2, 2, 2}), ones({3, 2, 2}), {.upper = true});
       }},
      {{"b needs two axes"},
       [] {
         solve_triangular(ones({2, 2}), ones({2}), {.upper = true});
       }},
      {{"dtypes differ"}, [] {
         solve_triangular(ones({2, 2}), ones({2, 2}, {DType::float64}), {.upper = true});
       }}};
  row.rejects.insert(row.rejects.end(), more.begin(), more.end());
  return {row,
          triangular_row("upper", {.upper = true}, {{S{3, 3}, S{3, 2}}, {S{2, 2, 2}, S{2, 2, 3}}}),
          triangular_row("right", {.upper = true, .left = false}, {{S{3, 3}, S{2, 3}}}),
          triangular_row("unit", {.upper = false, .unitriangular = true}, {{S{3, 3}, S{3, 2}}}),
          triangular_row("right unit", {.upper = false, .left = false, .unitriangular = true}, {{S{3, 3}, S{2, 3}}}),
          triangular_row("broadcast", {.upper = false}, {{S{2, 2}, S{3, 2, 2}}, {S{2, 1, 2, 2}, S{3, 2, 1}}})};
}

Row solve_row(const std::string& name, std::vector<Shapes> samples) {
  return linalg_row(
      "solve " + name, [](const Vars& v) { return solve(regular(v[0]), v[1]); }, std::move(samples));
}

std::vector<Row> solve_rows() {
  Row row = solve_row("matrices",
                      {{S{1, 1}, S{1, 2}}, {S{0, 2, 2}, S{0, 2, 1}}, {S{2, 3, 3}, S{2, 3, 2}}, {S{3, 3}, S{3, 2}}});
  row.rejects = matrix_rejects([](const Tensor& x) { solve(x, zeros({3}, {x.dtype()})); });
  const std::vector<Reject> more = {
      {{"matrix 1 of the batch is singular: pivot 1 of its LU factors is 0", "a is [2, 2, 2]"},
       [] {
         solve(with_singular(), ones({2, 1}));
       }},
      {{"sizes do not fit: a is [2, 2] float32", "b is [3] float32"},
       [] {
         solve(ones({2, 2}), ones({3}));
       }},
      {{"sizes do not fit", "b is [] float32"},
       [] {
         solve(ones({2, 2}), ones({}));
       }},
      {{"cannot broadcast batch axes [2] with [3]"},
       [] {
         solve(ones({2, 2, 2}), ones({3, 2, 1}));
       }},
      {{"dtypes differ"}, [] {
         solve(ones({2, 2}), ones({2}, {DType::float64}));
       }}};
  row.rejects.insert(row.rejects.end(), more.begin(), more.end());
  return {row, solve_row("vector", {{S{3, 3}, S{3}}, {S{2, 2, 2}, S{2}}}),
          solve_row("vectors", {{S{2, 3, 3}, S{2, 3}}}),
          solve_row("broadcast", {{S{2, 2}, S{3, 2, 2}}, {S{2, 1, 2, 2}, S{3, 2, 1}}})};
}

std::vector<Row> square_rows() {
  const std::vector<Shapes> shapes = {{S{1, 1}}, {S{0, 2, 2}}, {S{2, 2, 2}}, {S{3, 3}}};
  Row inverse = linalg_row(
      "inv", [](const Vars& v) { return inv(regular(v[0])); }, shapes);
  inverse.rejects = matrix_rejects([](const Tensor& x) { inv(x); });
  inverse.rejects.push_back({{"matrix 1 of the batch is singular", "x is [2, 2, 2]"}, [] { inv(with_singular()); }});
  Row determinant = linalg_row(
      "det", [](const Vars& v) { return det(regular(v[0])); }, shapes);
  determinant.rejects = matrix_rejects([](const Tensor& x) { det(x); });
  Row logarithm = linalg_row(
      "slogdet", [](const Vars& v) { return slogdet(regular(v[0])).logabsdet; }, shapes);
  logarithm.rejects = matrix_rejects([](const Tensor& x) { slogdet(x); });
  for (Row* row : {&determinant, &logarithm})
    row->tolerance = {1e-5, 1e-12, "a product or sum of pivots in float32 is added up in another order"};
  Row swapped = linalg_row("det swapped",
                           [](const Vars& v) {  // rows are swapped, and the sign is negative
                             const Variable x = regular(v[0]);
                             return det(cat({slice(x, -1, 1, 3), slice(x, -1, 0, 1)}, -1) * Scalar(-1.0));
                           },
                           {{S{3, 3}}});
  swapped.makes_dtype = true;
  // Among matrices of -1, 0 and 1 there are many of rank n - 1, n - 2 and so on, beside regular ones.
  Row singular = linalg_row("det singular", [](const Vars& v) { return det(v[0]); },
                            {{S{4, 1, 1}}, {S{6, 2, 2}}, {S{6, 3, 3}}, {S{3, 4, 4}}});
  singular.values = {whole(-1, 1)};
  for (Row* row : {&swapped, &singular}) row->tolerance = determinant.tolerance;
  return {inverse, determinant, swapped, singular, logarithm};
}

std::vector<Row> qr_rows() {
  const auto both = [](const Vars& v) {
    const Qr<Variable> y = qr(v[0]);
    return cat({y.q, y.r}, -2);
  };
  Row tall = linalg_row("qr", both, {{S{1, 1}}, {S{4, 1}}, {S{2, 0}}, {S{0, 3, 2}}, {S{2, 3, 2}}, {S{3, 3}}});
  tall.rejects = {{{"two axes", "[3] float32"}, [] { qr(zeros({3})); }}, {{"floating", "int64"}, [] {
                                                                            qr(zeros({2, 2}, {DType::int64}));
                                                                          }}};
  Row wide_q = linalg_row("qr wide q", [](const Vars& v) { return qr(v[0]).q; }, {{S{2, 3}}});
  Row wide_r = linalg_row("qr wide r", [](const Vars& v) { return qr(v[0]).r; }, {{S{2, 3}}, {S{2, 2, 4}}});
  wide_r.tolerance = {1e-5, 1e-12, "terms of q^T x cancel"};
  for (Row* row : {&tall, &wide_q, &wide_r}) row->repeated = "equal rows have no factors of their own";
  return {tall, wide_q, wide_r};
}

const Family choleskys(cholesky_rows), triangulars(triangular_rows), solves(solve_rows), squares(square_rows),
    qrs(qr_rows);

}  // namespace

}  // namespace weft::op_table
