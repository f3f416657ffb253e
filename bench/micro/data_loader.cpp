// bench/micro/data_loader.cpp: a batch of 1000 shuffled images of MNIST's size, gathered and scaled to floats
#include <memory>
#include <optional>

#include "bench/case.h"
#include "datasets/data_loader.h"
#include "tensor/create.h"

namespace weft::bench {
namespace {

constexpr int64_t kImages = 8000, kLoaderBatch = 1000, kSize = 28;

/// Batch after batch, epoch after epoch.
struct Epochs {
  explicit Epochs(Device device)
      : streams(1),
        loader({.images = random_uniform({kImages, 1, kSize, kSize}, streams.sample, 0, 256).to(DType::uint8),
                .labels = zeros({kImages}, {.dtype = DType::int64})},
               {.batch_size = kLoaderBatch, .device = device}, &streams.shuffle) {}

  void step() {
    if (batch) ++*batch;
    if (!batch || *batch == loader.end()) batch.emplace(loader.begin());
  }

  Streams streams;
  datasets::DataLoader loader;
  std::optional<datasets::Loader<datasets::Batch>::Iterator> batch;
};

const Family data_loader_family([] {
  const auto prepare = [](Device device) {
    const auto run = std::make_shared<Epochs>(device);
    return Work{[run] { run->step(); }, [run] { return std::vector<Tensor>{(**run->batch).images}; }};
  };
  return std::vector<Case>{{.name = "data_loader/1000x1x28x28", .prepare = prepare}};
});

}  // namespace
}  // namespace weft::bench
