// datasets/mnist.h: MNIST and its drop-in twin Fashion-MNIST
#pragma once
#include "datasets/dataset.h"

namespace weft::datasets {

/// The four IDX files, with or without .gz, in a folder itself or its subfolder mnist/. Fashion-MNIST: fashion-mnist/.
/// 60,000 and 10,000 images; recognised by their labels (datasets/known_sets.h), else with the classes "0" to "9".
/// Throws FileError: not found (lists where it looked and how to get it), a folder that cannot be read, counts or
/// labels that do not fit, the other twin's files.
TrainTest load_mnist(const std::string& data = {});
TrainTest load_fashion_mnist(const std::string& data = {});
/// The first set found in mnist/ or a folder itself, else in fashion-mnist/ (as the distribution's package
/// dataset-fashion-mnist has it).
TrainTest load_mnist_or_fashion(const std::string& data = {});

}  // namespace weft::datasets
