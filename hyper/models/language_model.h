// hyper/models/language_model.h: the paper's model of text: one-hot tokens, recurrent layers, a linear layer
#pragma once
#include "hyper/models/paper_layers.h"

namespace weft::hyper {

struct LanguageModelOptions {
  int64_t vocabulary_size = 0;
  PaperCell cell = PaperCell::layer_norm_hyper_lstm;
  int64_t hidden_size = 1000, num_layers = 1;
  int64_t hyper_size = 128, embedding_size = 4;  ///< of the hyper cells
  /// Probabilities of a zero while training: of the tokens' vectors and the layers' outputs, and of tanh(g) in the main
  /// and in the hyper cell.
  double input_dropout = 0, output_dropout = 0, recurrent_dropout = 0, hyper_recurrent_dropout = 0;
  double forget_bias = 1;  ///< see PaperLayersOptions
};

/// Parameters: those of the cells, and (hidden + 1) V of the linear layer.
class LanguageModel : public nn::Module {
 public:
  /// Throws: sizes below 1, probabilities outside [0, 1].
  LanguageModel(const LanguageModelOptions& options, Streams& streams);
  std::string_view kind() const override { return "LanguageModel"; }

  struct Result {
    Variable logits;           ///< [n, time, V], of the token after each
    nn::RecurrentState state;  ///< after the last
    Variable hidden;           ///< [n, time, hidden]: the last layer's h
  };
  /// tokens int64 [n, time]; `state` as RecurrentLayer takes it.  Throws: a token out of range, a state that does not
  /// fit.
  Result operator()(const Tensor& tokens, const nn::RecurrentState& state = {});

  /// Mean cross-entropy of the targets, in nats a token.  logits [n, time, V], targets int64 [n, time].
  static Variable loss(const Variable& logits, const Tensor& targets);

  /// For n texts that begin.
  nn::RecurrentState initial_state(int64_t n) const;
  /// Letters of the state's parts: {"h", "c"}, and the hyper cell's.
  std::vector<std::string> state_names() const;

  /// What carries the state; see weight_changes.
  const nn::RecurrentLayer& layers() const { return *layers_; }

 private:
  LanguageModelOptions options_;
  RandomStream& dropout_;
  std::unique_ptr<nn::RecurrentLayer> layers_;
  nn::Linear classifier_;
};

/// Goes on after `prompt` (int64 [m], m >= 1): `count` tokens, each drawn from softmax(logits / temperature); what the
/// state was after each of prompt and text is added to `states` when that is given.  -> int64 [count].
/// Throws: an empty prompt, a temperature that is not above 0.
Tensor sample_text(LanguageModel& model, const Tensor& prompt, int64_t count, double temperature, RandomStream& stream,
                   std::vector<nn::RecurrentState>* states = nullptr);

}  // namespace weft::hyper
