// nn/pool.h: pooling layers
#pragma once
#include "nn/module.h"
#include "tensor/pool.h"

namespace weft::nn {

/// Largest value of each window.  stride 0 means kernel_size.
class MaxPool2d : public Layer {
 public:
  explicit MaxPool2d(int64_t kernel_size, int64_t stride = 0, int64_t padding = 0);
  std::string_view kind() const override { return "MaxPool2d"; }
  Variable operator()(const Variable& x) override;

 private:
  int64_t kernel_size_;
  Window2d window_;
};

}  // namespace weft::nn
