// hyper/models/paper_layers.cpp: LSTM and HyperLSTM by name, and how much generated weights change
#include "hyper/models/paper_layers.h"

#include <algorithm>

#include "tensor/elementwise.h"
#include "tensor/reduce.h"

namespace weft::hyper {

const std::vector<std::string>& paper_cell_names() {
  static const std::vector<std::string> names{"lstm", "layer-norm-lstm", "hyper-lstm", "layer-norm-hyper-lstm"};
  return names;
}

PaperCell paper_cell(const std::string& name) {
  const std::vector<std::string>& names = paper_cell_names();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) fail("paper_cell", "'{}' is none of {}", name, fmt::join(names, ", "));
  return static_cast<PaperCell>(found - names.begin());
}

std::unique_ptr<nn::RecurrentLayer> make_paper_layers(const PaperLayersOptions& o, Streams& streams) {
  const bool normed = o.cell == PaperCell::layer_norm_lstm || o.cell == PaperCell::layer_norm_hyper_lstm;
  const nn::NormPlacement norm = normed ? nn::NormPlacement::each_gate : nn::NormPlacement::none;
  const nn::RecurrentOptions layers{.num_layers = o.num_layers, .dropout = o.dropout};
  if (o.cell == PaperCell::hyper_lstm || o.cell == PaperCell::layer_norm_hyper_lstm) {
    const HyperLSTMOptions hyper{.hyper_size = o.hyper_size,
                                 .embedding_size = o.embedding_size,
                                 .norm = norm,
                                 .forget_bias = o.forget_bias,
                                 .recurrent_dropout = o.recurrent_dropout,
                                 .hyper_recurrent_dropout = o.hyper_recurrent_dropout};
    return std::make_unique<HyperLSTM>(o.input_size, o.hidden_size, layers, streams, hyper);
  }
  const nn::LayerNormLSTMOptions plain{
      .placement = norm, .forget_bias = o.forget_bias, .recurrent_dropout = o.recurrent_dropout};
  return std::make_unique<nn::LayerNormLSTM>(o.input_size, o.hidden_size, layers, streams, plain);
}

bool generates_weights(const nn::RecurrentLayer& layers) {
  return dynamic_cast<const HyperLSTMCell*>(&layers.cell(0)) != nullptr;
}

Tensor weight_changes(const nn::RecurrentLayer& layers, const std::vector<nn::RecurrentState>& states) {
  const auto* cell = dynamic_cast<const HyperLSTMCell*>(&layers.cell(0));
  if (cell == nullptr) fail("weight_changes", "the cell generates no weights; hint: choose a HyperLSTM");
  std::vector<Variable> hyper_h;
  for (const nn::RecurrentState& state : states) hyper_h.push_back(select(state[2], 0, 0));
  const Tensor d = scales(cell->embeddings(cat(hyper_h, 0)), cell->scale_weight).value().to(DType::float64);
  const auto squares = [&](int64_t role, const nn::Parameter& weight) {  // [states - 1, 4, hidden]
    const Tensor rows = d.select(1, role), wide = weight.value().to(DType::float64);
    const Tensor change = rows.slice(0, 1) - rows.slice(0, 0, rows.size(0) - 1);
    return change * change * sum(wide * wide, {1}).reshape({4, cell->hidden_size()});
  };
  return sqrt(sum(squares(0, cell->weight_hh) + squares(1, cell->weight_ih), {2}));
}

}  // namespace weft::hyper
