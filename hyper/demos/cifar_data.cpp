// hyper/demos/cifar_data.cpp: CIFAR-10 for a demo
#include "hyper/demos/cifar_data.h"

#include <fmt/format.h>

#include "datasets/cifar.h"
#include "datasets/image_folder.h"
#include "tensor/indexing.h"

namespace weft::demo {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kSide = 32, kClasses = 10, kValidationShare = 10, kPadding = 4;

/// A folder's pictures stand class by class: without another order the part that validates would be the last class.
datasets::LabelledImages shuffled(datasets::LabelledImages set) {
  RandomStream order(0, 0);
  const Tensor places = random_permutation(set.size(), order, cpu);
  set.images = index_select(set.images, 0, places);
  set.labels = index_select(set.labels, 0, places);
  return set;
}

datasets::TrainTest pictures(const std::string& demo, const fs::path& folder, datasets::DecodeImages decode) {
  const datasets::ImageFolderOptions options{.size = datasets::ImageSize{kSide, kSide}, .decode = decode};
  datasets::TrainTest files{.train = shuffled(datasets::load_image_folder(folder / "train", options)),
                            .test = datasets::load_image_folder(folder / "test", options),
                            .folder = folder};
  if (files.train.classes != files.test.classes || std::ssize(files.train.classes) != kClasses) {
    throw FileError(fmt::format("{}: '{}': {} classes to train, {} to test; hint: both need the same {} subfolders",
                                demo, folder.string(), files.train.classes.size(), files.test.classes.size(),
                                kClasses));
  }
  files.train.name = files.test.name = datasets::folder_name(folder);
  return files;
}

}  // namespace

ImageData cifar10_data(const std::string& demo, const Options& options, datasets::DecodeImages decode) {
  const fs::path folder = options.data;
  std::error_code ignored;  // what cannot be read is no folder of pictures; load_cifar10 says what is wrong with it
  const bool is_pictures = !options.data.empty() && fs::is_directory(folder / "train", ignored) &&
                           fs::is_directory(folder / "test", ignored);
  return split(is_pictures ? pictures(demo, folder, decode) : datasets::load_cifar10(options.data),
               {.demo = demo, .height = kSide, .width = kSide, .validation_share = kValidationShare}, options);
}

Tensor normalized_cifar10(const Tensor& images) {
  return datasets::normalize(images, {0.4914, 0.4822, 0.4465}, {0.2470, 0.2435, 0.2616});
}

datasets::Transform cifar10_augmentation() {
  const auto crop = [](const Tensor& images, RandomStream& augment) {
    return datasets::pad_and_random_crop(images, kPadding, augment);
  };
  const auto flip = [](const Tensor& images, RandomStream& augment) {
    return datasets::random_horizontal_flip(images, augment);
  };
  return datasets::compose({normalized_cifar10, crop, flip});
}

}  // namespace weft::demo
