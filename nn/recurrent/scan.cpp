// nn/recurrent/scan.cpp: one cell along a sequence
#include "nn/recurrent/scan.h"

#include <algorithm>

#include "autograd/split.h"
#include "autograd/view.h"
#include "autograd/where.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"

namespace weft::nn {

Lengths::Lengths(int64_t n, int64_t time, const Tensor& lengths) : shortest_(time), longest_(time) {
  if (!lengths.defined() || n == 0) return;
  const std::vector<int64_t> values = lengths.to_vector<int64_t>();
  shortest_ = std::ranges::min(values);
  longest_ = std::ranges::max(values);
  if (shortest_ == time) return;
  const Tensor steps = arange(0, time, 1, {.dtype = DType::int64, .device = lengths.device()});
  having_ = less(steps.unsqueeze(0), lengths.unsqueeze(1)).unsqueeze(2);
}

namespace {

/// Step by step, where not every sequence has every step.  projected [time, n, k] -> [time, n, hidden].
RecurrentSequence scan_ragged(RecurrentCell& cell, const Variable& projected, RecurrentState state,
                              const Lengths& lengths, From from) {
  const std::vector<Variable> steps = unbind(projected, 0);
  std::vector<Variable> outputs(steps.size());
  for (int64_t i = 0; i < lengths.longest(); ++i) {
    const int64_t t = from == From::first ? i : lengths.longest() - 1 - i;
    RecurrentState next = cell.step(steps[static_cast<size_t>(t)], state);
    Variable& output = outputs[static_cast<size_t>(t)] = next[0];
    if (!lengths.full(t)) {  // sequences without this step stay as they are
      output = where(lengths.having(t), output, 0);
      for (size_t part = 0; part < state.size(); ++part) {
        next[part] = where(lengths.having(t), next[part], state[part]);
      }
    }
    state = std::move(next);
  }
  const Variable nothing(zeros_like(outputs[0].value()));
  std::fill(outputs.begin() + lengths.longest(), outputs.end(), nothing);
  return {stack(outputs, 0), std::move(state)};
}

}  // namespace

Scanned scan(RecurrentCell& cell, const Variable& x, const RecurrentState& state, const Lengths& lengths, From from) {
  // Numbers that belong to no sequence (NaN even) must not reach the product into the weight's gradient.
  const Variable read = lengths.all_full() ? x : masked_fill(x, logical_not(lengths.having()), 0);
  // In the order of time, each step's rows lie side by side.
  const Variable projected = cell.project(transpose(read, 0, 1));
  RecurrentSequence result =
      lengths.all_full() ? cell.sequence(projected, state, from) : scan_ragged(cell, projected, state, lengths, from);
  return {transpose(result.output, 0, 1), std::move(result.state)};
}

}  // namespace weft::nn
