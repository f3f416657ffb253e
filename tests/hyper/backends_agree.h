// tests/hyper/backends_agree.h: a model's forward and backward pass, the same on every backend
#pragma once
#include <doctest/doctest.h>

#include <map>
#include <string>

#include "tensor/reduce.h"
#include "tests/fixtures/nn_fixture.h"

namespace weft::test {

struct Pass {
  Tensor loss, logits;
  std::map<std::string, Tensor> gradients;
};

/// Cross-entropy of `images` and `labels`, forward and backward, on `device`.
inline Pass pass_of(nn::Layer& model, const Tensor& images, const Tensor& labels, Device device) {
  model.to(device);
  Tape tape;
  const Variable logits = model(Variable(images.to(device)));
  const Variable loss = nn::cross_entropy(logits, labels.to(device));
  tape.backward(loss);
  Pass pass{loss.value(), logits.value(), {}};
  for (const auto& [name, parameter] : model.named_parameters()) pass.gradients[name] = parameter.grad();
  return pass;
}

/// Every parameter has a gradient that is not 0 throughout.
inline void check_agree(const Pass& fast, const Pass& plain, size_t parameters) {
  CHECK(largest_difference(fast.loss, plain.loss) < 1e-4);
  CHECK(largest_difference(fast.logits, plain.logits) < 1e-4);
  CHECK(fast.gradients.size() == parameters);
  for (const auto& [name, gradient] : plain.gradients) {
    CAPTURE(name);
    REQUIRE(gradient.defined());
    const double scale = max(abs(gradient)).item();
    CHECK(scale > 0);
    CHECK(largest_difference(fast.gradients.at(name), gradient) < 1e-4 * std::max(1.0, scale));
  }
}

}  // namespace weft::test
