// datasets/dataset.h: images with labels, and where files are looked for
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace weft::datasets {

/// A set that fits in memory.
struct LabelledImages {
  std::string name;  ///< "MNIST", "Fashion-MNIST", or a folder's name
  Tensor images;     ///< uint8 [n, c, h, w]
  Tensor labels;     ///< int64 [n]
  std::vector<std::string> classes;
  int64_t size() const { return images.defined() ? images.size(0) : 0; }
};

/// Both parts of a published set.
struct TrainTest {
  LabelledImages train, test;
  /// The contents are those of the set that was asked for. One that is not recognised has the name of its folder.
  bool recognised = false;
  std::filesystem::path folder = {};  ///< where the files are
};

/// A part of a set: rows first .. last - 1. Shares memory.  Throws: out of range.
LabelledImages take(const LabelledImages& set, int64_t first, int64_t last);

/// The last part of a folder's name: "data/mnist/" and "data/mnist/." are called mnist too, and "." by its full name.
std::string folder_name(const std::filesystem::path& folder);

/// Folders to search, in order: `data` when given (then only that), else $WEFT_DATA, ./data, and the system's folder of
/// packaged data sets (/usr/share/datasets).  Throws FileError: `data` or $WEFT_DATA names a folder that cannot be
/// read.
std::vector<std::filesystem::path> search_path(const std::string& data = {});

}  // namespace weft::datasets
