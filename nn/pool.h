// nn/pool.h: pooling and resizing layers; names and defaults as torch.nn
#pragma once
#include "autograd/interpolate.h"
#include "autograd/pool.h"
#include "nn/module.h"
#include "nn/pair.h"

namespace weft::nn {

/// Largest value of each window, see max_pool2d.  stride 0 means kernel_size.
/// Throws: sizes below 1, padding over half of kernel_size; so do the next three.
class MaxPool2d : public Layer {
 public:
  explicit MaxPool2d(Pair kernel_size, Pair stride = 0, Pair padding = 0, Pair dilation = 1,
                     CeilMode ceil_mode = CeilMode::no);
  std::string_view kind() const override { return "MaxPool2d"; }
  Variable operator()(const Variable& x) override;

 private:
  Pair kernel_size_;
  Window2d window_;
  CeilMode ceil_mode_;
};

class MaxPool1d : public Layer {
 public:
  explicit MaxPool1d(int64_t kernel_size, int64_t stride = 0, int64_t padding = 0, int64_t dilation = 1,
                     CeilMode ceil_mode = CeilMode::no);
  std::string_view kind() const override { return "MaxPool1d"; }
  Variable operator()(const Variable& x) override;

 private:
  int64_t kernel_size_;
  Window1d window_;
  CeilMode ceil_mode_;
};

/// Mean of each window, see avg_pool2d.  stride 0 means kernel_size.
class AvgPool2d : public Layer {
 public:
  explicit AvgPool2d(Pair kernel_size, Pair stride = 0, Pair padding = 0, const AvgPoolOptions& options = {});
  std::string_view kind() const override { return "AvgPool2d"; }
  Variable operator()(const Variable& x) override;

 private:
  Pair kernel_size_;
  Window2d window_;
  AvgPoolOptions options_;
};

class AvgPool1d : public Layer {
 public:
  explicit AvgPool1d(int64_t kernel_size, int64_t stride = 0, int64_t padding = 0, const AvgPoolOptions& options = {});
  std::string_view kind() const override { return "AvgPool1d"; }
  Variable operator()(const Variable& x) override;

 private:
  int64_t kernel_size_;
  Window1d window_;
  AvgPoolOptions options_;
};

/// Windows that cover the image, as many as output_size says, see adaptive_avg_pool2d.
/// Throws: output_size below 1; so do the next three.
class AdaptiveAvgPool2d : public Layer {
 public:
  explicit AdaptiveAvgPool2d(Pair output_size);
  std::string_view kind() const override { return "AdaptiveAvgPool2d"; }
  Variable operator()(const Variable& x) override;

 private:
  Pair output_size_;
};

class AdaptiveMaxPool2d : public Layer {
 public:
  explicit AdaptiveMaxPool2d(Pair output_size);
  std::string_view kind() const override { return "AdaptiveMaxPool2d"; }
  Variable operator()(const Variable& x) override;

 private:
  Pair output_size_;
};

class AdaptiveAvgPool1d : public Layer {
 public:
  explicit AdaptiveAvgPool1d(int64_t output_size);
  std::string_view kind() const override { return "AdaptiveAvgPool1d"; }
  Variable operator()(const Variable& x) override;

 private:
  int64_t output_size_;
};

class AdaptiveMaxPool1d : public Layer {
 public:
  explicit AdaptiveMaxPool1d(int64_t output_size);
  std::string_view kind() const override { return "AdaptiveMaxPool1d"; }
  Variable operator()(const Variable& x) override;

 private:
  int64_t output_size_;
};

/// interpolate as a layer.
class Upsample : public Layer {
 public:
  explicit Upsample(InterpolateOptions options);
  std::string_view kind() const override { return "Upsample"; }
  Variable operator()(const Variable& x) override;

 private:
  InterpolateOptions options_;
};

}  // namespace weft::nn
