// bench/micro/recurrent_step.cpp: a whole step of a recurrent layer at the sizes of the paper's character models:
// 128 sequences of 100 steps, forward, a loss, backward
#include <memory>

#include "bench/training.h"
#include "hyper/lstm.h"
#include "nn/nn.h"
#include "nn/recurrent/layer_norm_lstm.h"
#include "nn/recurrent/lstm.h"

namespace weft::bench {
namespace {

constexpr int64_t kSequences = 128, kSteps = 100, kInput = 50, kHidden = 256;
/// Few, for reference is slow, but enough for the kernel that is timed: cpu goes fewer than four steps another way.
constexpr int64_t kCheckedSteps = 5;

/// A layer and one batch. The loss is half the mean square of the outputs: nearly free, and its gradient is not 0.
struct RecurrentTraining : Training {
  RecurrentTraining(const std::function<std::unique_ptr<nn::RecurrentLayer>(Streams&)>& make, int64_t time,
                    Device device)
      : streams(1), layer(make(streams)) {
    layer->to(device);
    x = normal({kSequences, time, kInput}, device, 2);
  }
  const nn::Module& model() const override { return *layer; }
  TensorMap inputs() const override { return {{"x", x}}; }

  void step() override {
    layer->zero_grad();
    Tape tape;
    const Variable y = (*layer)(x).output;
    const Variable half_mean_square = mean(square(y)) * 0.5;
    tape.backward(half_mean_square);
    loss = half_mean_square.value();
  }

  Streams streams;
  std::unique_ptr<nn::RecurrentLayer> layer;
  Tensor x;
};

Case recurrent(const std::string& name, std::function<std::unique_ptr<nn::RecurrentLayer>(Streams&)> make) {
  const auto steps = [make = std::move(make)](int64_t time) {
    return
        [make, time](Device device) { return training_work(std::make_shared<RecurrentTraining>(make, time, device)); };
  };
  return {.name = "recurrent_step/" + name,
          .prepare = steps(kSteps),
          .prepare_check = steps(kCheckedSteps),
          .tolerance = 1e-4};
}

const Family recurrent_step_family([] {
  return std::vector<Case>{
      recurrent("lstm_256",
                [](Streams& s) { return std::make_unique<nn::LSTM>(kInput, kHidden, nn::RecurrentOptions{}, s); }),
      recurrent(
          "layer_norm_lstm_256",
          [](Streams& s) { return std::make_unique<nn::LayerNormLSTM>(kInput, kHidden, nn::RecurrentOptions{}, s); }),
      recurrent("hyper_lstm_256", [](Streams& s) {
        return std::make_unique<hyper::HyperLSTM>(kInput, kHidden, nn::RecurrentOptions{}, s,
                                                  hyper::HyperLSTMOptions{.hyper_size = 64, .embedding_size = 4});
      })};
});

}  // namespace
}  // namespace weft::bench
