// tests/consumer/main.cpp: what the README shows, built against the installed package: fit y = 3 x - 1
#include <cstdio>

#include "datasets/data_loader.h"
#include "hyper/models/mnist_cnn.h"
#include "nn/nn.h"

using namespace weft;

int main() {
  Streams streams(42);
  nn::Linear model(1, 1, streams.init);
  nn::optim::Adam adam(model.parameters(), {.lr = 0.1});
  const Tensor x = random_normal({64, 1}, streams.sample);
  const Tensor y = 3.0 * x - 1.0;
  double last = 0;
  for (int step = 0; step < 300; ++step) {
    Tape tape;
    Variable loss = nn::mse_loss(model(x), y);
    tape.backward(loss);
    adam.step();
    adam.zero_grad();
    last = loss.item();
  }
  std::printf("loss %.2e, weight %.3f, bias %.3f\n", last, model.weight.item(), model.bias.item());
  return last < 1e-4 ? 0 : 1;
}
