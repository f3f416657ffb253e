// bench/training.h: what the cases that train a model share: its weights, loss and gradients by name
#pragma once
#include <memory>

#include "bench/case.h"
#include "nn/module.h"

namespace weft::bench {

/// A model and one batch; a step computes a loss and its gradients.
struct Training {
  virtual ~Training() = default;
  virtual const nn::Module& model() const = 0;
  virtual TensorMap inputs() const = 0;
  /// Leaves the gradients where they are.
  virtual void step() = 0;

  Tensor loss;  ///< of the last step
};

/// Its results are loss and gradients, its state is that and "weight.NAME" and "input.NAME".
Work training_work(const std::shared_ptr<Training>& training);

}  // namespace weft::bench
