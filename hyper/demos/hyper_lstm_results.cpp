// hyper/demos/hyper_lstm_results.cpp: texts, tables, samples and pictures of hyper-lstm
#include "hyper/demos/hyper_lstm_results.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "datasets/fetch/child.h"
#include "hyper/demos/harness/digest.h"
#include "hyper/demos/harness/histogram.h"
#include "hyper/demos/harness/report.h"
#include "hyper/demos/harness/strip.h"
#include "hyper/demos/harness/table.h"
#include "nn/grouped.h"
#include "tensor/elementwise.h"
#include "tensor/statistics.h"

namespace weft::demo {
namespace {

namespace fs = std::filesystem;
using nn::grouped;

constexpr int64_t kBins = 50;

std::string read_bible() {
  const std::optional<fs::path> program = fetch::find_program("bible");
  if (!program) {
    throw FileError(
        "hyper-lstm: the program 'bible' is missing; hint: install the package bible-kjv, or name a text: "
        "--corpus file --text FILE");
  }
  std::string bible;
  const fetch::Ending ending =
      fetch::run(*program, {"-f", "gen1:1-rev22:21"}, [&](std::string_view piece) { bible += piece; });
  if (!ending.succeeded() || bible.empty()) throw FileError(fmt::format("hyper-lstm: '{}' failed", program->string()));
  return bible;
}

datasets::Corpus corpus_of(const Options& options, const TextSettings& s) {
  if ((s.corpus == "file") != !s.file.empty()) {
    throw UsageError("option --text: it goes with --corpus file, and --corpus file with --text");
  }
  if (s.corpus == "ptb") return datasets::load_ptb(options.data);
  if (s.corpus == "enwik8") return datasets::load_enwik8(options.data);
  const std::string text = s.corpus == "bible" ? read_bible() : datasets::load_text(s.file);
  const auto size = static_cast<int64_t>(text.size());
  datasets::Corpus corpus = datasets::split_text(text, {size - 2 * (size / 20), size / 20, size / 20});
  corpus.name = s.corpus == "bible" ? "King James Bible" : fs::path(s.file).filename().string();
  corpus.folder = fs::path(s.file).parent_path();
  return corpus;
}

datasets::Vocabulary vocabulary_of(const datasets::Corpus& corpus, const TextSettings& s) {
  const std::string all = corpus.train + corpus.valid + corpus.test;
  if (s.tokens == "bytes") return datasets::Vocabulary::bytes(all);
  try {
    return datasets::Vocabulary::characters(all);
  } catch (const Error&) {
    throw FileError(
        fmt::format("hyper-lstm: '{}': the text is not UTF-8, so it has no characters; hint: --tokens bytes",
                    s.file.empty() ? corpus.name : s.file));
  }
}

Tensor limited(const Tensor& tokens, int64_t most) {
  return most > 0 && most < tokens.numel() ? tokens.slice(0, 0, most) : tokens;
}

std::vector<std::vector<std::string>> results(const hyper::LanguageModel& model, const TextSettings& s,
                                              const Scores& test, const Training& training) {
  return {{"model", "parameters", "test loss (nats)", "test bits a token", "best epoch", "s/epoch"},
          {s.model, grouped(model.num_parameters()), fmt::format("{:.4f}", test[0].second),
           fmt::format("{:.4f}", test[1].second), std::to_string(training.best_epoch()),
           fmt::format("{:.1f}", training.seconds_per_epoch())}};
}

/// Figure 5: tanh(c) of the last layer after each character of the drawn text.
std::vector<double> cell_values(const std::vector<nn::RecurrentState>& states) {
  std::vector<double> values;
  for (const nn::RecurrentState& state : states) {
    const Tensor c = state[1].value();  // [layers, 1, hidden]
    const Tensor shown = tanh(c.select(0, c.size(0) - 1).select(0, 0).to(cpu).to(DType::float64));
    for (const double value : shown.to_vector<double>()) values.push_back(value);
  }
  return values;
}

/// Figure 4: the drawn text with the change of the four gates' weights below each character.
std::vector<StripRow> weight_changes(const hyper::LanguageModel& model, const std::vector<nn::RecurrentState>& states) {
  const Tensor changes = hyper::weight_changes(model.layers(), states).to(cpu);
  std::vector<StripRow> rows;
  for (const char* gate : {"i", "f", "g", "o"}) {
    StripRow row{gate, {0}};  // nothing changes at the first
    for (const double change : changes.select(1, std::ssize(rows)).to_vector<double>()) row.values.push_back(change);
    rows.push_back(std::move(row));
  }
  return rows;
}

Tensor prompt_of(const datasets::Vocabulary& vocabulary, const std::string& prompt, const Tensor& train) {
  try {
    if (!prompt.empty()) return vocabulary.encode(prompt).to(DType::int64);
  } catch (const Error& error) {
    throw UsageError(fmt::format("option --prompt: {}; hint: name a text of the corpus's own tokens", error.what()));
  }
  return vocabulary.contains("\n") ? vocabulary.encode("\n").to(DType::int64) : train.slice(0, 0, 1).to(DType::int64);
}

}  // namespace

Text load_text(const Options& options, const TextSettings& s) {
  const datasets::Corpus corpus = corpus_of(options, s);
  const datasets::Vocabulary vocabulary = vocabulary_of(corpus, s);
  const int64_t most = options.limit_batches * options.batch_size * s.length + (options.limit_batches > 0 ? 1 : 0);
  Text text{corpus.name,
            corpus.folder,
            vocabulary,
            limited(vocabulary.encode(corpus.train), most),
            limited(vocabulary.encode(corpus.valid), most),
            limited(vocabulary.encode(corpus.test), most),
            {}};
  for (const auto& [split, tokens] :
       {std::pair{"training", text.train}, {"validation", text.valid}, {"test", text.test}}) {
    const int64_t least = std::string_view(split) == "training" ? options.batch_size + 1 : 2;
    if (tokens.numel() < least) {
      throw FileError(fmt::format("hyper-lstm: the {} text has {} tokens; hint: at least {} are needed", split,
                                  tokens.numel(), least));
    }
  }
  text.prompt = prompt_of(text.vocabulary, s.prompt, text.train);
  text.digest = digest_of({{"alphabet", tensor_of_text(alphabet_of(text.vocabulary))},
                           {"train", text.train},
                           {"valid", text.valid},
                           {"test", text.test}});
  return text;
}

DataDescription description_of(const Text& text) {
  return {text.name,
          text.folder,
          {{"train", text.train.numel()},
           {"validation", text.valid.numel()},
           {"test", text.test.numel()},
           {"vocabulary", text.vocabulary.size()}},
          text.digest};
}

std::string alphabet_of(const datasets::Vocabulary& vocabulary) {
  std::string alphabet;
  for (int64_t i = 0; i < vocabulary.size(); ++i) alphabet += vocabulary.token(i);
  return alphabet;
}

void print_introduction(const hyper::LanguageModel& model, const Text& text, int64_t steps_per_epoch,
                        const Options& options, const TextSettings& s) {
  if (options.quiet) return;
  fmt::print("text        {}: {} tokens to train, {} to validate, {} to test, {} different\n", text.name,
             grouped(text.train.numel()), grouped(text.valid.numel()), grouped(text.test.numel()),
             text.vocabulary.size());
  fmt::print("sha256      {}\n", text.digest);
  fmt::print("model       {}: {} parameters\n", s.model, grouped(model.num_parameters()));
  fmt::print("steps       {} an epoch, {} characters each\n", steps_per_epoch, grouped(options.batch_size * s.length));
  if (options.verbose) fmt::print("\n{}\n", model.summary());
  fmt::print("\n");
  std::fflush(stdout);
}

void report_results(hyper::LanguageModel& model, const Text& text, const Scores& test, const Training& training,
                    const Options& options, const TextSettings& s, RandomStream& stream, RunFolder& folder) {
  std::vector<nn::RecurrentState> states;
  const Tensor drawn = hyper::sample_text(model, text.prompt, s.sample_length, s.temperature, stream, &states);
  const std::string drawn_text = text.vocabulary.decode(drawn),
                    sample = text.vocabulary.decode(text.prompt) + drawn_text;
  folder.write("sample.txt", sample + "\n");
  const auto rows = results(model, s, test, training);
  std::vector<Section> sections{table_section("results", rows), listing("a sample", sample)};
  std::string shown = drawn_text + "\n";
  if (hyper::generates_weights(model.layers())) {
    std::vector<std::string> letters;
    for (const int64_t token : text.prompt.to_vector<int64_t>()) letters.push_back(text.vocabulary.token(token));
    for (const int64_t token : drawn.to_vector<int64_t>()) letters.push_back(text.vocabulary.token(token));
    const Strip strip{letters, weight_changes(model, states)};
    folder.write("weight-change.svg", svg_of(strip));
    sections.push_back(drawing("how much the generated weights change at each character, gate by gate", svg_of(strip)));
    if (stdout_takes_colours()) shown = terminal_text_of(strip);
  }
  if (!options.quiet) fmt::print("{}\n", shown);
  const Histogram cells =
      histogram_of("tanh(c) of the memory cells over the drawn text", s.model, cell_values(states), -1, 1, kBins);
  folder.write(kHistogramFile, json_of(cells));
  sections.push_back(histogram_chart({{"", cells}}));
  folder.write_report("hyper-lstm: " + s.model + " on " + text.name, sections);
  fmt::print("{}\n\n{}\n{}\n", text.name, table(rows), folder.path().string());
}

}  // namespace weft::demo
