// nn/activations.h: layers without parameters that apply one function
#pragma once
#include "nn/module.h"

namespace weft::nn {

/// max(x, 0).
class ReLU : public Layer {
 public:
  std::string_view kind() const override { return "ReLU"; }
  Variable operator()(const Variable& x) override;
};

class Tanh : public Layer {
 public:
  std::string_view kind() const override { return "Tanh"; }
  Variable operator()(const Variable& x) override;
};

class Sigmoid : public Layer {
 public:
  std::string_view kind() const override { return "Sigmoid"; }
  Variable operator()(const Variable& x) override;
};

}  // namespace weft::nn
