// hyper/models/language_model.cpp: the paper's model of text
#include "hyper/models/language_model.h"

#include "tensor/create.h"
#include "tensor/embedding.h"
#include "tensor/random_discrete.h"

namespace weft::hyper {

LanguageModel::LanguageModel(const LanguageModelOptions& options, Streams& streams)
    : options_(options),
      dropout_(streams.dropout),
      layers_(make_paper_layers({.cell = options.cell,
                                 .input_size = options.vocabulary_size,
                                 .hidden_size = options.hidden_size,
                                 .num_layers = options.num_layers,
                                 .hyper_size = options.hyper_size,
                                 .embedding_size = options.embedding_size,
                                 .dropout = options.output_dropout,
                                 .recurrent_dropout = options.recurrent_dropout,
                                 .hyper_recurrent_dropout = options.hyper_recurrent_dropout,
                                 .forget_bias = options.forget_bias},
                                streams)),
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
