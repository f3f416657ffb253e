// nn/sequential.h: layers one after another
#pragma once
#include <memory>

#include "nn/module.h"

namespace weft::nn {

/// Owns its layers; state names "0", "1", ...
class Sequential : public Layer {
 public:
  Sequential() = default;
  /// Sequential(std::make_unique<Linear>(...), std::make_unique<ReLU>(), ...)
  template <class... Layers>
  explicit Sequential(std::unique_ptr<Layers>... layers) {
    (append(std::move(layers)), ...);
  }
  void append(std::unique_ptr<Layer> layer);
  std::string_view kind() const override { return "Sequential"; }
  Variable operator()(const Variable& x) override;
  int64_t size() const { return static_cast<int64_t>(layers_.size()); }
  Layer& operator[](int64_t i);  ///< Throws: out of range.

 private:
  std::vector<std::unique_ptr<Layer>> layers_;
};

}  // namespace weft::nn
