// nn/activations.h: layers without parameters that apply one function; names and defaults as torch.nn
#pragma once
#include "nn/module.h"
#include "tensor/activation.h"

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

/// log(sigmoid(x)).
class LogSigmoid : public Layer {
 public:
  std::string_view kind() const override { return "LogSigmoid"; }
  Variable operator()(const Variable& x) override;
};

/// x sigmoid(x).
class SiLU : public Layer {
 public:
  std::string_view kind() const override { return "SiLU"; }
  Variable operator()(const Variable& x) override;
};

/// x Phi(x), or its approximation by tanh.
class GELU : public Layer {
 public:
  explicit GELU(GeluForm form = GeluForm::erf) : form_(form) {}
  std::string_view kind() const override { return "GELU"; }
  Variable operator()(const Variable& x) override;

 private:
  GeluForm form_;
};

/// log(1 + exp(beta x)) / beta, and x where beta x > threshold.
class Softplus : public Layer {
 public:
  explicit Softplus(double beta = 1, double threshold = 20) : beta_(beta), threshold_(threshold) {}
  std::string_view kind() const override { return "Softplus"; }
  Variable operator()(const Variable& x) override;

 private:
  double beta_;
  double threshold_;
};

/// x for x > 0, else alpha (exp(x) - 1).
class ELU : public Layer {
 public:
  explicit ELU(double alpha = 1) : alpha_(alpha) {}
  std::string_view kind() const override { return "ELU"; }
  Variable operator()(const Variable& x) override;

 private:
  double alpha_;
};

/// scale x for x > 0, else scale alpha (exp(x) - 1), with the constants of self-normalizing networks.
class SELU : public Layer {
 public:
  std::string_view kind() const override { return "SELU"; }
  Variable operator()(const Variable& x) override;
};

/// x tanh(softplus(x)).
class Mish : public Layer {
 public:
  std::string_view kind() const override { return "Mish"; }
  Variable operator()(const Variable& x) override;
};

/// x relu6(x + 3) / 6.
class Hardswish : public Layer {
 public:
  std::string_view kind() const override { return "Hardswish"; }
  Variable operator()(const Variable& x) override;
};

/// x for x > 0, else slope x.
class LeakyReLU : public Layer {
 public:
  explicit LeakyReLU(double slope = 0.01) : slope_(slope) {}
  std::string_view kind() const override { return "LeakyReLU"; }
  Variable operator()(const Variable& x) override;

 private:
  double slope_;
};

/// min(max(x, low), high).
class Hardtanh : public Layer {
 public:
  explicit Hardtanh(double low = -1, double high = 1) : low_(low), high_(high) {}
  std::string_view kind() const override { return "Hardtanh"; }
  Variable operator()(const Variable& x) override;

 private:
  double low_;
  double high_;
};

/// min(max(x, 0), 6).
class ReLU6 : public Layer {
 public:
  std::string_view kind() const override { return "ReLU6"; }
  Variable operator()(const Variable& x) override;
};

/// a sigmoid(b), a and b the halves of x along `axis`.
class GLU : public Layer {
 public:
  explicit GLU(int64_t axis = -1) : axis_(axis) {}
  std::string_view kind() const override { return "GLU"; }
  Variable operator()(const Variable& x) override;

 private:
  int64_t axis_;
};

/// softmax(x) along `axis`.
class Softmax : public Layer {
 public:
  explicit Softmax(int64_t axis = -1) : axis_(axis) {}
  std::string_view kind() const override { return "Softmax"; }
  Variable operator()(const Variable& x) override;

 private:
  int64_t axis_;
};

/// log_softmax(x) along `axis`.
class LogSoftmax : public Layer {
 public:
  explicit LogSoftmax(int64_t axis = -1) : axis_(axis) {}
  std::string_view kind() const override { return "LogSoftmax"; }
  Variable operator()(const Variable& x) override;

 private:
  int64_t axis_;
};

}  // namespace weft::nn
