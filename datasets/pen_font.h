// datasets/pen_font.h: text drawn with the pen fonts of A. V. Hershey (1967), as an unsteady hand would
#pragma once
#include <array>

#include "datasets/strokes.h"

namespace weft::datasets {

/// How unsteady the hand is. Letters are 21 units high; all deviations are of normal distributions around 0.
struct HandOptions {
  double step = 3.5;      ///< longest offset between two points; longer lines are cut into equal parts
  double slant = 0.12;    ///< deviation of how far a line of text leans: x moves by so much for each unit of y
  double size = 0.08;     ///< deviation of a letter's size, as a part of it
  double baseline = 0.6;  ///< deviation of a letter's height above the line
  double wobble = 0.25;   ///< deviation of each point
};

/// A font of single strokes in James Hurt's format (.jhf): line i is the letter of ASCII code 31 + i, with its number
/// in five columns, the number of its pairs of characters in three, then the pairs: left and right edge, and points
/// with x and y as distances from 'R'; the pair " R" lifts the pen.
class PenFont {
 public:
  /// Throws FileError, with the line: not that format, fewer than 95 letters, nothing drawn in any.
  static PenFont load(const std::filesystem::path& path);

  /// Throws: a character outside ' ' .. '~'; a text that has nothing to draw.
  StrokeSequence draw(const std::string& text, const HandOptions& hand, RandomStream& random) const;

 private:
  struct Glyph {
    double left = 0, right = 0;
    std::vector<PenPoint> points;
  };
  std::array<Glyph, 95> glyphs_;
};

/// `lines` lines of `words` common English words each, drawn with fonts of the package hershey-fonts-data in turn and
/// cut 90 : 5 : 5. Line i depends on `seed` and i alone.  Throws FileError: the fonts are not there.
StrokeCorpus draw_pen_fonts(int64_t lines, int64_t words, uint64_t seed,
                            const std::filesystem::path& folder = "/usr/share/hershey-fonts");

}  // namespace weft::datasets
