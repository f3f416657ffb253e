// hyper/models/language_model.cpp: the paper's model of text
#include "hyper/models/language_model.h"

#include "tensor/create.h"
#include "tensor/embedding.h"
#include "tensor/random_discrete.h"
#include "tensor/reduce.h"

namespace weft::hyper {
namespace {

std::unique_ptr<nn::RecurrentLayer> make_layers(const LanguageModelOptions& o, Streams& streams) {
  const bool normed = o.cell == TextCell::layer_norm_lstm || o.cell == TextCell::layer_norm_hyper_lstm;
  const nn::NormPlacement norm = normed ? nn::NormPlacement::each_gate : nn::NormPlacement::none;
  const nn::RecurrentOptions layers{.num_layers = o.num_layers, .dropout = o.output_dropout};
  if (o.cell == TextCell::hyper_lstm || o.cell == TextCell::layer_norm_hyper_lstm) {
    const HyperLSTMOptions hyper{.hyper_size = o.hyper_size,
                                 .embedding_size = o.embedding_size,
                                 .norm = norm,
                                 .recurrent_dropout = o.recurrent_dropout,
                                 .hyper_recurrent_dropout = o.hyper_recurrent_dropout};
    return std::make_unique<HyperLSTM>(o.vocabulary_size, o.hidden_size, layers, streams, hyper);
  }
  const nn::LayerNormLSTMOptions plain{.placement = norm, .recurrent_dropout = o.recurrent_dropout};
  return std::make_unique<nn::LayerNormLSTM>(o.vocabulary_size, o.hidden_size, layers, streams, plain);
}

}  // namespace

LanguageModel::LanguageModel(const LanguageModelOptions& options, Streams& streams)
    : options_(options),
      dropout_(streams.dropout),
      layers_(make_layers(options, streams)),
      classifier_(options.hidden_size, options.vocabulary_size, streams.init) {
  nn::check_probability(options.input_dropout);
  register_child("layers", *layers_);
  register_child("classifier", classifier_);
}

LanguageModel::Result LanguageModel::operator()(const Tensor& tokens, const nn::RecurrentState& state) {
  const Variable x(one_hot(tokens, options_.vocabulary_size).to(classifier_.weight.own().value().dtype()));
  const nn::RecurrentResult result = (*layers_)(nn::dropout(x, options_.input_dropout, dropout_, is_training()), state);
  const Variable read = nn::dropout(result.output, options_.output_dropout, dropout_, is_training());
  return {classifier_(read), result.state, result.output};
}

Variable LanguageModel::loss(const Variable& logits, const Tensor& targets) {
  return nn::cross_entropy(flatten(logits, 0, 1), targets.reshape({targets.numel()}));
}

nn::RecurrentState LanguageModel::initial_state(int64_t n) const { return layers_->initial_state(n); }

std::vector<std::string> LanguageModel::state_names() const {
  std::vector<std::string> names;
  for (const nn::StatePart& part : layers_->cell(0).state_parts()) names.push_back(part.name);
  return names;
}

bool LanguageModel::generates_weights() const {
  return options_.cell == TextCell::hyper_lstm || options_.cell == TextCell::layer_norm_hyper_lstm;
}

Tensor LanguageModel::weight_changes(const std::vector<nn::RecurrentState>& states) const {
  const auto* cell = dynamic_cast<const HyperLSTMCell*>(&layers_->cell(0));
  if (cell == nullptr) fail("LanguageModel::weight_changes", "the cell generates no weights; hint: choose a HyperLSTM");
  std::vector<Variable> hyper_h;
  for (const nn::RecurrentState& state : states) hyper_h.push_back(select(state[2], 0, 0));
  const Tensor d = scales(cell->embeddings(cat(hyper_h, 0)), cell->scale_weight).value().to(DType::float64);
  const auto squares = [&](int64_t role, const nn::Parameter& weight) {  // [states - 1, 4, hidden]
    const Tensor rows = d.select(1, role), wide = weight.value().to(DType::float64);
    const Tensor change = rows.slice(0, 1) - rows.slice(0, 0, rows.size(0) - 1);
    return change * change * sum(wide * wide, {1}).reshape({4, options_.hidden_size});
  };
  return sqrt(sum(squares(0, cell->weight_hh) + squares(1, cell->weight_ih), {2}));
}

Tensor sample_text(LanguageModel& model, const Tensor& prompt, int64_t count, double temperature, RandomStream& stream,
                   std::vector<nn::RecurrentState>* states) {
  if (prompt.rank() != 1 || prompt.numel() == 0 || !(temperature > 0)) {
    fail("sample_text", "the prompt is {}, the temperature {}; hint: int64 [m] with at least one token, and above 0",
         prompt.describe(), temperature);
  }
  model.eval();
  nn::RecurrentState state = model.initial_state(1);
  Tensor logits;  // [1, V]
  const auto read = [&](const Tensor& token) {
    const LanguageModel::Result result = model(token.reshape({1, 1}), state);
    state = result.state;
    logits = result.logits.value().select(1, 0);
    if (states != nullptr) states->push_back(state);
  };
  for (int64_t i = 0; i < prompt.numel(); ++i) read(prompt.select(0, i));
  std::vector<int64_t> text;
  for (int64_t i = 0; i < count; ++i) {
    const Tensor token = random_categorical(logits / temperature, stream);
    text.push_back(token.to(cpu).reshape({1}).to_vector<int64_t>()[0]);
    read(token);
  }
  return from_data(text, {count}, cpu);
}

}  // namespace weft::hyper
