// datasets/stroke_tsv.cpp: lines of part, label and points
#include <algorithm>

#include "datasets/file_error.h"
#include "datasets/input_file.h"
#include "datasets/stroke_files.h"
#include "tensor/create.h"
#include "tensor/file.h"

namespace weft::datasets {
namespace {

constexpr std::string_view kLoadStrokeTsv = "load_stroke_tsv";

/// What stands before the next `separator`, which is taken off `text` with it.
std::string_view take(std::string_view& text, char separator) {
  const size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return part;
}

/// Where in the file something is wrong.
struct Place {
  const std::filesystem::path& path;
  int64_t line, point = 0;
};

double number(std::string_view text, const Place& place) {
  const std::optional<double> value = coordinate_of(text);
  if (!value)
    fail_file(kLoadStrokeTsv, place.path, "line {}, point {}: '{}' is no number within +-1e9", place.line, place.point,
              shown(text));
  return *value;
}

PenPoint pen_point(std::string_view text, StrokePoints kind, const Place& place) {
  const std::string_view whole = text, x = take(text, ','), y = take(text, ',');
  if (text != "0" && text != "1")
    fail_file(kLoadStrokeTsv, place.path, "line {}, point {}: '{}' is not x,y,pen with a pen of 0 or 1", place.line,
              place.point, shown(whole));
  return {number(x, place), number(y, place), (text == "1") == (kind == StrokePoints::offsets)};
}

StrokeSequence sequence_of(const std::vector<PenPoint>& points, StrokePoints kind, std::string label) {
  if (kind == StrokePoints::absolute) return strokes_from(points, std::move(label));
  std::vector<float> numbers;
  for (const PenPoint& point : points) {
    numbers.insert(numbers.end(), {static_cast<float>(point.x), static_cast<float>(point.y), point.lifted ? 1.f : 0.f});
  }
  return {from_data(numbers, {static_cast<int64_t>(points.size()), 3}, cpu), std::move(label)};
}

StrokeSequence parse(std::string_view text, std::string_view label, StrokePoints kind, Place place) {
  std::vector<PenPoint> points;
  while (!text.empty()) {
    ++place.point;
    points.push_back(pen_point(take(text, ' '), kind, place));
  }
  if (points.size() < 2)
    fail_file(kLoadStrokeTsv, place.path, "line {}: {} points make no drawing; hint: at least 2 are needed", place.line,
              points.size());
  if (!points.back().lifted)
    fail_file(kLoadStrokeTsv, place.path, "line {}: the last point leaves the pen down; hint: are the points {}?",
              place.line, kind == StrokePoints::offsets ? "absolute" : "offsets");
  return sequence_of(points, kind, std::string(label));
}

}  // namespace

StrokeCorpus load_stroke_tsv(const std::filesystem::path& path, StrokePoints kind) {
  const std::string bytes = read_file(kLoadStrokeTsv, path);
  StrokeCorpus corpus{.name = path.filename().string(), .folder = path.parent_path()};
  std::vector<StrokeSequence> all;
  Place place{path, 0};
  for (std::string_view text = bytes; !text.empty();) {
    std::string_view line = take(text, '\n');
    ++place.line;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const std::string_view part = take(line, '\t');
    if (std::count(line.begin(), line.end(), '\t') != 1)
      fail_file(kLoadStrokeTsv, path, "line {}: not the three fields part, label and points, with tabs between",
                place.line);
    std::vector<StrokeSequence>* to = part == "train"   ? &corpus.train
                                      : part == "valid" ? &corpus.valid
                                      : part == "test"  ? &corpus.test
                                      : part == "all"   ? &all
                                                        : nullptr;
    if (to == nullptr)
      fail_file(kLoadStrokeTsv, path, "line {}: the part '{}' is none of train, valid, test and all", place.line,
                shown(part));
    const std::string_view label = take(line, '\t');
    to->push_back(parse(line, label, kind, place));
  }
  add_in_parts(corpus, std::move(all));
  if (corpus.train.empty()) fail_file(kLoadStrokeTsv, path, "holds no drawings to train on");
  return corpus;
}

}  // namespace weft::datasets
