// datasets/mnist.h: MNIST and its drop-in twin Fashion-MNIST
#pragma once
#include "datasets/dataset.h"

namespace weft::datasets {

struct TrainTest {
  LabelledImages train;  ///< 60,000
  LabelledImages test;   ///< 10,000
};

/// The four IDX files, with or without .gz, in a folder itself or its subfolder mnist/. Fashion-MNIST: fashion-mnist/.
/// Throws FileError: not found (lists where it looked and how to get it), counts or labels that do not fit.
TrainTest load_mnist(const std::string& data = {});
TrainTest load_fashion_mnist(const std::string& data = {});
/// MNIST when it is found, else Fashion-MNIST (the distribution's package dataset-fashion-mnist).
TrainTest load_mnist_or_fashion(const std::string& data = {});

}  // namespace weft::datasets
