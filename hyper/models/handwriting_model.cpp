// hyper/models/handwriting_model.cpp: from pen points to the density of the next one
#include "hyper/models/handwriting_model.h"

#include "autograd/reduce.h"
#include "autograd/view.h"
#include "autograd/where.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"

namespace weft::hyper {

HandwritingModel::HandwritingModel(const HandwritingModelOptions& options, Streams& streams)
    : options_(options),
      dropout_(streams.dropout),
      layers_(make_paper_layers({.cell = options.cell,
                                 .input_size = 3,
                                 .hidden_size = options.hidden_size,
                                 .num_layers = options.num_layers,
                                 .hyper_size = options.hyper_size,
                                 .embedding_size = options.embedding_size,
                                 .dropout = options.output_dropout,
                                 .recurrent_dropout = options.recurrent_dropout,
                                 .hyper_recurrent_dropout = options.hyper_recurrent_dropout},
                                streams)),
      output_(options.hidden_size, stroke_mixture_size(options.mixtures), streams.init) {
  if (options.mixtures < 1) fail("HandwritingModel", "mixtures {} is not positive", options.mixtures);
  register_child("layers", *layers_);
  register_child("output", output_);
}

HandwritingModel::Result HandwritingModel::operator()(const Tensor& points, const nn::RecurrentState& state,
                                                      const Tensor& lengths) {
  const nn::RecurrentResult result = (*layers_)(Variable(points), state, lengths);
  return {output_(nn::dropout(result.output, options_.output_dropout, dropout_, is_training())), result.state};
}

Variable HandwritingModel::nats(const Variable& y, const Tensor& targets, const Tensor& lengths) {
  const Variable each = stroke_nll(y, targets);
  if (each.rank() != 2 || lengths.shape() != Shape{each.size(0)})
    fail("HandwritingModel::nats", "y is {}, lengths {}; hint: [n, time, k] and [n]", y.value().describe(),
         lengths.describe());
  const Tensor steps = arange(0, each.size(1), 1, {.dtype = DType::int64, .device = lengths.device()});
  return masked_fill(each, greater_equal(steps.unsqueeze(0), lengths.unsqueeze(1)), 0);
}

Variable HandwritingModel::loss(const Variable& y, const Tensor& targets, const Tensor& lengths) {
  return sum(nats(y, targets, lengths)) / static_cast<double>(sum(lengths).item<int64_t>());
}

Tensor sample_handwriting(HandwritingModel& model, int64_t steps, double bias, RandomStream& stream,
                          std::vector<nn::RecurrentState>* states) {
  if (steps < 0) fail("sample_handwriting", "steps {} is negative", steps);
  model.eval();
  const Tensor& weight = model.parameters().front().value();
  nn::RecurrentState state = model.initial_state(1);
  Tensor point = zeros({1, 1, 3}, {.dtype = weight.dtype(), .device = weight.device()});
  const Tensor drawn = empty({steps, 3}, {.dtype = DType::float32, .device = cpu});
  for (int64_t t = 0; t < steps; ++t) {
    const HandwritingModel::Result result = model(point, state);
    state = result.state;
    if (states != nullptr) states->push_back(state);
    const Tensor next = sample_stroke(result.y.value().select(1, 0).select(0, 0), bias, stream);
    drawn.select(0, t).copy_(next.to(DType::float32));
    point = next.to(weight.dtype()).to(weight.device()).reshape({1, 1, 3});
  }
  return drawn;
}

}  // namespace weft::hyper
