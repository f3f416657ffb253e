// bench/micro/training_step.cpp: a whole step of the MNIST network at batch 128: forward, loss, backward, Adam
#include <memory>

#include "bench/training.h"
#include "hyper/models/mnist_cnn.h"
#include "nn/nn.h"
#include "tensor/create.h"

namespace weft::bench {
namespace {

constexpr int64_t kBatchSize = 128;

/// Model, optimiser and one batch; every step trains on it.
struct CnnTraining : Training {
  CnnTraining(hyper::Kernel kernel, Device device) : streams(1), cnn(kernel, streams.init) {
    cnn.to(device);
    adam = std::make_unique<nn::optim::Adam>(cnn.parameters());
    images = random_uniform({kBatchSize, 1, 28, 28}, streams.sample, 0, 1, {.device = device});
    std::vector<int64_t> classes(kBatchSize);
    for (int64_t i = 0; i < kBatchSize; ++i) classes[i] = i % 10;
    labels = from_data(classes, {kBatchSize}, device);
  }
  const nn::Module& model() const override { return cnn; }
  TensorMap inputs() const override { return {{"images", images}, {"labels", labels}}; }

  void step() override {
    cnn.zero_grad();
    Tape tape;
    const Variable cross_entropy = nn::cross_entropy(cnn(images), labels);
    tape.backward(cross_entropy);
    adam->step();
    loss = cross_entropy.value();
  }

  Streams streams;
  hyper::MnistCnn cnn;
  std::unique_ptr<nn::optim::Adam> adam;
  Tensor images, labels;
};

Case training(const std::string& name, hyper::Kernel kernel) {
  const auto prepare = [kernel](Device device) { return training_work(std::make_shared<CnnTraining>(kernel, device)); };
  return {.name = "training_step/" + name, .prepare = prepare, .tolerance = 1e-4};
}

const Family training_step_family([] {
  return std::vector<Case>{training("cnn_128", hyper::Kernel::free),
                           training("hyper_cnn_128", hyper::Kernel::generated)};
});

}  // namespace
}  // namespace weft::bench
