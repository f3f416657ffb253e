// datasets/stroke_files.h: drawings from text tables and NumPy archives
#pragma once
#include "datasets/strokes.h"

namespace weft::datasets {

enum class StrokePoints : uint8_t {
  offsets,  ///< stroke-3: (dx, dy, pen), pen 1 where the pen leaves the paper after the point
  absolute  ///< (x, y, pen), pen 1 where it goes on drawing after the point
};

/// A text table, plain or gzip, one drawing a line: part, label and points, with tabs between.
///   part     train, valid or test; `all` for lines that are cut 90 : 5 : 5 in their order
///   points   x,y,pen with spaces between, at least two, y growing downwards; the pen leaves the paper after the last
/// Throws FileError, with the line and the point: another number of fields, another part, a coordinate that is no
/// number within +-1e9, a pen that is neither 0 nor 1, a last point with the pen down (as in points of the other kind);
/// no drawings.
StrokeCorpus load_stroke_tsv(const std::filesystem::path& path, StrokePoints kind);

/// An npz archive of plain arrays: the points of all drawings of a part joined, `train` [points, 3] in stroke-3 form of
/// any number type, and `train_lengths`, integers [drawings]; the same for `valid` and `test`, which may be missing.
/// Throws FileError: as load_npz, for the pickled archives of QuickDraw and sketch-rnn with the line of Python that
/// makes a plain one of them; no `train`, shapes or lengths that do not fit, a pen that is neither 0 nor 1.
StrokeCorpus load_stroke_npz(const std::filesystem::path& path);

}  // namespace weft::datasets
