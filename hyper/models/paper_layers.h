// hyper/models/paper_layers.h: the four kinds of recurrent layers that the paper compares in its models of sequences
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "hyper/lstm.h"

namespace weft::hyper {

/// Tables 4 and 5 of the paper. All have one bias a gate and a forget bias, as the authors' code.
enum class PaperCell : uint8_t { lstm, layer_norm_lstm, hyper_lstm, layer_norm_hyper_lstm };

/// "lstm", "layer-norm-lstm", "hyper-lstm", "layer-norm-hyper-lstm".
const std::vector<std::string>& paper_cell_names();
/// Throws: none of these names.
PaperCell paper_cell(const std::string& name);

struct PaperLayersOptions {
  PaperCell cell = PaperCell::layer_norm_hyper_lstm;
  int64_t input_size = 1, hidden_size = 1000, num_layers = 1;
  int64_t hyper_size = 128, embedding_size = 4;  ///< of the hyper cells
  double dropout = 0;                            ///< of what one layer hands to the next
  /// Probabilities of a zero in tanh(g) of the main and of the hyper cell.
  double recurrent_dropout = 0, hyper_recurrent_dropout = 0;
  double forget_bias = 1;  ///< of every cell, hyper cells too; the paper mentions none: 0
};

/// Throws: sizes below 1, probabilities outside [0, 1].
std::unique_ptr<nn::RecurrentLayer> make_paper_layers(const PaperLayersOptions& options, Streams& streams);

bool generates_weights(const nn::RecurrentLayer& layers);

/// How much the first layer's scaled weights change from each state to the next, as the paper's figures 4 and 7 have
/// it: for each gate i, f, g, o the Frobenius norm of the difference of (diag(d_h) W_hh, diag(d_x) W_ih). `states`: of
/// one sequence, at least one.  -> float64 [states - 1, 4].  Throws: the cell generates no weights.
Tensor weight_changes(const nn::RecurrentLayer& layers, const std::vector<nn::RecurrentState>& states);

}  // namespace weft::hyper
