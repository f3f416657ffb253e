// tests/datasets/strokes.cpp: drawings from every format, their batches, and what is refused
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "datasets/iam_on_line.h"
#include "datasets/pen_font.h"
#include "datasets/stroke_files.h"
#include "tensor/create.h"
#include "tensor/npz.h"
#include "tests/datasets/files.h"
#include "tests/datasets/holds.h"
#include "tests/fixtures/folder.h"

namespace weft::test {
namespace {

using namespace datasets;
using Floats = std::vector<float>;

/// A sequence of `steps` points (k, 10 k, 0) but the last, which lifts the pen.
StrokeSequence ramp(int64_t steps) {
  Floats points;
  for (int64_t t = 0; t < steps; ++t)
    points.insert(points.end(), {static_cast<float>(t), 10.f * static_cast<float>(t), t + 1 == steps ? 1.f : 0.f});
  return {from_data(points, {steps, 3}, cpu), ""};
}

std::string tsv_error(const std::string& text, StrokePoints kind = StrokePoints::offsets) {
  const TempFolder folder;
  const auto path = folder.write("bad.tsv", bytes_of(text));
  const std::string error = thrown<FileError>([&] { load_stroke_tsv(path, kind); });
  holds(error, "load_stroke_tsv: '" + path.string() + "': ");
  return error;
}

std::string xml(const std::string& body) {
  return "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<WhiteboardCaptureSession>\n <StrokeSet>\n" + body +
         " </StrokeSet>\n</WhiteboardCaptureSession>\n";
}

std::string xml_error(const std::string& text) {
  const TempFolder folder;
  const auto path = folder.write("bad.xml", bytes_of(text));
  return thrown<FileError>([&] { load_line_strokes(path); });
}

}  // namespace

TEST_CASE("load_stroke_tsv: absolute points become offsets, `all` is cut") {
  const TempFolder folder;
  std::string text;
  for (int i = 0; i < 40; ++i) text += "all\tl\xC3\xA9 " + std::to_string(i) + "\t5,7,1 6,9,0 4,9.5,1 4,8,0\r\n";
  const auto path = folder.write("a.tsv.gz", gzip(bytes_of(text)));
  const StrokeCorpus corpus = load_stroke_tsv(path, StrokePoints::absolute);
  CHECK(corpus.name == "a.tsv.gz");
  CHECK(corpus.train.size() == 36);
  REQUIRE(corpus.valid.size() == 2);
  CHECK(corpus.valid[0].label == "l\xC3\xA9 36");
  CHECK(corpus.test[1].label == "l\xC3\xA9 39");
  CHECK(corpus.train[0].points.shape() == Shape{4, 3});
  CHECK(corpus.train[0].points.to_vector<float>() == Floats{0, 0, 0, 1, 2, 1, -2, 0.5, 0, 0, -1.5, 1});
}

TEST_CASE("load_stroke_tsv: offsets are taken as they are, in the parts the file names") {
  const TempFolder folder;
  const auto path = folder.write(
      "b.tsv", bytes_of("train\t\t0,0,0 3,-4,1\n\nvalid\tx y\t1,2,0 3,4,0 5,6,1\ntest\t\"\t0,0,1 1e2,1,1"));
  const StrokeCorpus corpus = load_stroke_tsv(path, StrokePoints::offsets);
  CHECK(corpus.train.size() == 1);
  CHECK(corpus.train[0].points.to_vector<float>() == Floats{0, 0, 0, 3, -4, 1});
  CHECK(corpus.valid.at(0).label == "x y");
  CHECK(corpus.test.at(0).label == "\"");
  CHECK(corpus.test.at(0).points.to_vector<float>() == Floats{0, 0, 1, 100, 1, 1});
}

TEST_CASE("load_stroke_tsv: what is wrong is named with line and point") {
  const std::string good = "train\ta\t0,0,0 1,1,1\n";
  holds(tsv_error(good + "train\t0,0,0 1,1,1\n"), "line 2: not the three fields");
  holds(tsv_error(good + "train\ta\tb\t0,0,0 1,1,1\n"), "line 2: not the three fields");
  holds(tsv_error(good + "dev\ta\t0,0,0 1,1,1\n"), "line 2: the part 'dev' is none of train, valid, test and all");
  holds(tsv_error("train\ta\t0,0,0 1,1\n"), "line 1, point 2: '1,1' is not x,y,pen with a pen of 0 or 1");
  holds(tsv_error("train\ta\t0,0,0 1,1,2\n"), "line 1, point 2: '1,1,2' is not x,y,pen");
  holds(tsv_error("train\ta\t0,x,0 1,1,1\n"), "line 1, point 1: 'x' is no number within +-1e9");
  holds(tsv_error("train\ta\t0,1,0 1,nan,1\n"), "line 1, point 2: 'nan' is no number within +-1e9");
  holds(tsv_error("train\ta\t0,1,0 1e10,1,1\n"), "line 1, point 2: '1e10' is no number within +-1e9");
  holds(tsv_error("train\ta\t0,1,0  1,1,1\n"), "line 1, point 2: '' is not x,y,pen");
  holds(tsv_error("train\ta\t0,1,1\n"), "line 1: 1 points make no drawing; hint: at least 2");
  holds(tsv_error("train\ta\t\n"), "line 1: 0 points make no drawing");
  holds(tsv_error("train\ta\t0,0,0 1,1,0\n"),
        "line 1: the last point leaves the pen down; hint: are the points absolute?");
  holds(tsv_error(good, StrokePoints::absolute),
        "line 1: the last point leaves the pen down; hint: are the points offsets?");
  holds(tsv_error("test\ta\t0,0,0 1,1,1\n"), "holds no drawings to train on");
  holds(message([] { load_stroke_tsv("/no/such.tsv", StrokePoints::offsets); }), "no such file");
}

TEST_CASE("load_stroke_npz: joined points and lengths; pickles are refused with the way out") {
  const TempFolder folder;
  const auto path = folder.path / "c.npz";
  const Tensor points = tensor<int64_t>({0, 0, 0, 3, 4, 1, 1, 1, 0, 2, 2, 0, 3, 3, 1}, Shape{5, 3});
  const auto refused = [&](const TensorMap& arrays) {
    save_npz(path, arrays);
    return thrown<FileError>([&] { load_stroke_npz(path); });
  };
  save_npz(path, {{"train", points}, {"train_lengths", tensor<int32_t>({2, 3})}});
  const StrokeCorpus corpus = load_stroke_npz(path);
  REQUIRE(corpus.train.size() == 2);
  CHECK(corpus.train[1].points.to_vector<float>() == Floats{1, 1, 0, 2, 2, 0, 3, 3, 1});
  CHECK(corpus.valid.empty());
  const std::string pickled = thrown<FileError>([] { load_stroke_npz(fixtures() / "npy/drawings.npz"); });
  holds(pickled, "holds Python objects (a pickle); those are never loaded");
  holds(pickled, "hint: python3 -c \"import numpy as n; d = n.load('" + (fixtures() / "npy/drawings.npz").string());
  holds(refused({{"valid", points}}), "has no array 'train'; hint: joined points");
  holds(refused({{"train", points}}), "has no array 'train_lengths'");
  holds(refused({{"train", points.reshape({15})}, {"train_lengths", tensor<int64_t>({2, 3})}}),
        "'train' must be numbers [points, 3], it is [15] int64");
  holds(refused({{"train", points}, {"train_lengths", tensor<float>({2, 3})}}), "must be integers [drawings]");
  holds(refused({{"train", points}, {"train_lengths", tensor<int64_t>({2, 2})}}), "sum to 4, there are 5 points");
  holds(refused({{"train", points}, {"train_lengths", tensor<int64_t>({2, 4})}}),
        "drawing 1 of 'train' has 4 points, and 3 are left");
  holds(refused({{"train", points}, {"train_lengths", tensor<int64_t>({1, 4})}}), "drawing 0 of 'train' has 1 points");
  holds(refused({{"train", points * 2}, {"train_lengths", tensor<int64_t>({2, 3})}}),
        "point 1 of drawing 0 of 'train' is (6, 8, 2); hint: offsets within +-1e9 and a pen of 0 or 1");
}

TEST_CASE("load_line_strokes: strokes of IAM-OnDB, errors with their line") {
  const TempFolder folder;
  const auto path =
      folder.write("a.xml", bytes_of(xml("<Stroke colour=\"black\"><Point x=\"10\" y=\"20\" time=\"0.1\"/>"
                                         "<Point y=\"25\" x=\"12\"/></Stroke>\n<Stroke></Stroke>\n"
                                         "<Stroke><Point x=\"9\" y=\"25\"/></Stroke>\n")));
  const StrokeSequence line = load_line_strokes(path, "text");
  CHECK(line.label == "text");
  CHECK(line.points.to_vector<float>() == Floats{0, 0, 0, 2, 5, 1, -3, 0, 1});
  holds(xml_error(xml("<Stroke>\n<Point x=\"1\"/></Stroke>\n")), "bad.xml': line 5: a Point without numbers x and y");
  holds(xml_error(xml("<Stroke>\n<Point x=\"1\" y=\"1z\"/></Stroke>\n")), "line 5: a Point without numbers");
  holds(xml_error(xml("<Point x=\"1\" y=\"1\"/>\n")), "line 4: a Point stands outside a Stroke");
  holds(xml_error(xml("<Stroke>\n<Point x=\"1\" y=\"1\"></Stroke>\n")), "line 5: damaged XML: mismatched tag");
  holds(xml_error(xml("<Stroke><Point x=\"1\" y=\"1\"/></Stroke>\n")), "1 points make no drawing");
  holds(xml_error("no XML at all"), "line 1: damaged XML");
}

TEST_CASE("load_iam_on_line: forms of the lists, lines in order, labels below CSR:") {
  const TempFolder folder;
  const auto line = [&](const std::string& name, int x) {
    folder.write("iam-ondb/lineStrokes/" + name, bytes_of(xml("<Stroke><Point x=\"0\" y=\"0\"/><Point x=\"" +
                                                              std::to_string(x) + "\" y=\"0\"/></Stroke>")));
  };
  const auto list = [&](const std::string& name, const std::string& forms) {
    folder.write("iam-ondb/task1/" + name, bytes_of(forms));
  };
  line("a01/a01-000/a01-000u-02.xml", 2);
  line("a01/a01-000/a01-000u-01.xml", 1);
  line("a01/a01-000/a01-000w-01.xml", 3);
  line("h10/h10-010/h10-010-01.xml", 4);
  folder.write("iam-ondb/ascii/a01/a01-000/a01-000u.txt", bytes_of("OCR:\n\nwrong\n\nCSR:\n\n first line \nsecond\n"));
  list("trainset.txt", "a01-000u\n\n");
  list("testset_v.txt", "  a01-000w \r\n");
  list("testset_t.txt", "not read: the task's second validation set\n");
  list("testset_f.txt", "h10-010\n");
  const std::string data = folder.path.string();
  const StrokeCorpus corpus = load_iam_on_line(data);
  REQUIRE(corpus.train.size() == 2);
  CHECK(corpus.train[0].label == "first line");
  CHECK(corpus.train[1].label == "second");
  CHECK(corpus.train[1].points.at<float>({1, 0}) == 2);
  REQUIRE(corpus.valid.size() == 1);
  CHECK(corpus.valid[0].label.empty());
  CHECK(corpus.test.at(0).points.at<float>({1, 0}) == 4);

  list("testset_f.txt", "h10-011\n");
  holds(thrown<FileError>([&] { load_iam_on_line(data); }), "h10-011': holds no lines h10-011-01.xml");
  list("testset_f.txt", "../h10\n");
  holds(thrown<FileError>([&] { load_iam_on_line(data); }), "testset_f.txt': '../h10' is not the name of a form");
  std::filesystem::remove(folder.path / "iam-ondb/task1/testset_f.txt");
  holds(thrown<FileError>([&] { load_iam_on_line(data); }), "testset_f.txt': no such file");
  const TempFolder empty;
  holds(thrown<FileError>([&] { load_iam_on_line(empty.path.string()); }),
        "no folder lineStrokes found; looked in '" + empty.path.string() + "/iam-ondb'");
}

TEST_CASE("PenFont: letters become pen points; damage is named with its line") {
  const TempFolder folder;
  std::vector<std::string> letters(95, "12345  1JZ");
  letters['L' - ' '] = "12345  4KZNFNQTQ";      // down eleven, six to the right
  letters['i' - ' '] = "12345  6NVRIRM RRNRQ";  // two strokes
  const auto write = [&] {
    std::string text;
    for (const std::string& letter : letters) text += letter + "\n";
    return folder.write("font.jhf", bytes_of(text));
  };
  const HandOptions steady{.step = 100, .slant = 0, .size = 0, .baseline = 0, .wobble = 0};
  RandomStream random(1, 0);
  const PenFont font = PenFont::load(write());
  CHECK(font.draw("L", steady, random).points.to_vector<float>() == Floats{0, 0, 0, 0, 11, 0, 6, 0, 1});
  const StrokeSequence both = font.draw("L i", steady, random);
  CHECK(both.label == "L i");
  CHECK(both.points.size(0) == 7);
  CHECK(both.points.at<float>({3, 0}) == 15 + 16 + 4 - 9);  // widths of L and the space, less where L ended
  CHECK(both.points.at<float>({4, 2}) == 1);
  HandOptions fine = steady;
  fine.step = 3;
  CHECK(font.draw("L", fine, random).points.size(0) == 1 + 4 + 2);
  const StrokeSequence shaken = font.draw("L", {}, random), again = font.draw("L", {}, random);
  CHECK(shaken.points.to_vector<float>() != again.points.to_vector<float>());
  holds(message([&] { font.draw("\xC3\xA9", steady, random); }), "byte 195 of the text is no letter");
  holds(message([&] { font.draw("  ", steady, random); }), "the text '  ' has nothing to draw");

  letters[3] = "12345  2JZ";
  holds(message([&] { PenFont::load(write()); }), "font.jhf': line 4: '12345  2JZ' is no letter");
  letters[3] = "12345  xJZ";
  holds(message([&] { PenFont::load(write()); }), "line 4");
  letters.resize(90, "");
  holds(message([&] { PenFont::load(write()); }), "90 lines are fewer than the 95 letters");
  letters.assign(95, "12345  1JZ");
  holds(message([&] { PenFont::load(write()); }), "none of its letters has a line");
  holds(message([&] { draw_pen_fonts(1, 1, 1, folder.path); }),
        "scripts.jhf': is missing; hint: install the package hershey-fonts-data");
}

TEST_CASE("offset_deviation, scaled, at_least and strokes_from") {
  const std::vector<StrokeSequence> two{ramp(3), ramp(2)};
  // Offsets but the first: (1, 10), (2, 20) and (1, 10): mean 44 / 6, squares 606.
  const double deviation = offset_deviation(two);
  CHECK(deviation == doctest::Approx(std::sqrt(606 / 6.0 - std::pow(44 / 6.0, 2))));
  CHECK(scaled(two, 0.5)[0].points.to_vector<float>() == Floats{0, 0, 0, 0.5, 5, 0, 1, 10, 1});
  CHECK(two[0].points.at<float>({1, 1}) == 10);  // its own memory
  CHECK(at_least(two, 3).size() == 1);
  holds(message([] { offset_deviation({}); }), "the 0 offsets do not differ");
  const std::vector<PenPoint> one{{0, 0, true}};
  holds(message([&] { strokes_from(one, ""); }), "strokes_from: 1 points make no drawing");
}

TEST_CASE("batch_strokes: padding, lengths, targets a step ahead") {
  RandomStream random(1, 2);
  const StrokeBatch batch = batch_strokes({ramp(3), ramp(2)}, {.device = cpu}, random);
  CHECK(batch.inputs.shape() == Shape{2, 2, 3});
  CHECK(batch.inputs.to_vector<float>() == Floats{0, 0, 0, 1, 10, 0, 0, 0, 0, 0, 0, 0});
  CHECK(batch.targets.to_vector<float>() == Floats{1, 10, 0, 2, 20, 1, 1, 10, 1, 0, 0, 0});
  CHECK(batch.lengths.to_vector<int64_t>() == std::vector<int64_t>{2, 1});
  holds(message([&] { batch_strokes({}, {}, random); }), "there are no sequences");
  holds(message([&] { batch_strokes({{zeros({1, 3}), ""}}, {}, random); }), "2 steps or more, got [1, 3] float32");
  holds(message([&] { batch_strokes({{Tensor(), ""}}, {}, random); }), "got an undefined tensor");
  holds(message([&] { batch_strokes({ramp(2)}, {.scaling = -1}, random); }),
        "scaling -1 and dequantise 0 must be 0 or more");
}

TEST_CASE("batch_strokes: one factor a sequence and axis, and noise of the width that was asked for") {
  RandomStream random(1, 2);
  const std::vector<StrokeSequence> many(200, ramp(4));
  const Tensor scaled = batch_strokes(many, {.scaling = 0.1, .device = cpu}, random).targets;
  double least = 2, most = 0;
  for (int64_t i = 0; i < 200; ++i) {
    const float x = scaled.at<float>({i, 0, 0}), y = scaled.at<float>({i, 0, 1}) / 10;
    CHECK(scaled.at<float>({i, 2, 0}) == doctest::Approx(3 * x));
    CHECK(scaled.at<float>({i, 2, 1}) == doctest::Approx(30 * y));
    CHECK(x != y);
    least = std::min<double>({least, x, y});
    most = std::max<double>({most, x, y});
  }
  CHECK(least >= 0.9);
  CHECK(least < 0.91);
  CHECK(most <= 1.1);
  CHECK(most > 1.09);
  const StrokeBatch noisy = batch_strokes(many, {.dequantise = 0.5, .device = cpu}, random);
  double widest = 0, squares = 0;
  for (int64_t i = 0; i < 200; ++i) {
    const double d = noisy.targets.at<float>({i, 1, 1}) - 20;
    widest = std::max(widest, std::abs(d));
    squares += d * d / 200;
    CHECK(noisy.inputs.at<float>({i, 0, 0}) == 0);
    CHECK(noisy.inputs.at<float>({i, 2, 1}) == noisy.targets.at<float>({i, 1, 1}));
    CHECK(noisy.targets.at<float>({i, 2, 2}) == 1);
  }
  CHECK(widest <= 0.25);
  CHECK(squares == doctest::Approx(0.25 / 12).epsilon(0.2));
}

TEST_CASE("stroke_loader: an epoch's batches depend on seed, epoch and batch alone") {
  std::vector<StrokeSequence> sequences;
  for (int64_t steps = 2; steps < 40; ++steps) sequences.push_back(ramp(steps));
  const auto loader = [&] {
    const Sampler order = bucketed(lengths_of(sequences), 8, RandomStream(3, 1));
    return stroke_loader(sequences, BatchSampler(order, 8), {.scaling = 0.1, .device = cpu}, 3);
  };
  Loader<StrokeBatch> whole = loader(), part = loader();
  std::vector<Tensor> all;
  for (int epoch = 0; epoch < 2; ++epoch)
    for (const StrokeBatch& batch : whole) all.push_back(batch.inputs);
  CHECK(all.size() == 10);
  part.load_state({3, 1, 3});
  size_t at = 8;
  for (const StrokeBatch& batch : part) {
    CHECK(batch.inputs.shape() == all[at].shape());
    CHECK(batch.inputs.to_vector<float>() == all[at++].to_vector<float>());
  }
  CHECK(at == 10);
}

TEST_CASE("bucketed: a permutation whose batches are of like length, another one each epoch") {
  std::vector<int64_t> lengths;
  for (int64_t i = 0; i < 1000; ++i) lengths.push_back((i * 37) % 500);
  const Sampler sampler = bucketed(lengths, 10, RandomStream(7, 1));
  const std::vector<int64_t> first = sampler.order(0);
  std::vector<int64_t> sorted = first;
  std::sort(sorted.begin(), sorted.end());
  for (int64_t i = 0; i < 1000; ++i) CHECK(sorted[static_cast<size_t>(i)] == i);
  CHECK(sampler.order(0) == first);
  CHECK(sampler.order(1) != first);
  int64_t widest = 0;
  for (size_t b = 0; b < 1000; b += 10) {
    int64_t low = 1000, high = 0;
    for (size_t i = b; i < b + 10; ++i) {
      low = std::min(low, lengths[static_cast<size_t>(first[i])]);
      high = std::max(high, lengths[static_cast<size_t>(first[i])]);
    }
    widest = std::max(widest, high - low);
  }
  CHECK(widest < 150);  // unsorted, most batches spread over more than 300
  std::vector<int64_t> odd = bucketed({5, 4, 3, 2, 1}, 2, RandomStream(7, 1)).order(0);
  CHECK(odd.back() == 0);  // the longest is what is left over
  std::sort(odd.begin(), odd.end());
  CHECK(odd == std::vector<int64_t>{0, 1, 2, 3, 4});
  holds(message([] { bucketed({1}, 0, RandomStream(7, 1)); }), "bucketed: batch_size 0 is not positive");
}

TEST_CASE("the real pen fonts") {
  if (!std::filesystem::exists("/usr/share/hershey-fonts/scripts.jhf")) {
    MESSAGE("skipped: the real pen fonts: the package hershey-fonts-data is not installed");
    return;
  }
  const StrokeCorpus corpus = draw_pen_fonts(40, 2, 5), again = draw_pen_fonts(20, 2, 5);
  CHECK(corpus.train.size() == 36);
  CHECK(corpus.train[7].label == again.train[7].label);
  CHECK(corpus.train[7].points.to_vector<float>() == again.train[7].points.to_vector<float>());
  for (const StrokeSequence& line : corpus.train) {
    CHECK(line.label.find(' ') != std::string::npos);
    CHECK(line.points.at<float>({line.steps() - 1, 2}) == 1);
  }
  for (const auto& entry : std::filesystem::directory_iterator("/usr/share/hershey-fonts"))
    if (entry.path().extension() == ".jhf") CHECK_NOTHROW(PenFont::load(entry.path()));
}

TEST_CASE("the real stroke tables") {
  const char* data = std::getenv("WEFT_TEST_DATA");
  const std::filesystem::path folder = std::filesystem::path(data == nullptr ? "" : data) / "strokes";
  if (data == nullptr || !std::filesystem::exists(folder / "cursive-bigbank3500-abs.tsv.gz")) {
    MESSAGE("skipped: the real stroke tables: WEFT_TEST_DATA has no folder strokes");
    return;
  }
  const StrokeCorpus lines = load_stroke_tsv(folder / "cursive-bigbank3500-abs.tsv.gz", StrokePoints::absolute);
  CHECK(lines.train.size() == 3150);
  CHECK(lines.train[0].label == "hlin");
  CHECK(lines.train[0].points.at<float>({1, 1}) == -100);
  const StrokeCorpus letters = load_stroke_tsv(folder / "omniglot-stroke3.tsv.gz", StrokePoints::offsets);
  CHECK(letters.train.size() == 30000);
  CHECK(letters.valid.size() == 1000);
  CHECK(letters.test.size() == 1000);
}

}  // namespace weft::test
