// hyper/demos/hyper_lstm_results.h: the text hyper-lstm reads, and what it tells and draws at the end
#pragma once
#include "datasets/corpus.h"
#include "datasets/text_stream.h"
#include "datasets/vocabulary.h"
#include "hyper/demos/harness/training.h"
#include "hyper/models/language_model.h"

namespace weft::demo {

/// The options that only hyper-lstm has.
struct TextSettings {
  std::string model = "layer-norm-hyper-lstm", corpus = "bible", file, tokens = "characters", prompt;
  int64_t hidden_size = 256, num_layers = 1, hyper_size = 64, embedding_size = 4, length = 100;
  int64_t patience = 5, sample_length = 600, sample_every = 0;
  double dropout = 0, recurrent_dropout = 0, hyper_dropout = 0, clip = 1, temperature = 0.8;
  double forget_bias = 1, lr_decay = 1;
};

/// A corpus in numbers. A text that comes in one piece is cut 90 : 5 : 5.
struct Text {
  std::string name;
  std::filesystem::path folder;
  datasets::Vocabulary vocabulary;
  Tensor train, valid, test;  ///< [tokens]
  Tensor prompt;              ///< int64 [tokens]: --prompt; else a new line, or the first token of a text without one
  std::string digest = {};
};
/// `bible` is the King James Bible as the program of that name (package bible-kjv) prints it.
/// Throws FileError: what is not there or too short; UsageError: --text missing, or given beside another corpus; a
/// prompt that the vocabulary does not have.
Text load_text(const Options& options, const TextSettings& settings);
DataDescription description_of(const Text& text);
/// Its tokens one after another.
std::string alphabet_of(const datasets::Vocabulary& vocabulary);

void print_introduction(const hyper::LanguageModel& model, const Text& text, int64_t steps_per_epoch,
                        const Options& options, const TextSettings& settings);

/// The table of results; sample.txt; with generated weights weight-change.svg, the paper's figure 4, also in colours
/// on a terminal that takes them, where else the sample is printed; the histogram of tanh(c), figure 5, also as
/// histogram.json for --compare; report.html; the folder's path.
void report_results(hyper::LanguageModel& model, const Text& text, const Scores& test, const Training& training,
                    const Options& options, const TextSettings& settings, RandomStream& stream, RunFolder& folder);

}  // namespace weft::demo
