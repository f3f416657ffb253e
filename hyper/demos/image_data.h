// hyper/demos/image_data.h: the images a demo trains, validates and tests on
#pragma once
#include "datasets/dataset.h"
#include "hyper/demos/classification.h"
#include "hyper/demos/harness/run_folder.h"

namespace weft::demo {

struct ImageData {
  datasets::LabelledImages train, validation, test;
  std::filesystem::path folder = {};
  bool recognised = true;  ///< the published set; else it has the name of its folder
  std::string digest = {};
};

/// What a demo needs of its set, and how it is cut.
struct ImageNeeds {
  std::string demo;          ///< named in errors
  int64_t height, width;     ///< of the images
  int64_t validation_share;  ///< the last one of so many training images is kept to validate
};

/// Cuts a set into the three parts and --limit-batches off each of them.
/// Throws FileError: too few images, or of another size.
ImageData split(const datasets::TrainTest& files, const ImageNeeds& needs, const Options& options);

/// MNIST or Fashion-MNIST, one in twelve to validate: 55,000, 5,000 and 10,000.  Throws FileError: as above, not found.
ImageData mnist_data(const std::string& demo, const Options& options);

DataDescription description_of(const ImageData& data);
/// Name, sizes, folder and digest on stdout; `otherwise` is said of a set that is not recognised.
void print_data(const ImageData& data, const std::string& otherwise);

}  // namespace weft::demo
