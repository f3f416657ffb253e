// bench/micro/training_step.cpp: a whole step of the MNIST network at batch 128: forward, loss, backward, Adam
#include <memory>

#include "bench/case.h"
#include "hyper/models/mnist_cnn.h"
#include "nn/nn.h"
#include "tensor/create.h"

namespace weft::bench {
namespace {

constexpr int64_t kBatchSize = 128;

/// Model, optimiser and one batch; every step trains on it.
struct Training {
  Training(hyper::Kernel kernel, Device device) : streams(1), model(kernel, streams.init) {
    model.to(device);
    parameters = model.parameters();
    adam = std::make_unique<nn::optim::Adam>(parameters);
    images = random_uniform({kBatchSize, 1, 28, 28}, streams.sample, 0, 1, {.device = device});
    std::vector<int64_t> classes(kBatchSize);
    for (int64_t i = 0; i < kBatchSize; ++i) classes[i] = i % 10;
    labels = from_data(classes, {kBatchSize}, device);
  }

  void step() {
    Tape tape;
    const Variable loss = nn::cross_entropy(model(images), labels);
    tape.backward(loss);
    results = {loss.value()};
    for (const Variable& parameter : parameters) results.push_back(parameter.grad());
    adam->step();
    adam->zero_grad();
  }

  Streams streams;
  hyper::MnistCnn model;
  std::vector<Variable> parameters;
  std::unique_ptr<nn::optim::Adam> adam;
  Tensor images, labels;
  std::vector<Tensor> results;  ///< the loss and every gradient of the last step
};

Case training(const std::string& name, hyper::Kernel kernel) {
  const auto prepare = [kernel](Device device) {
    const auto run = std::make_shared<Training>(kernel, device);
    return Work{[run] { run->step(); }, [run] { return run->results; }};
  };
  return {.name = "training_step/" + name, .prepare = prepare, .tolerance = 1e-4};
}

const Family training_step_family([] {
  return std::vector<Case>{training("cnn_128", hyper::Kernel::free),
                           training("hyper_cnn_128", hyper::Kernel::generated)};
});

}  // namespace
}  // namespace weft::bench
