// datasets/strokes.h: handwriting and drawings as the pen made them, and batches of them
#pragma once
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "datasets/loader.h"
#include "tensor/tensor.h"

namespace weft::datasets {

/// One drawing in the form known as stroke-3 (Ha and Eck 2017).
struct StrokeSequence {
  /// float32 [steps, 3] on the cpu: (dx, dy, pen). dx and dy lead from the point before to this one, y grows downwards;
  /// pen is 1 where the pen leaves the paper after this point, else 0.
  Tensor points;
  std::string label;  ///< what was written; may be empty
  int64_t steps() const { return points.size(0); }
};

/// Drawings in their three parts.
struct StrokeCorpus {
  std::string name;
  std::vector<StrokeSequence> train, valid, test;
  std::filesystem::path folder = {};
};

/// Loaders refuse larger coordinates: float32 holds no difference of such places.
inline constexpr double kFarthestPoint = 1e9;
/// The number that is all of `text`; nothing where there is another text or a place further off.
std::optional<double> coordinate_of(std::string_view text);

/// Where the pen is.
struct PenPoint {
  double x, y;
  bool lifted;  ///< the pen leaves the paper here
};
/// Places become offsets; the first point's offset is (0, 0).  Throws: fewer than two points.
StrokeSequence strokes_from(std::span<const PenPoint> points, std::string label);

/// Drawings that came in one piece cut 90 : 5 : 5 in their order, and added to the corpus.
void add_in_parts(StrokeCorpus& corpus, std::vector<StrokeSequence> all);

/// The standard deviation of all dx and dy together but the first of each sequence, about their mean: dividing by one
/// number keeps the shape of letters.  Throws: no second point, or all the same.
double offset_deviation(std::span<const StrokeSequence> sequences);
/// dx and dy times `factor`.
std::vector<StrokeSequence> scaled(const std::vector<StrokeSequence>& sequences, double factor);
/// Those of at least `steps` points.
std::vector<StrokeSequence> at_least(std::vector<StrokeSequence> sequences, int64_t steps);

/// Sequences of different lengths, filled up with zeros.
struct StrokeBatch {
  Tensor inputs;   ///< float32 [n, time, 3]
  Tensor targets;  ///< float32 [n, time, 3]: the point after each input
  Tensor lengths;  ///< int64 [n]: how many steps of each are true
};

struct StrokeBatchOptions {
  double scaling = 0;     ///< dx and dy of each sequence are multiplied by one factor each, U(1 - scaling, 1 + scaling)
  double dequantise = 0;  ///< then U(-1/2, 1/2) times this is added to each: integer data has no density without it
                          ///< (Theis, van den Oord and Bethge 2016)
  Device device = default_device();
};

/// Throws: no sequences; one of fewer than two points or of another shape; options below 0.
StrokeBatch batch_strokes(const std::vector<StrokeSequence>& sequences, const StrokeBatchOptions& options,
                          RandomStream& random);

/// Walks sequences epoch by epoch. Factors and noise depend on `seed`, epoch and batch alone.
Loader<StrokeBatch> stroke_loader(std::vector<StrokeSequence> sequences, BatchSampler sampler,
                                  const StrokeBatchOptions& options, uint64_t seed);

/// For a sampler of sequences: their lengths.
std::vector<int64_t> lengths_of(std::span<const StrokeSequence> sequences);

}  // namespace weft::datasets
