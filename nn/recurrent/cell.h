// nn/recurrent/cell.h: one step of a recurrent layer, the base of all cells
#pragma once
#include <string>
#include <vector>

#include "nn/linear.h"
#include "nn/module.h"
#include "nn/recurrent/lengths.h"
#include "tensor/direction.h"

namespace weft::nn {

/// What a recurrent layer carries from step to step: the output h first, then whatever else its kind remembers. {h} for
/// RNN and GRU, {h, c} for LSTM. Code that passes it on works for every kind.
using RecurrentState = std::vector<Variable>;

/// The same state as constants: what the next stretch of a long sequence, with a tape of its own, starts from.
RecurrentState stop_gradient(const RecurrentState& state);

/// One part of the state: its letter and its size.
struct StatePart {
  std::string name;
  int64_t size;
};

/// h of every step, and the state after the last one, from which another call goes on.
struct RecurrentResult {
  Variable output;
  RecurrentState state;
};

/// A step is cut in two, so that a sequence function can do the first half for all steps in one product.
class RecurrentCell : public Module {
 public:
  std::string_view kind() const override { return kind_; }

  /// What a step needs of its input and can know without the state.  x [..., input_size] -> [..., k], k up to the cell.
  virtual Variable project(const Variable& x) = 0;
  /// The next state.  projected [n, k], each part of the state [n, its size].
  virtual RecurrentState step(const Variable& projected, const RecurrentState& state) = 0;
  /// All steps, from the first or from the last.  projected [time, n, k], each part of the state [n, its size] ->
  /// output [time, n, hidden_size()], 0 where a sequence has no step.  Throws: shapes that do not fit.
  RecurrentResult sequence(const Variable& projected, const RecurrentState& state, const Lengths& lengths, From from);

  /// One step.  x [n, input_size], each part of the state [n, its size] -> the next state, whose first part is the
  /// output. No state: the initial one.  Throws: shapes that do not fit.
  RecurrentState operator()(const Variable& x, const RecurrentState& state = {});

  /// For n sequences: zeros, or the learned parameters once there are any.  Each part [n, its size].
  RecurrentState initial_state(int64_t n) const;
  /// From now on the initial state is trained: parameters "initial_h" and so on, [size], which start as 0. Call it
  /// before the cell's parameters are given to anyone.  Throws: learned already, or the cell of a layer, which has
  /// RecurrentOptions::initial_state for it.
  void learn_initial_state();

  int64_t input_size() const { return input_size_; }
  int64_t hidden_size() const { return state_parts_[0].size; }  ///< of the output h
  const std::vector<StatePart>& state_parts() const { return state_parts_; }

  /// Throws: a state that has other parts than this cell's, or other shapes than `leading` and the part's size.
  void check_state(const RecurrentState& state, const Shape& leading) const;

 protected:
  /// Throws: sizes below 1.
  RecurrentCell(std::string_view kind, int64_t input_size, std::vector<StatePart> state_parts);
  /// What sequence() does once its arguments are known to fit: step by step. A kind with one record for a whole
  /// sequence overrides it.
  virtual RecurrentResult all_steps(const Variable& projected, const RecurrentState& state, const Lengths& lengths,
                                    From from);

 private:
  std::string_view kind_;
  int64_t input_size_;
  std::vector<StatePart> state_parts_;
  std::vector<Parameter> initial_;  ///< one a part, or empty
};

/// What RNN, LSTM and GRU cells have in common: PyTorch's parameters, all drawn from U(-k, k), k = 1/sqrt(hidden),
/// hidden being the units of a gate: the size of the last part of the state.
class GatedCell : public RecurrentCell {
 public:
  /// W_ih x + b_ih.
  Variable project(const Variable& x) override;

  Parameter weight_ih, weight_hh;  // [gates * hidden, input], [gates * hidden, hidden_size()]
  Parameter bias_ih, bias_hh;      // [gates * hidden]; undefined with Bias::no

 protected:
  GatedCell(std::string_view kind, int64_t gates, int64_t input_size, std::vector<StatePart> state_parts, Bias bias,
            RandomStream& init);
  /// A further parameter, drawn like the others.
  void add(Parameter& parameter, const char* name, const Shape& shape, RandomStream& init);
};

}  // namespace weft::nn
