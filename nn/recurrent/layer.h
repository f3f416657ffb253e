// nn/recurrent/layer.h: recurrent layers over whole sequences, the base of RNN, LSTM, GRU and their relatives
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "nn/recurrent/cell.h"
#include "tensor/random.h"

namespace weft::nn {

enum class BatchFirst : bool { no, yes };
enum class Bidirectional : bool { no, yes };
enum class InitialState : uint8_t { zeros, learned };

struct RecurrentOptions {
  int64_t num_layers = 1;  ///< each reads the outputs of the one below
  Bias bias = Bias::yes;
  /// *** x is [n, time, features] unless you say BatchFirst::no: PyTorch's default is the other way round. ***
  BatchFirst batch_first = BatchFirst::yes;
  double dropout = 0;  ///< while training, on the outputs of every layer but the last
  /// A second cell a layer reads backwards in time; its outputs stand behind the first one's features.
  Bidirectional bidirectional = Bidirectional::no;
  InitialState initial_state = InitialState::zeros;  ///< of sequences that are given none
};

/// Every kind has the same call and the same handling of states, so that one may stand in for another.
/// State names: those of the cells with "_l0", "_l0_reverse", "_l1", ... behind them.
class RecurrentLayer : public Module {
 public:
  std::string_view kind() const override { return kind_; }

  /// x [n, time, input_size] (see BatchFirst) -> output [n, time, directions * hidden], the last layer's h; each part
  /// of the state [layers * directions, n, its size], layer by layer, forward before backward. `initial`: empty, or
  /// such a state. One sequence may come without its axis of n, x [time, input_size]: then states and outputs have none
  /// either, and there are no lengths. `lengths`: undefined, or int64 [n] on any device, the steps of each sequence, in
  /// 1..time and in any order: what stands behind them is not read, the outputs there are 0, the final state is that
  /// after the sequence's own last step, and the backward direction starts there, as with PyTorch's packed sequences.
  /// Throws: shapes, dtypes or lengths that do not fit.
  RecurrentResult operator()(const Variable& x, const RecurrentState& initial = {}, const Tensor& lengths = {});

  /// What sequences that are given none start from, as the state of a result.
  RecurrentState initial_state(int64_t n) const;

  int64_t num_layers() const { return options_.num_layers; }
  int64_t num_directions() const { return options_.bidirectional == Bidirectional::yes ? 2 : 1; }
  /// The cell of a layer; direction 1 is the backward one.  Throws: out of range.
  RecurrentCell& cell(int64_t layer, int64_t direction = 0) const;

 protected:
  using MakeCell = std::function<std::unique_ptr<RecurrentCell>(int64_t input_size)>;
  /// Draws the cells in the order of their state names.  Throws: no layer, dropout outside [0, 1].
  RecurrentLayer(std::string_view kind, int64_t input_size, const RecurrentOptions& options, const MakeCell& make_cell,
                 Streams& streams);

 private:
  RecurrentResult one_sequence(const Variable& x, const RecurrentState& initial);
  void check(const Variable& x, const RecurrentState& initial, const Tensor& lengths) const;

  std::string_view kind_;
  RecurrentOptions options_;
  RandomStream& dropout_;
  std::vector<std::unique_ptr<RecurrentCell>> cells_;  ///< layer by layer, forward before backward
};

}  // namespace weft::nn
