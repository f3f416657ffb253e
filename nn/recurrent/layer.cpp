// nn/recurrent/layer.cpp: recurrent layers over whole sequences
#include "nn/recurrent/layer.h"

#include "autograd/view.h"
#include "autograd/where.h"
#include "nn/dropout.h"
#include "tensor/logic.h"

namespace weft::nn {
namespace {

/// The states of cells, in order, as one: each part [cells, n, its size].
RecurrentState stacked(const std::vector<RecurrentState>& states) {
  RecurrentState state;
  for (size_t part = 0; part < states[0].size(); ++part) {
    std::vector<Variable> parts;
    for (const RecurrentState& one : states) parts.push_back(one[part]);
    state.push_back(stack(parts, 0));
  }
  return state;
}

/// The inputs of all steps are projected in one product.  x [n, time, input_size] -> output [n, time, hidden].
RecurrentResult along(RecurrentCell& cell, const Variable& x, const RecurrentState& state, const Lengths& lengths,
                      From from) {
  // Numbers that belong to no sequence (NaN even) must not reach the product into the weight's gradient.
  const Variable read = lengths.all_full() ? x : masked_fill(x, logical_not(lengths.having()), 0);
  // In the order of time, each step's rows lie side by side.
  RecurrentResult result = cell.sequence(cell.project(transpose(read, 0, 1)), state, lengths, from);
  return {transpose(result.output, 0, 1), std::move(result.state)};
}

}  // namespace

RecurrentLayer::RecurrentLayer(std::string_view kind, int64_t input_size, const RecurrentOptions& options,
                               const MakeCell& make_cell, Streams& streams)
    : kind_(kind), options_(options), dropout_(streams.dropout) {
  if (options.num_layers < 1) fail(kind, "num_layers is {}; hint: it is at least 1", options.num_layers);
  check_probability(options.dropout);
  for (int64_t i = 0; i < options.num_layers * num_directions(); ++i) {
    const int64_t layer = i / num_directions(), direction = i % num_directions();
    cells_.push_back(make_cell(layer == 0 ? input_size : num_directions() * cells_[0]->hidden_size()));
    if (options.initial_state == InitialState::learned) cells_.back()->learn_initial_state();
    register_part(*cells_.back(), fmt::format("_l{}{}", layer, direction == 1 ? "_reverse" : ""));
  }
}

RecurrentCell& RecurrentLayer::cell(int64_t layer, int64_t direction) const {
  if (layer < 0 || layer >= num_layers() || direction < 0 || direction >= num_directions()) {
    fail(kind_, "there is no cell of layer {}, direction {}; hint: {} layers, {} directions", layer, direction,
         num_layers(), num_directions());
  }
  return *cells_[static_cast<size_t>(layer * num_directions() + direction)];
}

void RecurrentLayer::check(const Variable& x, const RecurrentState& initial, const Tensor& lengths) const {
  const int64_t input_size = cells_[0]->input_size();
  const bool batch_first = options_.batch_first == BatchFirst::yes;
  const int64_t batch_axis = batch_first ? 0 : 1;
  const bool one = x.rank() == 2;
  if ((x.rank() != 3 && !one) || x.size(-1) != input_size || x.size(one ? 0 : 1 - batch_axis) == 0) {
    fail(kind_, "x is {}; hint: it is {}, {}], or [time, {}] for one sequence, with at least one step",
         x.value().describe(), batch_first ? "[n, time" : "[time, n", input_size, input_size);
  }
  if (one && lengths.defined()) fail(kind_, "x is {}; hint: one sequence has no lengths", x.value().describe());
  if (initial.empty()) return;
  Shape leading{static_cast<int64_t>(cells_.size())};
  if (!one) leading.push_back(x.size(batch_axis));
  cells_[0]->check_state(initial, leading);
}

RecurrentState RecurrentLayer::initial_state(int64_t n) const {
  std::vector<RecurrentState> states;
  for (const auto& cell : cells_) states.push_back(cell->initial_state(n));
  return stacked(states);
}

RecurrentResult RecurrentLayer::one_sequence(const Variable& x, const RecurrentState& initial) {
  RecurrentState one;
  for (const Variable& part : initial) one.push_back(unsqueeze(part, 1));
  const int64_t batch_axis = options_.batch_first == BatchFirst::yes ? 0 : 1;
  RecurrentResult result = (*this)(unsqueeze(x, batch_axis), one);
  for (Variable& part : result.state) part = squeeze(part, 1);
  return {squeeze(result.output, batch_axis), std::move(result.state)};
}

RecurrentResult RecurrentLayer::operator()(const Variable& x, const RecurrentState& initial, const Tensor& lengths) {
  check(x, initial, lengths);
  if (x.rank() == 2) return one_sequence(x, initial);
  const bool batch_first = options_.batch_first == BatchFirst::yes;
  Variable y = batch_first ? x : transpose(x, 0, 1);
  const Lengths steps(kind_, y.size(0), y.size(1), y.value().device(), lengths);
  std::vector<RecurrentState> last;
  for (int64_t layer = 0; layer < num_layers(); ++layer) {
    if (layer > 0) y = dropout(y, options_.dropout, dropout_, is_training());
    std::vector<Variable> outputs;
    for (int64_t direction = 0; direction < num_directions(); ++direction) {
      RecurrentCell& cell = this->cell(layer, direction);
      RecurrentState start = cell.initial_state(y.size(0));
      for (size_t part = 0; part < initial.size(); ++part) {
        start[part] = select(initial[part], 0, layer * num_directions() + direction);
      }
      RecurrentResult result = along(cell, y, start, steps, direction == 0 ? From::first : From::last);
      outputs.push_back(result.output);
      last.push_back(std::move(result.state));
    }
    y = outputs.size() == 1 ? outputs[0] : cat(outputs, 2);
  }
  return {batch_first ? y : transpose(y, 0, 1), stacked(last)};
}

}  // namespace weft::nn
