// datasets/strokes.cpp: sequences of pen points, scaled, cut and put together
#include "datasets/strokes.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include "tensor/create.h"

namespace weft::datasets {
namespace {

constexpr TensorOptions kHostFloats{.dtype = DType::float32, .device = cpu};

void check_sequence(const StrokeSequence& sequence) {
  const Tensor& p = sequence.points;
  if (!p.defined() || p.rank() != 2 || p.size(1) != 3 || p.size(0) < 2 || p.dtype() != DType::float32 ||
      p.device() != cpu || !p.is_contiguous())
    fail("batch_strokes", "a sequence must be contiguous float32 [steps, 3] on the cpu with 2 steps or more, got {}",
         p.defined() ? p.describe() : "an undefined tensor");
}

/// Writes steps points of one sequence, from its first, and the points after them.
void fill_row(const StrokeSequence& sequence, const StrokeBatchOptions& options, RandomStream& random, float* inputs,
              float* targets) {
  const int64_t steps = sequence.steps();
  std::vector<float> points = sequence.points.to_vector<float>();
  double factor[2] = {1, 1};
  if (options.scaling > 0)
    for (double& f : factor) f = 1 + options.scaling * (2 * random.uniform() - 1);
  Tensor noise;
  if (options.dequantise > 0) noise = random_uniform({steps, 2}, random, -0.5, 0.5, kHostFloats);
  for (int64_t t = 0; t < steps; ++t) {
    for (int64_t axis = 0; axis < 2; ++axis) {
      double offset = factor[axis] * points[static_cast<size_t>(3 * t + axis)];
      if (noise.defined() && t > 0) offset += options.dequantise * noise.data<float>()[2 * t + axis];
      points[static_cast<size_t>(3 * t + axis)] = static_cast<float>(offset);
    }
  }
  std::copy(points.begin(), points.end() - 3, inputs);
  std::copy(points.begin() + 3, points.end(), targets);
}

}  // namespace

std::optional<double> coordinate_of(std::string_view text) {
  double value = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || stop != text.data() + text.size() || !(std::fabs(value) <= kFarthestPoint)) return {};
  return value;
}

StrokeSequence strokes_from(std::span<const PenPoint> points, std::string label) {
  const auto steps = static_cast<int64_t>(points.size());
  if (steps < 2) fail("strokes_from", "{} points make no drawing; hint: at least 2 are needed", steps);
  const Tensor offsets = empty({steps, 3}, kHostFloats);
  float* out = offsets.data<float>();
  for (int64_t t = 0; t < steps; ++t) {
    const PenPoint& before = points[static_cast<size_t>(std::max<int64_t>(t - 1, 0))];
    const PenPoint& point = points[static_cast<size_t>(t)];
    *out++ = static_cast<float>(point.x - before.x);
    *out++ = static_cast<float>(point.y - before.y);
    *out++ = point.lifted ? 1.0f : 0.0f;
  }
  return {offsets, std::move(label)};
}

void add_in_parts(StrokeCorpus& corpus, std::vector<StrokeSequence> all) {
  const auto part = static_cast<std::ptrdiff_t>(all.size() / 20);
  const auto from = std::make_move_iterator(all.begin()), to = std::make_move_iterator(all.end());
  corpus.train.insert(corpus.train.end(), from, to - 2 * part);
  corpus.valid.insert(corpus.valid.end(), to - 2 * part, to - part);
  corpus.test.insert(corpus.test.end(), to - part, to);
}

double offset_deviation(std::span<const StrokeSequence> sequences) {
  double count = 0, mean = 0, squares = 0;  // Welford's recurrence
  for (const StrokeSequence& sequence : sequences) {
    const float* points = sequence.points.data<float>();
    for (int64_t i = 3; i < sequence.points.numel(); ++i) {
      if (i % 3 == 2) continue;
      const double delta = points[i] - mean;
      mean += delta / ++count;
      squares += delta * (points[i] - mean);
    }
  }
  if (!(squares > 0)) fail("offset_deviation", "the {} offsets do not differ: there is nothing to scale by", count);
  return std::sqrt(squares / count);
}

std::vector<StrokeSequence> scaled(const std::vector<StrokeSequence>& sequences, double factor) {
  std::vector<StrokeSequence> result;
  for (const StrokeSequence& sequence : sequences) {
    result.push_back({sequence.points.clone(), sequence.label});
    float* points = result.back().points.data<float>();
    for (int64_t i = 0; i < result.back().points.numel(); ++i)
      if (i % 3 != 2) points[i] = static_cast<float>(points[i] * factor);
  }
  return result;
}

std::vector<StrokeSequence> at_least(std::vector<StrokeSequence> sequences, int64_t steps) {
  std::erase_if(sequences, [&](const StrokeSequence& sequence) { return sequence.steps() < steps; });
  return sequences;
}

StrokeBatch batch_strokes(const std::vector<StrokeSequence>& sequences, const StrokeBatchOptions& options,
                          RandomStream& random) {
  if (sequences.empty()) fail("batch_strokes", "there are no sequences");
  if (!(options.scaling >= 0) || !(options.dequantise >= 0))
    fail("batch_strokes", "scaling {} and dequantise {} must be 0 or more", options.scaling, options.dequantise);
  const auto n = static_cast<int64_t>(sequences.size());
  int64_t time = 0;
  for (const StrokeSequence& sequence : sequences) {
    check_sequence(sequence);
    time = std::max(time, sequence.steps() - 1);
  }
  const Tensor inputs = zeros({n, time, 3}, kHostFloats), targets = zeros({n, time, 3}, kHostFloats);
  const Tensor lengths = empty({n}, {.dtype = DType::int64, .device = cpu});
  for (int64_t i = 0; i < n; ++i) {
    const StrokeSequence& sequence = sequences[static_cast<size_t>(i)];
    RandomStream own = split_off(random);
    fill_row(sequence, options, own, inputs.data<float>() + i * time * 3, targets.data<float>() + i * time * 3);
    lengths.data<int64_t>()[i] = sequence.steps() - 1;
  }
  return {inputs.to(options.device), targets.to(options.device), lengths.to(options.device)};
}

Loader<StrokeBatch> stroke_loader(std::vector<StrokeSequence> sequences, BatchSampler sampler,
                                  const StrokeBatchOptions& options, uint64_t seed) {
  auto make = [sequences = std::move(sequences), options](std::span<const int64_t> indices, RandomStream& random) {
    std::vector<StrokeSequence> chosen;
    for (const int64_t index : indices) chosen.push_back(sequences.at(static_cast<size_t>(index)));
    return batch_strokes(chosen, options, random);
  };
  return {std::move(sampler), std::move(make), {.seed = seed}};
}

std::vector<int64_t> lengths_of(std::span<const StrokeSequence> sequences) {
  std::vector<int64_t> lengths;
  for (const StrokeSequence& sequence : sequences) lengths.push_back(sequence.steps());
  return lengths;
}

}  // namespace weft::datasets
