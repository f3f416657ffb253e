// hyper/demos/hyper_handwriting_results.h: the lines hyper-handwriting reads, and what it tells and draws at the end
#pragma once
#include "datasets/strokes.h"
#include "hyper/demos/harness/training.h"
#include "hyper/models/handwriting_model.h"

namespace weft::demo {

/// The options that only hyper-handwriting has.
struct HandwritingSettings {
  std::string model = "hyper-lstm", corpus = "pen-fonts", file, points = "offsets";
  int64_t lines = 2000, words = 2;
  int64_t hidden_size = 128, num_layers = 1, hyper_size = 32, embedding_size = 4, mixtures = 20;
  int64_t min_steps = 2, patience = 5, samples = 3, sample_steps = 300, sample_every = 0;
  double scaling = 0.1, dequantise = 0, dropout = 0.05, recurrent_dropout = 0.05, hyper_dropout = 0, clip = 5;
  double bias = 0.5;
};

/// A corpus whose offsets were divided by the deviation of those of its training set.
struct Lines {
  std::string name;
  std::filesystem::path folder;
  std::vector<datasets::StrokeSequence> train, valid, test;
  double deviation = 1;
  int64_t left_out = 0;  ///< lines of the training set with too few steps
  std::string digest = {};
};
/// --data is where IAM-OnDB is looked for, and the folder of the pen fonts when it is given.
/// Throws FileError: what is not there, damaged, or leaves a part empty; UsageError: --strokes missing, or given beside
/// another corpus.
Lines load_lines(const Options& options, const HandwritingSettings& settings);
DataDescription description_of(const Lines& lines);

void print_introduction(const hyper::HandwritingModel& model, const Lines& lines, int64_t steps_per_epoch,
                        const Options& options, const HandwritingSettings& settings);

/// Pen points [steps, 3] as a drawing; below it, with changes [steps - 1, 4], a box for each gate and point in
/// the order of time, as strong as the change; the largest twentieth of a gate's changes is drawn as one strength.
std::string svg_of_line(const Tensor& points, const Tensor& changes = {});

/// The table of results; sample-1.svg and so on, with generated weights above the strength of their change, the paper's
/// figure 7; report.html, with lines of the validation set beside; the folder's path.
void report_results(hyper::HandwritingModel& model, const Lines& lines, const Scores& test, const Training& training,
                    const Options& options, const HandwritingSettings& settings, RandomStream& stream,
                    RunFolder& folder);

}  // namespace weft::demo
