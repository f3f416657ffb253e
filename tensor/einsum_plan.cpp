// tensor/einsum_plan.cpp: from labelled axes to matrix products, two operands at a time from left to right
//
// Of two operands a and b, a label that both have and nobody needs later is summed by the product; one that both have
// and somebody needs is a batch axis; the others are rows of a or columns of b:
//   a [batch, rows, inner], b [batch, inner, columns] -> [batch, rows, columns].
#include "tensor/einsum_plan.h"

#include <algorithm>
#include <map>

#include "tensor/checks.h"
#include "tensor/einsum_parse.h"

namespace weft {
namespace {

using Labels = EinsumLabels;
using Kind = EinsumStep::Kind;

bool holds(const Labels& labels, int label) { return std::find(labels.begin(), labels.end(), label) != labels.end(); }

/// Those of `labels` that `wanted` accepts, in their order.
template <class F>
Labels only(const Labels& labels, F&& wanted) {
  Labels result;
  std::copy_if(labels.begin(), labels.end(), std::back_inserter(result), wanted);
  return result;
}

Labels joined(Labels a, const Labels& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// An operand as the steps so far leave it.
struct EinsumOperand {
  Labels labels;
  Shape shape;
};

class Planner {
 public:
  Planner(std::string_view op, const std::vector<Labels>& inputs, Labels output, const std::vector<Tensor>& tensors)
      : op_(op), output_(std::move(output)) {
    for (size_t i = 0; i < inputs.size(); ++i) {
      operands_.push_back({inputs[i], tensors[i].shape()});
      learn_sizes(i, tensors[i]);
    }
  }

  EinsumPlan plan() {
    for (size_t i = 0; i < operands_.size(); ++i) {
      take_diagonals(i);
      drop_repeated_sizes(i);
    }
    for (size_t i = 1; i < operands_.size(); ++i) contract(i);
    sum_others(0, output_);
    arrange(0, output_);
    return std::move(steps_);
  }

 private:
  void learn_sizes(size_t i, const Tensor& x) {
    const Labels& labels = operands_[i].labels;
    for (size_t axis = 0; axis < labels.size(); ++axis) {
      const int label = labels[axis];
      const int64_t size = x.shape()[static_cast<int64_t>(axis)];
      const auto first = std::find(labels.begin(), labels.end(), label) - labels.begin();
      if (x.shape()[first] != size)
        fail(op_, "{} names axes of sizes {} and {} in operand {}, which is {}", label_name(label), x.shape()[first],
             size, i, x.describe());
      int64_t& known = sizes_.try_emplace(label, size).first->second;
      if (known != size && known != 1 && size != 1)
        fail(op_, "{} has size {} in operand {}, which is {}, and {} before it", label_name(label), size, i,
             x.describe(), known);
      if (known == 1) known = size;
    }
  }

  /// Two axes of one label become one, the last.
  void take_diagonals(size_t i) {
    auto& [labels, shape] = operands_[i];
    for (size_t p = 0; p < labels.size(); ++p) {
      const int label = labels[p];
      const auto again = std::find(labels.begin() + static_cast<ptrdiff_t>(p) + 1, labels.end(), label);
      if (again == labels.end()) continue;
      const int64_t first = static_cast<int64_t>(p), second = again - labels.begin(), n = shape[first];
      steps_.push_back({Kind::diagonal, i, {first, second}});
      labels.erase(again);
      labels.erase(labels.begin() + first);
      labels.push_back(label);
      shape.erase(second);
      shape.erase(first);
      shape.push_back(n);
      --p;  // another label stands there now
    }
  }

  // Where an operand broadcasts, it has only one element along a label: the axis can go.
  void drop_repeated_sizes(size_t i) {
    EinsumOperand& x = operands_[i];
    const Labels kept = only(x.labels, [&](int label) { return size_in(x, label) == sizes_.at(label); });
    reshape(i, sizes_of(kept));
    x.labels = kept;
  }

  void contract(size_t i) {
    Labels needed = output_;
    for (size_t later = i + 1; later < operands_.size(); ++later) needed = joined(needed, operands_[later].labels);
    const auto shared = [&](int label) {
      return holds(operands_[0].labels, label) && holds(operands_[i].labels, label);
    };
    sum_others(0, joined(needed, operands_[i].labels));
    sum_others(i, joined(needed, operands_[0].labels));
    const Labels batch = only(operands_[0].labels, [&](int label) { return shared(label) && holds(needed, label); });
    const Labels inner = only(operands_[0].labels, [&](int label) { return shared(label) && !holds(needed, label); });
    const Labels rows = only(operands_[0].labels, [&](int label) { return !shared(label); });
    const Labels columns = only(operands_[i].labels, [&](int label) { return !shared(label); });
    const Labels result = joined(joined(batch, rows), columns);
    if (static_cast<int64_t>(result.size()) > Dims::kMaxRank)
      fail(op_, "an intermediate result would have {} axes; at most {} are possible; hint: reorder the operands",
           result.size(), Dims::kMaxRank);
    arrange(0, joined(joined(batch, rows), inner));
    arrange(i, joined(joined(batch, inner), columns));
    reshape(0, {numel(batch), numel(rows), numel(inner)});
    reshape(i, {numel(batch), numel(inner), numel(columns)});
    steps_.push_back({inner.empty() ? Kind::mul : Kind::matmul, 0, {}, i});
    operands_[0] = {result, {numel(batch), numel(rows), numel(columns)}};
    reshape(0, sizes_of(result));
  }

  void sum_others(size_t i, const Labels& kept) {
    Axes axes;
    const Labels& labels = operands_[i].labels;
    for (size_t axis = 0; axis < labels.size(); ++axis)
      if (!holds(kept, labels[axis])) axes.push_back(static_cast<int64_t>(axis));
    if (axes.empty()) return;
    steps_.push_back({Kind::sum, i, axes});
    operands_[i].labels = only(labels, [&](int label) { return holds(kept, label); });
    operands_[i].shape = sizes_of(operands_[i].labels);
  }

  /// Puts the axes in the order of `labels`, which are all of them.
  void arrange(size_t i, const Labels& labels) {
    Axes order;
    const Labels& now = operands_[i].labels;
    for (const int label : labels) order.push_back(std::find(now.begin(), now.end(), label) - now.begin());
    permute(i, order);
    operands_[i].labels = labels;
  }

  void permute(size_t i, const Axes& order) {
    if (std::is_sorted(order.begin(), order.end())) return;
    Shape shape;
    for (const int64_t axis : order) shape.push_back(operands_[i].shape[axis]);
    operands_[i].shape = shape;
    steps_.push_back({Kind::permute, i, order});
  }

  void reshape(size_t i, const Shape& shape) {
    if (shape == operands_[i].shape) return;
    operands_[i].shape = shape;
    steps_.push_back({Kind::reshape, i, shape});
  }

  int64_t size_in(const EinsumOperand& x, int label) const {
    return x.shape[std::find(x.labels.begin(), x.labels.end(), label) - x.labels.begin()];
  }
  Shape sizes_of(const Labels& labels) const {
    Shape shape;
    for (const int label : labels) shape.push_back(sizes_.at(label));
    return shape;
  }
  int64_t numel(const Labels& labels) const { return numel_of(sizes_of(labels)); }

  std::string_view op_;
  std::vector<EinsumOperand> operands_;
  Labels output_;
  std::map<int, int64_t> sizes_;  ///< of each label, after broadcasting
  EinsumPlan steps_;
};

void check_float_operands(std::string_view op, const std::vector<Tensor>& operands) {
  for (const Tensor& x : operands) {
    check_floating(op, x);
    check_same_device(op, operands[0], x);
    check_same_dtype(op, operands[0], x);
  }
}

}  // namespace

EinsumPlan plan_einsum(std::string_view equation, const std::vector<Tensor>& operands) {
  if (operands.empty()) fail("einsum", "'{}' is given no operands", equation);
  check_float_operands("einsum", operands);
  const EinsumTerms terms = parse_einsum(equation, operands);
  return Planner("einsum", terms.inputs, terms.output, operands).plan();
}

EinsumPlan plan_tensordot(const Tensor& a, const Tensor& b, const Axes& axes_a, const Axes& axes_b) {
  check_float_operands("tensordot", {a, b});
  if (axes_a.size() != axes_b.size()) fail("tensordot", "{} axes of a meet {} axes of b", axes_a.size(), axes_b.size());
  Labels labels_a, labels_b, output;
  for (int64_t axis = 0; axis < a.rank(); ++axis) labels_a.push_back(static_cast<int>(axis));
  for (int64_t axis = 0; axis < b.rank(); ++axis) labels_b.push_back(static_cast<int>(Dims::kMaxRank + axis));
  for (int64_t i = 0; i < axes_a.size(); ++i) {
    const int64_t p = normalize_axis("tensordot", axes_a[i], a), q = normalize_axis("tensordot", axes_b[i], b);
    int& of_b = labels_b[static_cast<size_t>(q)];
    if (of_b < Dims::kMaxRank || holds(labels_b, static_cast<int>(p)))
      fail("tensordot", "an axis is named twice: axes {} of a, {} of b", to_string(axes_a), to_string(axes_b));
    if (a.size(p) != b.size(q))
      fail("tensordot", "axis {} of a and axis {} of b differ in size: a is {}, b is {}", p, q, a.describe(),
           b.describe());
    of_b = static_cast<int>(p);
  }
  for (const int label : labels_a)
    if (!holds(labels_b, label)) output.push_back(label);
  for (const int label : labels_b)
    if (label >= Dims::kMaxRank) output.push_back(label);
  return Planner("tensordot", {labels_a, labels_b}, output, {a, b}).plan();
}

}  // namespace weft
