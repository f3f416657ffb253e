// nn/identity.h: the layer that changes nothing
#pragma once
#include "nn/module.h"

namespace weft::nn {

/// y = x: takes a layer's place where none is wanted.
class Identity : public Layer {
 public:
  std::string_view kind() const override { return "Identity"; }
  Variable operator()(const Variable& x) override { return x; }
};

}  // namespace weft::nn
