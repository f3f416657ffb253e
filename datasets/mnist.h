// datasets/mnist.h: MNIST and its drop-in twin Fashion-MNIST
#pragma once
#include "datasets/dataset.h"

namespace weft::datasets {

struct TrainTest {
  LabelledImages train;  ///< 60,000
  LabelledImages test;   ///< 10,000
  /// The labels are those of MNIST or Fashion-MNIST (datasets/known_sets.h). A set that is not recognised has the name
  /// of its folder and the classes "0" to "9".
  bool recognised = false;
  std::filesystem::path folder = {};  ///< where the files are
};

/// The four IDX files, with or without .gz, in a folder itself or its subfolder mnist/. Fashion-MNIST: fashion-mnist/.
/// Throws FileError: not found (lists where it looked and how to get it), a folder that cannot be read, counts or
/// labels that do not fit, the other twin's files.
TrainTest load_mnist(const std::string& data = {});
TrainTest load_fashion_mnist(const std::string& data = {});
/// The first set found in mnist/ or a folder itself, else in fashion-mnist/ (as the distribution's package
/// dataset-fashion-mnist has it).
TrainTest load_mnist_or_fashion(const std::string& data = {});

}  // namespace weft::datasets
