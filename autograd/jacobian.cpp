// autograd/jacobian.cpp: one walk a row
#include "autograd/jacobian.h"

#include "autograd/elementwise.h"
#include "autograd/tape.h"
#include "tensor/checks.h"
#include "tensor/create.h"

namespace weft {
namespace {

TensorOptions like(const Variable& x) { return {.dtype = x.dtype(), .device = x.device()}; }

Shape one_after_other(const Shape& first, const Shape& second) {
  Shape shape = first;
  for (const int64_t size : second) shape.push_back(size);
  return shape;
}

std::vector<Variable> watch_all(const std::vector<Tensor>& xs) {
  std::vector<Variable> leaves;
  for (const Tensor& x : xs) leaves.push_back(watch(x));
  return leaves;
}

/// f may return its argument: a leaf becomes a record.
Variable as_record(const Variable& y) { return y.is_leaf() ? y * 1 : y; }

void check_one_element(std::string_view name, const Variable& y) {
  if (y.numel() != 1)
    fail(name, "f gave {} elements, {}; hint: take its sum, or use jacobian", y.numel(), y.value().describe());
}

/// d y / d x for each x, all elements of y one after the other.
std::vector<Tensor> rows(Tape& tape, const Variable& y, const std::vector<Variable>& xs) {
  std::vector<Tensor> jacobians;
  for (const Variable& x : xs) jacobians.push_back(zeros(one_after_other({y.numel()}, x.shape()), like(x)));
  for (int64_t i = 0; y.node().recorded() && i < y.numel(); ++i) {
    const Tensor dy = zeros({y.numel()}, like(y));
    dy.set({i}, 1);
    const auto row = tape.gradient(y, xs, CreateGraph::no, dy.reshape(y.shape()), Retain::yes);
    for (size_t k = 0; k < xs.size(); ++k) jacobians[k].select(0, i).copy_(row[k].value());
  }
  for (size_t k = 0; k < xs.size(); ++k) jacobians[k] = jacobians[k].reshape(one_after_other(y.shape(), xs[k].shape()));
  return jacobians;
}

}  // namespace

std::vector<Tensor> jacobian(const FunctionN& f, const std::vector<Tensor>& xs) {
  Tape tape;
  const std::vector<Variable> leaves = watch_all(xs);
  return rows(tape, as_record(f(leaves)), leaves);
}

Tensor jacobian(const Function1& f, const Tensor& x) {
  return jacobian([&f](const std::vector<Variable>& xs) { return f(xs[0]); }, std::vector<Tensor>{x})[0];
}

Tensor hessian(const Function1& f, const Tensor& x) {
  Tape tape({.higher_order = true});
  const Variable leaf = watch(x);
  const Variable y = as_record(f(leaf));
  check_one_element("hessian", y);
  if (!y.node().recorded()) return zeros(one_after_other(x.shape(), x.shape()), like(leaf));
  const Variable dx = tape.gradient(y, {leaf}, CreateGraph::yes)[0];
  return rows(tape, dx, {leaf})[0];
}

std::pair<Tensor, Tensor> vjp(const Function1& f, const Tensor& x, const Tensor& dy) {
  check_defined("vjp", dy);
  Tape tape;
  const Variable leaf = watch(x);
  const Variable y = as_record(f(leaf));
  if (dy.shape() != y.shape() || dy.dtype() != y.dtype() || dy.device() != y.device())
    fail("vjp", "dy is {}, f gave {}; hint: give dy the shape, dtype and device of f(x)", dy.describe(),
         y.value().describe());
  if (!y.node().recorded()) return {y.value(), zeros(x.shape(), like(leaf))};
  return {y.value(), tape.gradient(y, {leaf}, CreateGraph::no, dy)[0].value()};
}

std::pair<Tensor, Tensor> hvp(const Function1& f, const Tensor& x, const Tensor& v) {
  check_defined("hvp", x);
  check_defined("hvp", v);
  if (v.shape() != x.shape() || v.dtype() != x.dtype() || v.device() != x.device())
    fail("hvp", "v is {}, x is {}; hint: give v the shape, dtype and device of x", v.describe(), x.describe());
  Tape tape({.higher_order = true});
  const Variable leaf = watch(x);
  const Variable y = as_record(f(leaf));
  check_one_element("hvp", y);
  if (!y.node().recorded()) return {y.value(), zeros(x.shape(), like(leaf))};
  const Variable dx = as_record(tape.gradient(y, {leaf}, CreateGraph::yes)[0]);
  if (!dx.node().recorded()) return {y.value(), zeros(x.shape(), like(leaf))};
  return {y.value(), tape.gradient(dx, {leaf}, CreateGraph::no, v)[0].value()};
}

std::vector<Tensor> per_sample_gradients(const std::function<Variable(int64_t)>& loss, int64_t count,
                                         std::span<const Variable> parameters) {
  if (count < 1) fail("per_sample_gradients", "count is {}; hint: it is the number of samples", count);
  std::vector<Tensor> gradients;
  for (const Variable& parameter : parameters)
    gradients.push_back(zeros(one_after_other({count}, parameter.shape()), like(parameter)));
  for (int64_t i = 0; i < count; ++i) {
    Tape tape;
    const Variable y = loss(i);
    check_one_element("per_sample_gradients", y);
    const auto row = tape.gradient(y, parameters);
    for (size_t k = 0; k < row.size(); ++k) gradients[k].select(0, i).copy_(row[k].value());
  }
  return gradients;
}

}  // namespace weft
