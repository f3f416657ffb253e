// tests/fuzz/strokes.h: what holds of all drawings that were read
#pragma once
#include <cmath>

#include "datasets/strokes.h"
#include "tests/fuzz/target.h"

namespace weft::fuzz {

inline void check(const datasets::StrokeSequence& sequence) {
  must(sequence.points.rank() == 2 && sequence.points.size(1) == 3 && sequence.steps() >= 2, "points are [steps, 3]");
  const float* point = sequence.points.data<float>();
  for (int64_t t = 0; t < sequence.steps(); ++t, point += 3) {
    must(std::fabs(point[0]) <= 2 * datasets::kFarthestPoint, "dx is near");  // from one end to the other
    must(std::fabs(point[1]) <= 2 * datasets::kFarthestPoint, "dy is near");
    must(point[2] == 0 || point[2] == 1, "a pen is up or down");
  }
}

inline void check(const datasets::StrokeCorpus& corpus) {
  for (const auto* part : {&corpus.train, &corpus.valid, &corpus.test})
    for (const datasets::StrokeSequence& sequence : *part) check(sequence);
}

}  // namespace weft::fuzz
