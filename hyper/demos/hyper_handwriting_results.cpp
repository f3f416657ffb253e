// hyper/demos/hyper_handwriting_results.cpp: lines, tables and drawings of hyper-handwriting
#include "hyper/demos/hyper_handwriting_results.h"

#include <algorithm>

#include "datasets/iam_on_line.h"
#include "datasets/pen_font.h"
#include "datasets/stroke_files.h"
#include "hyper/demos/harness/digest.h"
#include "hyper/demos/harness/report.h"
#include "hyper/demos/harness/strip.h"
#include "hyper/demos/harness/table.h"
#include "nn/grouped.h"
#include "tensor/statistics.h"

namespace weft::demo {
namespace {

using datasets::StrokeCorpus, datasets::StrokePoints, datasets::StrokeSequence;
using nn::grouped;

constexpr double kWidest = 1000, kLargestScale = 6, kMargin = 14;  ///< of a drawing, in pixels
constexpr size_t kRealLines = 3;
constexpr size_t kShownPart = 95;  ///< in a hundred: larger changes are drawn as the largest of these

StrokeCorpus corpus_of(const Options& options, const HandwritingSettings& s) {
  const bool from_file = s.corpus == "tsv" || s.corpus == "npz";
  if (from_file != !s.file.empty()) {
    throw UsageError("option --strokes: it goes with --corpus tsv or npz, and those with --strokes");
  }
  if (s.corpus == "tsv") {
    return datasets::load_stroke_tsv(s.file, s.points == "absolute" ? StrokePoints::absolute : StrokePoints::offsets);
  }
  if (s.corpus == "npz") return datasets::load_stroke_npz(s.file);
  if (s.corpus == "iam") return datasets::load_iam_on_line(options.data);
  return options.data.empty() ? datasets::draw_pen_fonts(s.lines, s.words, options.seed)
                              : datasets::draw_pen_fonts(s.lines, s.words, options.seed, options.data);
}

/// At most so many, divided by the deviation.
std::vector<StrokeSequence> prepared(std::vector<StrokeSequence> lines, double deviation, int64_t most) {
  if (most > 0 && most < std::ssize(lines)) lines.resize(static_cast<size_t>(most));
  return datasets::scaled(lines, 1 / deviation);
}

TensorMap lines_by_name(const Lines& lines) {
  TensorMap points;
  for (const auto& [split, part] : {std::pair{"train", &lines.train}, {"valid", &lines.valid}, {"test", &lines.test}}) {
    for (size_t i = 0; i < part->size(); ++i) points.emplace(fmt::format("{}.{:08}", split, i), (*part)[i].points);
  }
  return points;
}

std::vector<std::vector<std::string>> results(const hyper::HandwritingModel& model, const HandwritingSettings& s,
                                              const Scores& test, const Training& training) {
  return {{"model", "parameters", "test nats a step", "test nats a line", "best epoch", "s/epoch"},
          {s.model, grouped(model.num_parameters()), fmt::format("{:.4f}", test[0].second),
           fmt::format("{:.1f}", test[1].second), std::to_string(training.best_epoch()),
           fmt::format("{:.1f}", training.seconds_per_epoch())}};
}

/// [steps - 1, 4] as rows of steps: nothing changes at the first.
std::vector<StripRow> rows_of(const Tensor& changes) {
  std::vector<StripRow> rows;
  for (const char* gate : {"i", "f", "g", "o"}) {
    StripRow row{gate, {0}};
    std::vector<double> each = changes.select(1, std::ssize(rows)).to_vector<double>(), sorted = each;
    std::sort(sorted.begin(), sorted.end());
    // The state leaves zero in the first steps, with changes beside which no later one would be seen.
    const double most = sorted.empty() ? 0 : sorted[sorted.size() * kShownPart / 100];
    for (const double change : each) row.values.push_back(std::min(change, most));
    rows.push_back(std::move(row));
  }
  return rows;
}

/// Where the pen is at each step, and the smallest box around.
struct Path {
  std::vector<double> x, y;
  double left = 0, right = 0, top = 0, bottom = 0;
};

Path path_of(const std::vector<float>& points) {
  Path path;
  double x = 0, y = 0;
  for (size_t i = 0; i < points.size(); i += 3) {
    path.x.push_back(x += points[i]);
    path.y.push_back(y += points[i + 1]);
  }
  if (path.x.empty()) return path;
  const auto [left, right] = std::minmax_element(path.x.begin(), path.x.end());
  const auto [top, bottom] = std::minmax_element(path.y.begin(), path.y.end());
  path.left = *left, path.right = *right, path.top = *top, path.bottom = *bottom;
  return path;
}

}  // namespace

std::string svg_of_line(const Tensor& points, const Tensor& changes) {
  const std::vector<float> numbers = points.to(cpu).reshape({points.numel()}).to_vector<float>();
  const Path path = path_of(numbers);
  const double scale = std::min(kLargestScale, kWidest / std::max(path.right - path.left, 1.0));
  const double width = scale * (path.right - path.left), height = scale * (path.bottom - path.top);
  std::string line;
  bool lifted = true;
  for (size_t t = 0; t < path.x.size(); ++t) {
    line += fmt::format("{}{:.1f} {:.1f}", lifted ? "M" : "L", kMargin + scale * (path.x[t] - path.left),
                        kMargin + scale * (path.y[t] - path.top));
    lifted = numbers[3 * t + 2] == 1;
  }
  std::string strip;
  if (changes.defined()) strip = svg_boxes_of(rows_of(changes), kMargin, height + 2 * kMargin, width);
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
      "font-family=\"monospace\">\n<path d=\"{2}\" fill=\"none\" stroke=\"#222\" stroke-width=\"1.5\" "
      "stroke-linecap=\"round\" stroke-linejoin=\"round\"/>\n{3}</svg>\n",
      width + 2 * kMargin, height + (changes.defined() ? 6 : 2) * kMargin, line, strip);
}

Lines load_lines(const Options& options, const HandwritingSettings& s) {
  StrokeCorpus corpus = corpus_of(options, s);
  Lines lines{.name = corpus.name, .folder = corpus.folder};
  const auto all = std::ssize(corpus.train);
  corpus.train = datasets::at_least(std::move(corpus.train), s.min_steps);
  lines.left_out = all - std::ssize(corpus.train);
  for (const auto& [split, part] :
       {std::pair{"training", &corpus.train}, {"validation", &corpus.valid}, {"test", &corpus.test}}) {
    if (part->empty()) {
      throw FileError(fmt::format("hyper-handwriting: '{}': the {} set has no lines{}", corpus.name, split,
                                  lines.left_out > 0 ? "; hint: try a smaller --min-steps" : ""));
    }
  }
  lines.deviation = datasets::offset_deviation(corpus.train);
  const int64_t most = options.limit_batches * options.batch_size;
  lines.train = prepared(std::move(corpus.train), lines.deviation, most);
  lines.valid = prepared(std::move(corpus.valid), lines.deviation, most);
  lines.test = prepared(std::move(corpus.test), lines.deviation, most);
  lines.digest = digest_of(lines_by_name(lines));
  return lines;
}

DataDescription description_of(const Lines& lines) {
  return {lines.name,
          lines.folder,
          {{"train", std::ssize(lines.train)},
           {"validation", std::ssize(lines.valid)},
           {"test", std::ssize(lines.test)},
           {"left out", lines.left_out}},
          lines.digest};
}

void print_introduction(const hyper::HandwritingModel& model, const Lines& lines, int64_t steps_per_epoch,
                        const Options& options, const HandwritingSettings& s) {
  if (options.quiet) return;
  int64_t points = 0;
  for (const StrokeSequence& line : lines.train) points += line.steps();
  fmt::print("lines       {}: {} to train ({} pen points{}), {} to validate, {} to test\n", lines.name,
             grouped(std::ssize(lines.train)), grouped(points),
             lines.left_out > 0 ? fmt::format("; {} too short", grouped(lines.left_out)) : "",
             grouped(std::ssize(lines.valid)), grouped(std::ssize(lines.test)));
  fmt::print("sha256      {}\n", lines.digest);
  fmt::print("unit        {:.4g} of the data's: the deviation of the training set's offsets\n", lines.deviation);
  fmt::print("model       {}: {} parameters\n", s.model, grouped(model.num_parameters()));
  fmt::print("steps       {} an epoch\n", steps_per_epoch);
  if (options.verbose) fmt::print("\n{}\n", model.summary());
  fmt::print("\n");
  std::fflush(stdout);
}

void report_results(hyper::HandwritingModel& model, const Lines& lines, const Scores& test, const Training& training,
                    const Options& options, const HandwritingSettings& s, RandomStream& stream, RunFolder& folder) {
  const auto rows = results(model, s, test, training);
  const bool generates = hyper::generates_weights(model.layers());
  std::vector<Section> sections{table_section("results", rows)};
  for (int64_t i = 1; i <= s.samples; ++i) {
    std::vector<nn::RecurrentState> states;
    const Tensor drawn =
        hyper::sample_handwriting(model, s.sample_steps, s.bias, stream, generates ? &states : nullptr);
    const std::string svg =
        svg_of_line(drawn, generates ? hyper::weight_changes(model.layers(), states).to(cpu) : Tensor());
    folder.write(fmt::format("sample-{}.svg", i), svg);
    sections.push_back(
        drawing(generates && i == 1
                    ? "drawn by the model; below, how much the generated weights change, gate by gate, over time"
                    : "drawn by the model",
                svg));
  }
  for (size_t i = 0; i < std::min(kRealLines, lines.valid.size()); ++i) {
    const StrokeSequence& line = lines.valid[i];
    sections.push_back(drawing(line.label.empty() ? "a line of the validation set" : "validation: " + line.label,
                               svg_of_line(line.points)));
  }
  folder.write_report("hyper-handwriting: " + s.model + " on " + lines.name, sections);
  if (!options.quiet) fmt::print("samples     {}\n\n", (folder.path() / "sample-1.svg").string());
  fmt::print("{}\n\n{}\n{}\n", lines.name, table(rows), folder.path().string());
}

}  // namespace weft::demo
