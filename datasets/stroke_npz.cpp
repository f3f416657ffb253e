// datasets/stroke_npz.cpp: joined points and the lengths of the drawings
#include <cmath>

#include "datasets/file_error.h"
#include "datasets/stroke_files.h"
#include "tensor/create.h"
#include "tensor/npz.h"

namespace weft::datasets {
namespace {

constexpr std::string_view kLoadStrokeNpz = "load_stroke_npz";

TensorMap load_plain(const std::filesystem::path& path) {
  try {
    return load_npz(path, cpu);
  } catch (const FileError& error) {
    if (std::string_view(error.what()).find("a pickle") == std::string_view::npos) throw;
    throw FileError(
        fmt::format("{}; hint: python3 -c \"import numpy as n; d = n.load('{}', allow_pickle=True, encoding='latin1'); "
                    "n.savez('plain.npz', **{{k: n.concatenate(d[k]).astype('f4') for k in d}}, "
                    "**{{k + '_lengths': [len(s) for s in d[k]] for k in d}})\" makes plain.npz, which can be read",
                    error.what(), path.string()));
  }
}

std::vector<StrokeSequence> part_of(const TensorMap& arrays, const std::string& part,
                                    const std::filesystem::path& path) {
  const auto points = arrays.find(part), lengths = arrays.find(part + "_lengths");
  if (points == arrays.end() && part != "train") return {};
  if (points == arrays.end() || lengths == arrays.end())
    fail_file(kLoadStrokeNpz, path,
              "has no array '{}'; hint: joined points '{}' [points, 3] and '{}_lengths' [drawings]",
              points == arrays.end() ? part : part + "_lengths", part, part);
  const Tensor &p = points->second, &n = lengths->second;
  if (p.rank() != 2 || p.size(1) != 3 || p.dtype() == DType::boolean)
    fail_file(kLoadStrokeNpz, path, "'{}' must be numbers [points, 3], it is {}", part, p.describe());
  if (n.rank() != 1 || !is_integer(n.dtype()))
    fail_file(kLoadStrokeNpz, path, "'{}_lengths' must be integers [drawings], it is {}", part, n.describe());
  const Tensor numbers = p.to(DType::float32).contiguous();
  std::vector<StrokeSequence> sequences;
  int64_t first = 0;
  for (const int64_t length : n.to_vector<int64_t>()) {
    if (length < 2 || length > numbers.size(0) - first)
      fail_file(kLoadStrokeNpz, path, "drawing {} of '{}' has {} points, and {} are left; hint: at least 2 are needed",
                sequences.size(), part, length, numbers.size(0) - first);
    sequences.push_back({numbers.slice(0, first, first + length).clone(), ""});
    for (int64_t t = 0; t < length; ++t) {
      const float* point = sequences.back().points.data<float>() + 3 * t;
      const bool near = std::fabs(point[0]) <= kFarthestPoint && std::fabs(point[1]) <= kFarthestPoint;
      if (!near || (point[2] != 0 && point[2] != 1))
        fail_file(kLoadStrokeNpz, path,
                  "point {} of drawing {} of '{}' is ({}, {}, {}); hint: offsets within +-1e9 and a pen of 0 or 1", t,
                  sequences.size() - 1, part, point[0], point[1], point[2]);
    }
    first += length;
  }
  if (first != numbers.size(0))
    fail_file(kLoadStrokeNpz, path, "the lengths of '{}' sum to {}, there are {} points", part, first, numbers.size(0));
  return sequences;
}

}  // namespace

StrokeCorpus load_stroke_npz(const std::filesystem::path& path) {
  const TensorMap arrays = load_plain(path);
  StrokeCorpus corpus{.name = path.filename().string(), .folder = path.parent_path()};
  corpus.train = part_of(arrays, "train", path);
  corpus.valid = part_of(arrays, "valid", path);
  corpus.test = part_of(arrays, "test", path);
  return corpus;
}

}  // namespace weft::datasets
