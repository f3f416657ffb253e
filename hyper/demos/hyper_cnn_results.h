// hyper/demos/hyper_cnn_results.h: what hyper-cnn tells and draws; the training itself stands in hyper_cnn.cpp
#pragma once
#include <memory>

#include "hyper/demos/classification.h"
#include "hyper/demos/image_data.h"
#include "hyper/models/mnist_cnn.h"

namespace weft::demo {

/// One network and all there is to tell about it.
struct Contender {
  std::string name;  ///< in tables
  std::string file;  ///< in file names and metrics
  hyper::Kernel kernel;
  std::unique_ptr<hyper::MnistCnn> model = {};
  int64_t best_epoch = 0;
  double seconds_per_epoch = 0;
  Score test = {};
};

void print_introduction(const std::vector<Contender>& contenders, const ImageData& data, const Options& options);

/// The table, kernels.png, mistakes.png with mistakes.txt, report.html; the folder's path.
void report_results(const std::vector<Contender>& contenders, const ImageData& data, const RunFolder& folder);

}  // namespace weft::demo
