// hyper/demos/image_data.cpp: cuts a set into parts, and says what it is
#include "hyper/demos/image_data.h"

#include <fmt/format.h>

#include <algorithm>

#include "datasets/mnist.h"
#include "hyper/demos/harness/digest.h"
#include "nn/grouped.h"

namespace weft::demo {
namespace {

constexpr int64_t kMnistSide = 28, kMnistValidationShare = 12;

void check_usable(const datasets::TrainTest& files, const ImageNeeds& needs) {
  const auto refuse = [&](const std::string& fact) {
    throw FileError(fmt::format("{}: '{}': {}", needs.demo, files.folder.string(), fact));
  };
  const int64_t share = needs.validation_share;
  if (files.train.size() < share) {
    refuse(fmt::format("{} training images; hint: at least {}, as one in {} is kept to validate", files.train.size(),
                       share, share));
  }
  if (files.test.size() == 0) refuse("no test images");
  const int64_t height = files.train.images.size(2), width = files.train.images.size(3);
  if (height != needs.height || width != needs.width) {
    refuse(fmt::format("images of {} x {} pixels; hint: the network takes {} x {}", height, width, needs.height,
                       needs.width));
  }
}

}  // namespace

ImageData split(const datasets::TrainTest& files, const ImageNeeds& needs, const Options& options) {
  check_usable(files, needs);
  const int64_t size = files.train.size(), cut = size - size / needs.validation_share;
  const auto limited = [&](const datasets::LabelledImages& set, int64_t batch_size) {
    if (options.limit_batches == 0) return set;
    return datasets::take(set, 0, std::min(set.size(), options.limit_batches * batch_size));
  };
  ImageData data{limited(datasets::take(files.train, 0, cut), options.batch_size),
                 limited(datasets::take(files.train, cut, size), kEvaluationBatch),
                 limited(files.test, kEvaluationBatch), files.folder, files.recognised};
  data.digest = digest_of({{"train.images", data.train.images},
                           {"train.labels", data.train.labels},
                           {"validation.images", data.validation.images},
                           {"validation.labels", data.validation.labels},
                           {"test.images", data.test.images},
                           {"test.labels", data.test.labels}});
  return data;
}

ImageData mnist_data(const std::string& demo, const Options& options) {
  return split(datasets::load_mnist_or_fashion(options.data),
               {.demo = demo, .height = kMnistSide, .width = kMnistSide, .validation_share = kMnistValidationShare},
               options);
}

DataDescription description_of(const ImageData& data) {
  return {data.train.name,
          data.folder,
          {{"train", data.train.size()}, {"validation", data.validation.size()}, {"test", data.test.size()}},
          data.digest};
}

void print_data(const ImageData& data, const std::string& otherwise) {
  using nn::grouped;
  fmt::print("data        {}: {} to train, {} to validate, {} to test\n", data.train.name, grouped(data.train.size()),
             grouped(data.validation.size()), grouped(data.test.size()));
  fmt::print("            from '{}'\n", data.folder.string());
  if (!data.recognised) fmt::print("            {}\n", otherwise);
  fmt::print("sha256      {}\n", data.digest);
}

}  // namespace weft::demo
