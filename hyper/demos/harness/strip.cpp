// hyper/demos/harness/strip.cpp: letters with strengths below them
#include "hyper/demos/harness/strip.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "hyper/demos/harness/report.h"

namespace weft::demo {
namespace {

constexpr size_t kLettersALine = 90;
constexpr int kCell = 10, kLetterHeight = 15, kBoxHeight = 8, kLineGap = 8, kMargin = 14;
/// Red, from faint to strong, among a terminal's 256 colours.
constexpr int kTerminalReds[] = {255, 224, 217, 210, 203, 196, 160, 124};

std::string label(const std::string& text, double y) {
  return fmt::format("<text x=\"0\" y=\"{:.0f}\" font-size=\"8\">{}</text>\n", y, escaped(text));
}

std::string box(double x, double y, double width, double strength) {
  return fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.0f}\" width=\"{:.2f}\" height=\"{}\" fill=\"#c00\" fill-opacity=\"{:.2f}\"/>", x, y,
      width, kBoxHeight - 1, strength);
}

/// Letters [begin, end) that stand in one line.
struct Line {
  size_t begin, end;
};

std::vector<Line> lines_of(const Strip& strip) {
  std::vector<Line> lines;
  size_t begin = 0;
  for (size_t i = 0; i < strip.letters.size(); ++i) {
    if (strip.letters[i] != "\n" && i + 1 - begin < kLettersALine) continue;
    lines.push_back({begin, i + 1});
    begin = i + 1;
  }
  if (begin < strip.letters.size()) lines.push_back({begin, strip.letters.size()});
  return lines;
}

/// Each row's values as parts of its largest, `count` of them.
std::vector<StripRow> strengths(std::vector<StripRow> rows, size_t count) {
  for (StripRow& row : rows) {
    row.values.resize(count);
    if (count == 0) continue;
    const double most = *std::max_element(row.values.begin(), row.values.end());
    for (double& value : row.values) value = most > 0 ? std::clamp(value / most, 0.0, 1.0) : 0;
  }
  return rows;
}

std::string shown(const std::string& letter) { return letter == "\n" ? "\xE2\x86\xB5" : letter; }  // an arrow

}  // namespace

std::string svg_of(const Strip& strip) {
  const std::vector<Line> lines = lines_of(strip);
  const std::vector<StripRow> rows = strengths(strip.rows, strip.letters.size());
  const int block = kLetterHeight + kBoxHeight * static_cast<int>(rows.size()) + kLineGap;
  const int width = kMargin + kCell * static_cast<int>(kLettersALine), height = block * static_cast<int>(lines.size());
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "font-family=\"monospace\" font-size=\"13\">\n",
      width, height);
  for (size_t l = 0; l < lines.size(); ++l) {
    const int top = block * static_cast<int>(l);
    for (size_t r = 0; r < rows.size(); ++r) {
      svg += label(rows[r].label, top + kLetterHeight + kBoxHeight * static_cast<int>(r + 1) - 1);
    }
    for (size_t i = lines[l].begin; i < lines[l].end; ++i) {
      const int x = kMargin + kCell * static_cast<int>(i - lines[l].begin);
      svg += fmt::format("<text x=\"{}\" y=\"{}\">{}</text>", x, top + kLetterHeight - 4,
                         escaped(shown(strip.letters[i])));
      for (size_t r = 0; r < rows.size(); ++r) {
        svg += box(x, top + kLetterHeight + kBoxHeight * static_cast<int>(r), kCell - 1, rows[r].values[i]);
      }
      svg += "\n";
    }
  }
  return svg + "</svg>\n";
}

std::string svg_boxes_of(const std::vector<StripRow>& rows, double left, double top, double width) {
  std::string svg;
  for (size_t r = 0; r < rows.size(); ++r) {
    const double y = top + kBoxHeight * static_cast<double>(r);
    const std::vector<double> values = strengths({rows[r]}, rows[r].values.size())[0].values;
    const double step = width / static_cast<double>(std::max<size_t>(values.size(), 1));
    svg += label(rows[r].label, y + kBoxHeight - 1);
    for (size_t i = 0; i < values.size(); ++i) svg += box(left + step * static_cast<double>(i), y, step, values[i]);
    svg += "\n";
  }
  return svg;
}

std::string terminal_text_of(const Strip& strip) {
  const std::vector<StripRow> rows = strengths(strip.rows, strip.letters.size());
  std::string text;
  for (const Line& line : lines_of(strip)) {
    text += "  ";
    for (size_t i = line.begin; i < line.end; ++i) text += shown(strip.letters[i]);
    text += "\n";
    for (const StripRow& row : rows) {
      text += row.label + " ";
      for (size_t i = line.begin; i < line.end; ++i) {
        const auto step = static_cast<size_t>(row.values[i] * (std::size(kTerminalReds) - 1) + 0.5);
        text += fmt::format("\x1b[48;5;{}m ", kTerminalReds[step]);
      }
      text += "\x1b[0m\n";
    }
  }
  return text;
}

bool stdout_takes_colours() {
  const char* const no_colour = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) && (no_colour == nullptr || *no_colour == '\0');
}

}  // namespace weft::demo
