// tests/op_table/sample.cpp: random numbers, corner values and strides for the op table
#include "tests/op_table/sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "autograd/view.h"

namespace weft::op_table {

namespace {

using Generator = std::mt19937_64;

uint64_t seed_of(const Row& row, const Shapes& shapes) {
  uint64_t hash = 1469598103934665603u;  // FNV-1a, so that a seed belongs to its row on every machine
  const auto mix = [&hash](uint64_t value) { hash = (hash ^ value) * 1099511628211u; };
  for (const char c : row.name) mix(static_cast<unsigned char>(c));
  for (const Shape& shape : shapes)
    for (const int64_t size : shape) mix(static_cast<uint64_t>(size));
  return hash;
}

/// What `values` becomes when the dtype under test is not a float.
Values for_dtype(const Values& values, DType dtype) {
  if (kind_of(dtype) == 2 || values.kind >= Values::Kind::index) return values;
  if (dtype == DType::boolean) return whole(0, 1);
  Values small = values.kind == Values::Kind::whole ? values : whole(-9, 9);
  if (dtype == DType::uint8) small.a = std::max(small.a, 0.0);
  return small;
}

std::vector<double> distinct_values(int64_t count, size_t input, Generator& generator) {
  std::vector<double> values(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) values[static_cast<size_t>(i)] = 0.0625 * double(i - count / 2);
  std::shuffle(values.begin(), values.end(), generator);
  for (double& value : values) value += 0.02 * double(input + 1);  // two inputs never meet either
  return values;
}

double draw_one(const Values& values, Generator& generator) {
  switch (values.kind) {
    case Values::Kind::normal: {
      const double x = std::normal_distribution<double>(values.a, values.b)(generator);
      return x < 0 ? x - values.gap : x + values.gap;
    }
    case Values::Kind::uniform: return std::uniform_real_distribution<double>(values.a, values.b)(generator);
    case Values::Kind::whole:
    case Values::Kind::index:
    case Values::Kind::mask:
      return double(std::uniform_int_distribution<int64_t>(int64_t(values.a), int64_t(values.b))(generator));
    case Values::Kind::distinct: break;  // not drawn one by one
  }
  return 0;
}

std::vector<double> draw(const Values& values, int64_t count, size_t input, Generator& generator) {
  if (values.kind == Values::Kind::distinct) return distinct_values(count, input, generator);
  std::vector<double> result(static_cast<size_t>(count));
  for (double& x : result) x = draw_one(values, generator);
  return result;
}

/// Up to a third of the elements; another input gets them elsewhere, so that each meets ordinary numbers too.
void add_corners(std::vector<double>& x, size_t input) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  const double corners[] = {kInf, -kInf, std::numeric_limits<double>::quiet_NaN(), -0.0};
  const size_t count = std::min<size_t>(x.size() / 3, 12);
  for (size_t j = 0; j < count; ++j) x[(3 * j + (j / 4) * input + input) % x.size()] = corners[(j + input) % 4];
}

DType dtype_of_input(const Values& values, DType dtype) {
  if (values.kind == Values::Kind::index) return DType::int64;
  return values.kind == Values::Kind::mask ? DType::boolean : dtype;
}

}  // namespace

std::string_view name_of(Layout layout) {
  switch (layout) {
    case Layout::contiguous: return "contiguous";
    case Layout::transposed: return "transposed";
    case Layout::sliced: return "sliced";
    case Layout::expanded: return "expanded";
  }
  return "?";
}

Tensors make_inputs(const Row& row, const Shapes& shapes, DType dtype, bool corners) {
  Generator generator(seed_of(row, shapes));
  Tensors inputs;
  for (size_t i = 0; i < shapes.size(); ++i) {
    const Values values = for_dtype(row.values_of(i), dtype);
    std::vector<double> x = draw(values, numel_of(shapes[i]), i, generator);
    const bool wanted = row.corners == Corners::all || (row.corners == Corners::first && i == 0);
    if (corners && wanted && is_floating(dtype) && !row.is_constant(i)) add_corners(x, i);
    inputs.push_back(from_data(x, shapes[i], reference).to(dtype_of_input(values, dtype)));
  }
  return inputs;
}

std::optional<Tensor> with_layout(const Tensor& x, Layout layout) {
  switch (layout) {
    case Layout::contiguous: return x;
    case Layout::transposed:
      if (x.rank() < 2) return std::nullopt;
      return x.transpose(0, -1).contiguous().transpose(0, -1);
    case Layout::sliced: {
      if (x.rank() < 1) return std::nullopt;
      Shape wider = x.shape();
      wider.back() = 2 * wider.back() + 1;
      const Tensor window = full(wider, 99, {x.dtype(), x.device()}).slice(-1, 1, wider.back(), 2);
      window.copy_(x);
      return window;
    }
    case Layout::expanded:
      for (int64_t axis = 0; axis < x.rank(); ++axis)
        if (x.size(axis) > 1) return x.slice(axis, 0, 1).expand(x.shape());
      return std::nullopt;
  }
  return std::nullopt;
}

Vars as_variables(const Tensors& tensors) { return Vars(tensors.begin(), tensors.end()); }

Tensors on_device(const Tensors& tensors, Device device) {
  Tensors result;
  for (const Tensor& x : tensors) result.push_back(x.to(device));
  return result;
}

std::string describe(const Row& row, const Tensors& inputs) {
  std::string text = row.name;
  for (const Tensor& x : inputs) text += fmt::format(", {} strides {}", x.describe(), weft::to_string(x.strides()));
  return text;
}

Call differentiable_part(const Row& row, const Tensors& inputs) {
  return [&row, inputs](const Vars& given) {
    Vars all;
    size_t next = 0;
    for (size_t i = 0; i < inputs.size(); ++i) all.push_back(row.is_constant(i) ? Variable(inputs[i]) : given[next++]);
    return row.call(all);
  };
}

Tensors differentiable_inputs(const Row& row, const Tensors& inputs) {
  Tensors result;
  for (size_t i = 0; i < inputs.size(); ++i)
    if (!row.is_constant(i)) result.push_back(inputs[i]);
  return result;
}

}  // namespace weft::op_table
