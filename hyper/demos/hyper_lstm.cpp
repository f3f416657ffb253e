// hyper/demos/hyper_lstm.cpp: character language models: LSTM and HyperLSTM, with and without layer norm
//
// The recipe is that of Ha, Dai and Le 2016 (section 4.1, appendix A.3.3): Adam, gradients clipped by norm,
// backpropagation cut after --length steps with the state carried on, the weights of the best validation epoch tested.
// One run trains one model; --compare lays runs beside each other.
#include <cmath>
#include <numbers>

#include "hyper/demos/harness/finite_loss.h"
#include "hyper/demos/harness/run_main.h"
#include "hyper/demos/harness/signals.h"
#include "hyper/demos/harness/training.h"
#include "hyper/demos/hyper_lstm_results.h"

namespace weft::demo {
namespace {

using datasets::text_loader, datasets::TextStream, datasets::TextWindow;
using hyper::LanguageModel;

constexpr int64_t kEvaluationRows = 20;  ///< a split is read as so many texts side by side, each with its state

Demo describe(TextSettings& s) {
  Demo demo{.name = "hyper-lstm",
            .about = "a language model of characters, weights generated at every step",
            .sample = "texts"};
  demo.settings = {choice("--model", s.model, "the recurrent cell", hyper::paper_cell_names()),
                   choice("--corpus", s.corpus, "the text", {"bible", "ptb", "enwik8", "file"}),
                   may_change(text("--text", s.file, "FILE", "with --corpus file: any text, plain or gzip")),
                   choice("--tokens", s.tokens, "what a token is", {"characters", "bytes"}),
                   count("--hidden-size", s.hidden_size, "units of the main cell"),
                   count("--layers", s.num_layers, "recurrent layers"),
                   count("--hyper-size", s.hyper_size, "units of the hyper cell"),
                   count("--embedding-size", s.embedding_size, "numbers in each embedding z"),
                   count("--length", s.length, "steps of backpropagation through time"),
                   number("--dropout", s.dropout, "of inputs and outputs", 0, 1),
                   number("--recurrent-dropout", s.recurrent_dropout, "of what the main cell adds to its memory", 0, 1),
                   number("--hyper-dropout", s.hyper_dropout, "the same of the hyper cell", 0, 1),
                   number("--forget-bias", s.forget_bias, "added to forget gates; the paper mentions none", -100, 100),
                   number("--lr-decay", s.lr_decay, "factor of the learning rate, after each step", 0, 1),
                   positive("--clip", s.clip, "largest norm of the gradient"),
                   may_change(count("--patience", s.patience, "validations that are no better before it stops")),
                   may_change(shown_as("a new line, else the text's first token",
                                       text("--prompt", s.prompt, "TEXT", "what samples begin with"))),
                   may_change(count("--sample-length", s.sample_length, "tokens to draw at the end")),
                   sample_every(s.sample_every, "steps between samples while it trains, in samples/"),
                   may_change(positive("--temperature", s.temperature, "of the samples"))};
  const std::map<std::string, std::string> paper{
      {"--hidden-size", "1000"},      {"--hyper-size", "128"}, {"--batch-size", "128"},      {"--dropout", "0.1"},
      {"--recurrent-dropout", "0.1"}, {"--epochs", "200"},     {"--patience", "10"},         {"--corpus", "ptb"},
      {"--tokens", "characters"},     {"--lr", "0.001"},       {"--checkpoint-every", "100"}};
  const std::map<std::string, std::string> enwik8{
      {"--hidden-size", "1800"}, {"--hyper-size", "256"},     {"--embedding-size", "64"},
      {"--batch-size", "128"},   {"--length", "250"},         {"--recurrent-dropout", "0.1"},
      {"--epochs", "20"},        {"--corpus", "enwik8"},      {"--tokens", "bytes"},
      {"--lr", "0.001"},         {"--checkpoint-every", "25"}};
  demo.presets = {
      {"quick",
       "256 units, some minutes on two cores",
       {{"--epochs", "4"}, {"--batch-size", "128"}, {"--lr", "0.002"}}},
      {"paper-ptb", "the paper's Penn Treebank: 400 steps an epoch, 4 s each on two cores: up to 4 days", paper},
      {"paper-enwik8", "the paper's enwik8: 2,800 steps an epoch, 35 s and more each on two cores: 3 weeks and more",
       enwik8}};
  return demo;
}

hyper::LanguageModelOptions model_options(const TextSettings& s, int64_t vocabulary_size) {
  return {.vocabulary_size = vocabulary_size,
          .cell = hyper::paper_cell(s.model),
          .hidden_size = s.hidden_size,
          .num_layers = s.num_layers,
          .hyper_size = s.hyper_size,
          .embedding_size = s.embedding_size,
          .input_dropout = s.dropout,
          .output_dropout = s.dropout,
          .recurrent_dropout = s.recurrent_dropout,
          .hyper_recurrent_dropout = s.hyper_dropout,
          .forget_bias = s.forget_bias};
}

/// Nats and bits a token over a whole split, the state carried from window to window.
Scores evaluate(LanguageModel& model, const Tensor& tokens, const TextSettings& s) {
  const int64_t rows = std::clamp<int64_t>(tokens.numel() / (s.length + 1), 1, kEvaluationRows);
  nn::RecurrentState state = model.initial_state(rows);
  double nats = 0, count = 0;
  for (const TextWindow& window : text_loader(TextStream(tokens, {.batch_size = rows, .length = s.length}))) {
    stop_if_signalled();
    nn::RecurrentState after;
    const auto n = static_cast<double>(window.targets.numel());
    nats += n * finite_loss([&] {
              const LanguageModel::Result result = model(window.inputs, state);
              after = result.state;
              return LanguageModel::loss(result.logits, window.targets);
            });
    state = after;
    count += n;
  }
  return {{"loss", nats / count}, {"bits", nats / count / std::numbers::ln2}};
}

/// For a message: what a terminal would not show stands as \n or \x0b, and so do bytes that are tokens by themselves.
std::string printable(const std::string& alphabet, bool of_bytes) {
  std::string shown;
  for (const char c : alphabet) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') shown += "\\n";
    else if (byte < 0x20 || byte == 0x7F || (of_bytes && byte > 0x7F)) shown += fmt::format("\\x{:02x}", byte);
    else shown += c;
  }
  return shown;
}

/// The model knows a token by its place in the alphabet alone: with another one of the same size it would read and
/// write other letters, unseen.
void check_alphabet(const Text& text, const TextSettings& s, RunFolder& folder) {
  const std::string alphabet = alphabet_of(text.vocabulary);
  const std::optional<std::string> before = folder.kept("alphabet");
  if (before && *before != alphabet) {
    const bool of_bytes = s.tokens == "bytes";
    throw FileError(
        fmt::format("'{}': the checkpoint does not fit the text: it was trained on the tokens '{}', the "
                    "text now has '{}'; hint: put its text back, or begin a new run",
                    folder.path().string(), printable(*before, of_bytes), printable(alphabet, of_bytes)));
  }
  folder.keep("alphabet", alphabet);
}

void run(const Demo& demo, const Options& options, const TextSettings& s) {
  const Text text = load_text(options, s);
  Streams streams(options.seed);
  LanguageModel model(model_options(s, text.vocabulary.size()), streams);
  model.to(default_device());
  model.to(options.model_dtype());
  auto windows = text_loader(TextStream(text.train, {.batch_size = options.batch_size, .length = s.length}));
  print_introduction(model, text, windows.size(), options, s);
  if (options.dry_run) return;

  RunFolder folder(demo, options,
                   {.data = description_of(text),
                    .parameters = {{s.model, model.num_parameters()}},
                    .recipe = {{"evaluation-rows", kEvaluationRows}}});
  check_alphabet(text, s, folder);
  std::vector<Tensor> state;  // carried from window to window
  for (const Variable& part : model.initial_state(options.batch_size)) state.push_back(part.value().contiguous());
  nn::optim::Adam adam(model.parameters(), {.lr = options.lr});
  std::optional<nn::optim::LrScheduler> decay;  // a rate that stays has none: nothing of it is in checkpoints
  if (s.lr_decay < 1) decay.emplace(adam, nn::optim::ExponentialLR{.gamma = s.lr_decay});
  nn::TrainingParts parts{
      .model = model, .optimizer = adam, .scheduler = decay ? &*decay : nullptr, .streams = &streams};
  for (size_t i = 0; i < state.size(); ++i) parts.carried[model.state_names()[i]] = &state[i];
  Training training({.model = s.model,
                     .file = s.model,
                     .sample = "characters",
                     .steps_per_epoch = windows.size(),
                     .max_grad_norm = s.clip,
                     .patience = s.patience,
                     .sample_every = s.sample_every},
                    parts, options, folder);
  training.validate = [&] { return evaluate(model, text.valid, s); };
  training.sample = [&] {
    RandomStream stream = streams.sample;  // each sample draws what the last one will
    const Tensor drawn = hyper::sample_text(model, text.prompt, s.sample_length, s.temperature, stream);
    folder.write_sample(training.steps(), ".txt",
                        text.vocabulary.decode(text.prompt) + text.vocabulary.decode(drawn) + "\n");
  };
  training.fit(windows, [&](const TextWindow& window) {
    nn::RecurrentState carried(state.begin(), state.end());
    if (window.first) carried = model.initial_state(options.batch_size);
    const LanguageModel::Result result = model(window.inputs, carried);
    for (size_t i = 0; i < state.size(); ++i) state[i] = result.state[i].value();
    training.samples(window.inputs.numel());
    return LanguageModel::loss(result.logits, window.targets);
  });
  const Scores test = training.test([&] { return evaluate(model, text.test, s); });
  report_results(model, text, test, training, options, s, streams.sample, folder);
}

}  // namespace
}  // namespace weft::demo

int main(int argc, char** argv) {
  using namespace weft::demo;
  TextSettings settings;
  const Demo demo = describe(settings);
  return run_main(argc, argv, demo, [&](const Options& options) { run(demo, options, settings); });
}
