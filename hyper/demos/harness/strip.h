// hyper/demos/harness/strip.h: letters with a row of strengths below each, as in the paper's figures 4 and 7
#pragma once
#include <string>
#include <vector>

namespace weft::demo {

/// One number a letter; drawn from none to the row's own largest.
struct StripRow {
  std::string label;
  std::vector<double> values;
};

struct Strip {
  std::vector<std::string> letters;  ///< UTF-8; "\n" begins a new line
  std::vector<StripRow> rows;
};

/// Lines of letters, below each a coloured box for each row.
std::string svg_of(const Strip& strip);
/// Boxes alone, as a part of an SVG: all values of a row side by side over `width`, row below row from (left, top) on.
std::string svg_boxes_of(const std::vector<StripRow>& rows, double left, double top, double width);
/// The same as svg_of for a terminal of 256 colours.
std::string terminal_text_of(const Strip& strip);
/// Whether stdout is a terminal whose user has not asked for no colours: NO_COLOR is unset or empty (no-color.org).
bool stdout_takes_colours();

}  // namespace weft::demo
