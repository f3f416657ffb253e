// hyper/models/handwriting_model.h: the paper's model of handwriting: recurrent layers, then a density of the next
// point
#pragma once
#include "hyper/models/paper_layers.h"
#include "hyper/models/stroke_mixture.h"

namespace weft::hyper {

struct HandwritingModelOptions {
  PaperCell cell = PaperCell::hyper_lstm;
  int64_t hidden_size = 900, num_layers = 1;
  int64_t hyper_size = 128, embedding_size = 4;  ///< of the hyper cells
  int64_t mixtures = 20;
  /// Probabilities of a zero while training: of the layers' outputs, and of tanh(g) in the main and in the hyper cell.
  double output_dropout = 0, recurrent_dropout = 0, hyper_recurrent_dropout = 0;
};

/// Reads pen points (dx, dy, pen) and puts out, at each step, the numbers of stroke_mixture.h. Only the last layer's
/// output is read: with 20 Gaussians (hidden + 1) 121 parameters beside those of the cells.
class HandwritingModel : public nn::Module {
 public:
  /// Throws: sizes below 1, probabilities outside [0, 1].
  HandwritingModel(const HandwritingModelOptions& options, Streams& streams);
  std::string_view kind() const override { return "HandwritingModel"; }

  struct Result {
    Variable y;                ///< [n, time, 1 + 6 mixtures], of the point after each
    nn::RecurrentState state;  ///< after each sequence's last point
  };
  /// points [n, time, 3] of the model's dtype; `state` and `lengths` as RecurrentLayer takes them.
  Result operator()(const Tensor& points, const nn::RecurrentState& state = {}, const Tensor& lengths = {});

  /// Nats of each target; 0 behind a sequence's end.  y [n, time, k], targets [n, time, 3], lengths int64 [n] -> [n,
  /// time].  Throws: as stroke_nll; lengths of another shape.
  static Variable nats(const Variable& y, const Tensor& targets, const Tensor& lengths);
  /// Their sum divided by the sum of the lengths: nats a step.
  static Variable loss(const Variable& y, const Tensor& targets, const Tensor& lengths);

  /// For n sequences that begin.
  nn::RecurrentState initial_state(int64_t n) const { return layers_->initial_state(n); }
  /// What carries the state; see weight_changes.
  const nn::RecurrentLayer& layers() const { return *layers_; }

 private:
  HandwritingModelOptions options_;
  RandomStream& dropout_;
  std::unique_ptr<nn::RecurrentLayer> layers_;
  nn::Linear output_;
};

/// `steps` points drawn one after another, each read before the next, from the point (0, 0, 0) on; see sample_stroke
/// for `bias`. The state after each point that was read is added to `states` when that is given.
/// -> float32 [steps, 3], on the cpu.  Throws: steps or bias below 0.
Tensor sample_handwriting(HandwritingModel& model, int64_t steps, double bias, RandomStream& stream,
                          std::vector<nn::RecurrentState>* states = nullptr);

}  // namespace weft::hyper
