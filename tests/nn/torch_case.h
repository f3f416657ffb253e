// tests/nn/torch_case.h: a module beside PyTorch's, from the files of make_nn_layer_fixtures.py
#pragma once
#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <string>

#include "nn/nn.h"
#include "tests/fixtures/nn_fixture.h"

namespace weft::test {

constexpr double kTorchTolerance = 1e-10;

using Named = std::map<std::string, Variable>;

/// One case of nn/FAMILY.safetensors.
class TorchCase {
 public:
  TorchCase(const std::string& family, std::string name) : name_(std::move(name)) {
    static std::map<std::string, TensorMap> files;
    if (!files.contains(family)) {
      files[family] = load_safetensors(fixtures() / "nn" / (family + ".safetensors")).tensors;
    }
    for (const auto& [path, tensor] : files[family]) {
      if (path.starts_with(name_ + "/")) entries_[path.substr(name_.size() + 1)] = tensor;
    }
    REQUIRE_FALSE(entries_.empty());
  }

  const Tensor& at(const std::string& entry) const { return entries_.at(entry); }
  /// The entries below "in", "dstate", ..., without that prefix.
  nn::StateDict below(const std::string& folder) const {
    nn::StateDict found;
    for (const auto& [path, tensor] : entries_) {
      if (path.starts_with(folder + "/")) found[path.substr(folder.size() + 1)] = tensor;
    }
    return found;
  }

  /// The module with PyTorch's state, loaded strictly, gives PyTorch's outputs, gradients (of all inputs and all
  /// parameters) and buffers. `call` gets the inputs and returns the outputs, both by name.
  void check(nn::Module& module, const std::function<Named(const Named&)>& call) const {
    CAPTURE(name_);
    module.to(DType::float64);
    module.load_state_dict(below("state"));
    Named inputs;
    for (const auto& [name, x] : below("in")) inputs[name] = is_floating(x.dtype()) ? watch(x, name) : Variable(x);
    Tape tape;
    const Named outputs = call(inputs);
    Variable loss;
    for (const auto& [name, y] : below("out")) {
      CAPTURE(name);
      REQUIRE(outputs.contains(name));
      CHECK(largest_difference(outputs.at(name).value(), y) < kTorchTolerance);
      const Variable part = sum(outputs.at(name) * Variable(at("dout/" + name)));
      loss = loss.defined() ? loss + part : part;
    }
    tape.backward(loss);
    check_gradients(module, inputs);
    const nn::StateDict state = module.state_dict();
    for (const auto& [path, buffer] : below("after")) {
      CAPTURE(path);
      CHECK(largest_difference(state.at(path), buffer) < kTorchTolerance);
    }
  }

  /// The same for a layer from x to y.
  void check(nn::Layer& layer) const {
    check(layer, [&](const Named& in) { return Named{{"y", layer(in.at("x"))}}; });
  }

 private:
  void check_gradients(const nn::Module& module, const Named& inputs) const {
    for (const auto& [name, gradient] : below("din")) {
      CAPTURE(name);
      CHECK(largest_difference(inputs.at(name).grad(), gradient) < kTorchTolerance);
    }
    for (const auto& [path, parameter] : module.named_parameters()) {
      CAPTURE(path);
      CHECK(largest_difference(parameter.grad(), at("dstate/" + path)) < kTorchTolerance);
    }
  }

  std::string name_;
  TensorMap entries_;
};

}  // namespace weft::test
