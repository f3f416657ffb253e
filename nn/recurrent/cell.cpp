// nn/recurrent/cell.cpp: one step of a recurrent layer
#include "nn/recurrent/cell.h"

#include <algorithm>
#include <cmath>

#include "autograd/matmul.h"
#include "autograd/split.h"
#include "autograd/view.h"
#include "autograd/where.h"
#include "nn/init.h"
#include "tensor/create.h"

namespace weft::nn {

RecurrentState stop_gradient(const RecurrentState& state) {
  RecurrentState constants;
  for (const Variable& part : state) constants.push_back(weft::stop_gradient(part));
  return constants;
}

RecurrentCell::RecurrentCell(std::string_view kind, int64_t input_size, std::vector<StatePart> state_parts)
    : kind_(kind), input_size_(input_size), state_parts_(std::move(state_parts)) {
  bool positive = input_size >= 1;
  std::string sizes = fmt::format("input {}", input_size);
  for (const StatePart& part : state_parts_) {
    positive = positive && part.size >= 1;
    sizes += fmt::format(", {} {}", part.name, part.size);
  }
  if (!positive) fail(kind, "the sizes are {}; hint: all are at least 1", sizes);
}

RecurrentState RecurrentCell::operator()(const Variable& x, const RecurrentState& state) {
  if (x.rank() != 2 || x.size(1) != input_size_) {
    fail(kind_, "x is {}; hint: it is [n, {}], one step of n sequences", x.value().describe(), input_size_);
  }
  if (state.empty()) return step(project(x), initial_state(x.size(0)));
  check_state(state, {x.size(0)});
  return step(project(x), state);
}

RecurrentResult RecurrentCell::sequence(const Variable& projected, const RecurrentState& state, const Lengths& lengths,
                                        From from) {
  if (projected.rank() != 3 || projected.size(0) != lengths.time()) {
    fail(kind_, "projected is {}, the lengths are of {} steps; hint: it is [time, n, what project() gives]",
         projected.value().describe(), lengths.time());
  }
  check_state(state, {projected.size(1)});
  return all_steps(projected, state, lengths, from);
}

RecurrentResult RecurrentCell::all_steps(const Variable& projected, const RecurrentState& state, const Lengths& lengths,
                                         From from) {
  const std::vector<Variable> steps = unbind(projected, 0);
  std::vector<Variable> outputs(steps.size());
  RecurrentState last = state;
  for (int64_t i = 0; i < lengths.longest(); ++i) {
    const int64_t t = from == From::first ? i : lengths.longest() - 1 - i;
    RecurrentState next = step(steps[static_cast<size_t>(t)], last);
    Variable& output = outputs[static_cast<size_t>(t)] = next[0];
    if (!lengths.full(t)) {  // sequences without this step stay as they are
      output = where(lengths.having(t), output, 0);
      for (size_t part = 0; part < last.size(); ++part) next[part] = where(lengths.having(t), next[part], last[part]);
    }
    last = std::move(next);
  }
  if (lengths.longest() < lengths.time()) {
    const Variable nothing(zeros_like(outputs[0].value()));
    std::fill(outputs.begin() + lengths.longest(), outputs.end(), nothing);
  }
  return {stack(outputs, 0), std::move(last)};
}

RecurrentState RecurrentCell::initial_state(int64_t n) const {
  const Tensor like = parameters()[0].value();
  RecurrentState state;
  for (size_t i = 0; i < state_parts_.size(); ++i) {
    const Shape shape{n, state_parts_[i].size};
    state.push_back(initial_.empty() ? Variable(zeros(shape, {.dtype = like.dtype(), .device = like.device()}))
                                     : expand(initial_[i], shape));
  }
  return state;
}

void RecurrentCell::learn_initial_state() {
  if (!initial_.empty()) fail(kind_, "the initial state is learned already");
  std::vector<Parameter> initial;
  initial.reserve(state_parts_.size());  // their addresses are registered, and stay when the vector moves
  const Tensor like = parameters()[0].value();
  for (const StatePart& part : state_parts_) {
    initial.emplace_back(zeros({part.size}, {.dtype = like.dtype(), .device = like.device()}));
    register_parameter("initial_" + part.name, initial.back());
  }
  initial_ = std::move(initial);
}

void RecurrentCell::check_state(const RecurrentState& state, const Shape& leading) const {
  if (state.size() != state_parts_.size()) {
    fail(kind_, "the state has {} parts; hint: it has {}, {} first", state.size(), state_parts_.size(),
         state_parts_[0].name);
  }
  for (size_t i = 0; i < state.size(); ++i) {
    Shape wanted = leading;
    wanted.push_back(state_parts_[i].size);
    if (state[i].defined() && state[i].shape() == wanted) continue;
    fail(kind_, "{} of the state is {}; hint: it is {}", state_parts_[i].name,
         state[i].defined() ? state[i].value().describe() : "undefined", to_string(wanted));
  }
}

GatedCell::GatedCell(std::string_view kind, int64_t gates, int64_t input_size, std::vector<StatePart> state_parts,
                     Bias bias, RandomStream& init)
    : RecurrentCell(kind, input_size, std::move(state_parts)) {
  const int64_t rows = gates * this->state_parts().back().size;
  add(weight_ih, "weight_ih", {rows, input_size}, init);
  add(weight_hh, "weight_hh", {rows, hidden_size()}, init);
  if (bias == Bias::no) return;
  add(bias_ih, "bias_ih", {rows}, init);
  add(bias_hh, "bias_hh", {rows}, init);
}

void GatedCell::add(Parameter& parameter, const char* name, const Shape& shape, RandomStream& init) {
  const double bound = 1 / std::sqrt(static_cast<double>(state_parts().back().size));
  parameter = Parameter(empty(shape));
  init::uniform_(parameter.value(), init, -bound, bound);
  register_parameter(name, parameter);
}

Variable GatedCell::project(const Variable& x) { return linear(x, weight_ih, bias_ih); }

}  // namespace weft::nn
