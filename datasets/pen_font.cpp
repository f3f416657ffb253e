// datasets/pen_font.cpp: letters from .jhf files, put beside each other and shaken
#include "datasets/pen_font.h"

#include <algorithm>
#include <cmath>

#include "datasets/corpus.h"
#include "datasets/derived_stream.h"
#include "datasets/file_error.h"
#include "datasets/input_file.h"
#include "tensor/file.h"

namespace weft::datasets {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPenFont = "PenFont";
constexpr size_t kHeader = 8;
constexpr char kOrigin = 'R', kFirst = ' ';
/// Fonts whose letters are single strokes.
constexpr std::array<const char*, 4> kFonts{"scripts", "rowmans", "cursive", "futural"};
constexpr std::string_view kWords =
    "the of and to in is that was for it with as his on be at by had not are but from or have they which one you were "
    "all her she there would their we him been has when who will no more if out so up said what its about than into "
    "them can only other time new some could these two may first then do any like my now over such our man me even "
    "most made after also did many off before must well back through years much where your way down should because "
    "long each just state those people too mr how little good world make very year still see own work men day get "
    "here old life both between being under three never know same last another while us might great go come since "
    "against right came take used himself few house use place during high without again home around small however "
    "found part school thought went say general once upon hand every does got united left number course war until "
    "always away something fact water less public put think almost end yet quickly jumped zebra";

/// The number in the columns of a line's head; -1: none.
int64_t columns(std::string_view text) {
  int64_t number = 0;
  bool any = false;
  for (const char c : text) {
    if (c == ' ' && !any) continue;
    if (c < '0' || c > '9') return -1;
    number = 10 * number + (c - '0');
    any = true;
  }
  return any ? number : -1;
}

/// Appends the way to `to`, cut into parts no longer than `step` when the pen is down.
void move_to(std::vector<PenPoint>& points, const PenPoint& to, double step) {
  if (!points.empty() && !points.back().lifted) {
    const PenPoint from = points.back();
    const double parts = std::ceil(std::hypot(to.x - from.x, to.y - from.y) / step);
    for (double i = 1; i < parts; ++i)
      points.push_back({from.x + (to.x - from.x) * i / parts, from.y + (to.y - from.y) * i / parts, false});
  }
  points.push_back(to);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

}  // namespace

PenFont PenFont::load(const fs::path& path) {
  PenFont font;
  const std::vector<std::string> lines = lines_of(read_file(kPenFont, path));
  if (lines.size() < font.glyphs_.size())
    fail_file(kPenFont, path, "{} lines are fewer than the {} letters of a font", lines.size(), font.glyphs_.size());
  bool drawn = false;
  for (size_t i = 0; i < font.glyphs_.size(); ++i) {
    const std::string& line = lines[i];
    const int64_t pairs = line.size() < kHeader ? -1 : columns(std::string_view(line).substr(5, 3));
    if (pairs < 1 || line.size() != kHeader + 2 * static_cast<size_t>(pairs))
      fail_file(kPenFont, path, "line {}: '{}' is no letter: a number, how many pairs follow, and the pairs", i + 1,
                shown(line));
    Glyph& glyph = font.glyphs_[i];
    glyph.left = line[kHeader] - kOrigin;
    glyph.right = line[kHeader + 1] - kOrigin;
    for (size_t at = kHeader + 2; at < line.size(); at += 2) {
      if (line.substr(at, 2) != " R")
        glyph.points.push_back({double(line[at] - kOrigin), double(line[at + 1] - kOrigin), false});
      else if (!glyph.points.empty()) glyph.points.back().lifted = true;
    }
    if (!glyph.points.empty()) glyph.points.back().lifted = true;
    drawn |= glyph.points.size() > 1;
  }
  if (!drawn) fail_file(kPenFont, path, "none of its letters has a line");
  return font;
}

StrokeSequence PenFont::draw(const std::string& text, const HandOptions& hand, RandomStream& random) const {
  std::vector<PenPoint> points;
  double pen = 0;
  for (const char c : text) {
    if (c < kFirst || c >= kFirst + std::ssize(glyphs_))
      fail("PenFont::draw", "byte {} of the text is no letter of the font; hint: ' ' to '~'",
           static_cast<int>(static_cast<unsigned char>(c)));
    const Glyph& glyph = glyphs_[static_cast<size_t>(c - kFirst)];
    const double size = std::max(0.3, 1 + hand.size * random.normal()), height = hand.baseline * random.normal();
    for (const PenPoint& point : glyph.points)
      move_to(points, {pen + size * (point.x - glyph.left), height + size * point.y, point.lifted}, hand.step);
    pen += size * (glyph.right - glyph.left);
  }
  if (points.size() < 2) fail("PenFont::draw", "the text '{}' has nothing to draw", shown(text));
  const double slant = hand.slant * random.normal();
  for (PenPoint& point : points) {
    point.x += -slant * point.y + hand.wobble * random.normal();
    point.y += hand.wobble * random.normal();
  }
  return strokes_from(points, text);
}

StrokeCorpus draw_pen_fonts(int64_t lines, int64_t words, uint64_t seed, const fs::path& folder) {
  std::vector<PenFont> fonts;
  for (const char* name : kFonts) {
    const fs::path path = folder / fmt::format("{}.jhf", name);
    std::error_code ignored;
    if (!fs::exists(path, ignored))
      fail_file("draw_pen_fonts", path, "is missing; hint: install the package hershey-fonts-data");
    fonts.push_back(PenFont::load(path));
  }
  const std::vector<std::string> vocabulary = words_of(kWords);
  std::vector<StrokeSequence> all;
  for (int64_t i = 0; i < lines; ++i) {
    RandomStream random = derived_stream(seed, 0, static_cast<uint64_t>(i));
    std::string text;
    for (int64_t w = 0; w < words; ++w)
      text += (w > 0 ? " " : "") + vocabulary[static_cast<size_t>(random.below(std::ssize(vocabulary)))];
    all.push_back(fonts[static_cast<size_t>(i) % fonts.size()].draw(text, {}, random));
  }
  StrokeCorpus corpus{.name = "pen fonts of A. V. Hershey", .folder = folder};
  add_in_parts(corpus, std::move(all));
  return corpus;
}

}  // namespace weft::datasets
