// hyper/demos/hyper_handwriting.cpp: models of handwriting: LSTM and HyperLSTM, with and without layer norm
//
// The recipe is that of Ha, Dai and Le 2016 (section 4.4): whole lines of pen points, a mixture of 20 Gaussians for the
// next one (Graves 2013), lines stretched by up to a tenth, Adam, gradients clipped by norm, the weights of the best
// validation epoch tested. One run trains one model; --compare lays runs beside each other.
#include "hyper/demos/harness/finite_loss.h"
#include "hyper/demos/harness/run_main.h"
#include "hyper/demos/harness/signals.h"
#include "hyper/demos/hyper_handwriting_results.h"

namespace weft::demo {
namespace {

using datasets::StrokeBatch, datasets::StrokeSequence;
using hyper::HandwritingModel;

constexpr int64_t kEvaluationRows = 32;

Demo describe(HandwritingSettings& s) {
  Demo demo{.name = "hyper-handwriting",
            .about = "a model of handwriting, weights generated at every pen point",
            .sample = "lines"};
  demo.settings = {
      choice("--model", s.model, "the recurrent cell", hyper::paper_cell_names()),
      choice("--corpus", s.corpus, "the lines", {"pen-fonts", "iam", "tsv", "npz"}),
      may_change(text("--strokes", s.file, "FILE", "with --corpus tsv or npz: the drawings")),
      choice("--points", s.points, "what a tsv holds", {"offsets", "absolute"}),
      count("--lines", s.lines, "with --corpus pen-fonts: lines to draw", 20),
      count("--words", s.words, "with --corpus pen-fonts: words in a line"),
      count("--hidden-size", s.hidden_size, "units of the main cell"),
      count("--layers", s.num_layers, "recurrent layers"),
      count("--hyper-size", s.hyper_size, "units of the hyper cell"),
      count("--embedding-size", s.embedding_size, "numbers in each embedding z"),
      count("--mixtures", s.mixtures, "Gaussians of the next point"),
      count("--min-steps", s.min_steps, "leave out shorter lines of the training set"),
      number("--scaling", s.scaling, "how far lines are stretched, as a part", 0, 1),
      number("--dequantise", s.dequantise, "width of uniform noise on offsets, in the data's units", 0, 1e9),
      number("--dropout", s.dropout, "of the layers' outputs", 0, 1),
      number("--recurrent-dropout", s.recurrent_dropout, "of what the main cell adds to its memory", 0, 1),
      number("--hyper-dropout", s.hyper_dropout, "the same of the hyper cell", 0, 1),
      positive("--clip", s.clip, "largest norm of the gradient"),
      may_change(count("--patience", s.patience, "validations that are no better before it stops")),
      may_change(count("--samples", s.samples, "lines to draw at the end")),
      may_change(count("--sample-steps", s.sample_steps, "points of each")),
      sample_every(s.sample_every, "steps between lines drawn while it trains, in samples/"),
      may_change(number("--bias", s.bias, "how steady the hand is that draws them; 0: as it learnt", 0, 100))};
  demo.presets = {
      {"quick", "128 units, some minutes on two cores", {{"--epochs", "6"}, {"--batch-size", "32"}, {"--lr", "0.003"}}},
      {"paper-iam",
       "the paper's IAM-OnDB: about 160 steps an epoch, 6 s each on two cores: up to 27 hours",
       {{"--corpus", "iam"},
        {"--hidden-size", "900"},
        {"--hyper-size", "128"},
        {"--min-steps", "300"},
        {"--epochs", "100"},
        {"--patience", "10"},
        {"--batch-size", "32"},
        {"--lr", "0.0001"},
        {"--checkpoint-every", "100"},
        {"--sample-steps", "700"}}}};
  return demo;
}

hyper::HandwritingModelOptions model_options(const HandwritingSettings& s) {
  return {.cell = hyper::paper_cell(s.model),
          .hidden_size = s.hidden_size,
          .num_layers = s.num_layers,
          .hyper_size = s.hyper_size,
          .embedding_size = s.embedding_size,
          .mixtures = s.mixtures,
          .output_dropout = s.dropout,
          .recurrent_dropout = s.recurrent_dropout,
          .hyper_recurrent_dropout = s.hyper_dropout};
}

/// Of a batch's points in the model's own dtype.
Variable loss_of(HandwritingModel& model, const StrokeBatch& batch) {
  const DType dtype = model.parameters().front().dtype();
  const Variable y = model(batch.inputs.to(dtype), {}, batch.lengths).y;
  return HandwritingModel::loss(y, batch.targets.to(dtype), batch.lengths);
}

/// Nats a step and a line, over all lines; the noise, if any, is the same each time.
Scores evaluate(HandwritingModel& model, const std::vector<StrokeSequence>& lines, double dequantise) {
  const RandomStream order(0, 0);
  auto batches = datasets::stroke_loader(
      lines,
      datasets::BatchSampler(datasets::bucketed(datasets::lengths_of(lines), kEvaluationRows, order), kEvaluationRows),
      {.dequantise = dequantise}, 0);
  double nats = 0, steps = 0;
  for (const StrokeBatch& batch : batches) {
    stop_if_signalled();
    const auto n = static_cast<double>(sum(batch.lengths).item<int64_t>());
    nats += n * finite_loss([&] { return loss_of(model, batch); });
    steps += n;
  }
  return {{"loss", nats / steps}, {"line", nats / static_cast<double>(lines.size())}};
}

void run(const Demo& demo, const Options& options, const HandwritingSettings& s) {
  const Lines lines = load_lines(options, s);
  Streams streams(options.seed);
  HandwritingModel model(model_options(s), streams);
  model.to(default_device());
  model.to(options.model_dtype());
  const double dequantise = s.dequantise / lines.deviation;
  const datasets::Sampler order =
      datasets::bucketed(datasets::lengths_of(lines.train), options.batch_size, streams.shuffle);
  auto batches = datasets::stroke_loader(lines.train, datasets::BatchSampler(order, options.batch_size),
                                         {.scaling = s.scaling, .dequantise = dequantise}, options.seed);
  print_introduction(model, lines, batches.size(), options, s);
  if (options.dry_run) return;

  RunFolder folder(demo, options,
                   {.data = description_of(lines),
                    .parameters = {{s.model, model.num_parameters()}},
                    .recipe = {{"deviation", lines.deviation}}});
  nn::optim::Adam adam(model.parameters(), {.lr = options.lr});
  Training training({.model = s.model,
                     .file = s.model,
                     .sample = "lines",
                     .steps_per_epoch = batches.size(),
                     .max_grad_norm = s.clip,
                     .patience = s.patience,
                     .sample_every = s.sample_every},
                    {.model = model, .optimizer = adam, .streams = &streams}, options, folder);
  training.validate = [&] { return evaluate(model, lines.valid, dequantise); };
  training.sample = [&] {
    RandomStream stream = streams.sample;  // each line draws what the first of the last ones will
    folder.write_sample(training.steps(), ".svg",
                        svg_of_line(hyper::sample_handwriting(model, s.sample_steps, s.bias, stream)));
  };
  training.fit(batches, [&](const StrokeBatch& batch) {
    training.samples(batch.lengths.numel());
    return loss_of(model, batch);
  });
  const Scores test = training.test([&] { return evaluate(model, lines.test, dequantise); });
  report_results(model, lines, test, training, options, s, streams.sample, folder);
}

}  // namespace
}  // namespace weft::demo

int main(int argc, char** argv) {
  using namespace weft::demo;
  HandwritingSettings settings;
  const Demo demo = describe(settings);
  return run_main(argc, argv, demo, [&](const Options& options) { run(demo, options, settings); });
}
