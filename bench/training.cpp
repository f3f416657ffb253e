// bench/training.cpp: weights, loss and gradients of a training step by name
#include "bench/training.h"

namespace weft::bench {

Work training_work(const std::shared_ptr<Training>& training) {
  const auto results = [training] {
    std::vector<Tensor> list{training->loss};
    for (const Variable& parameter : training->model().parameters()) list.push_back(parameter.grad());
    return list;
  };
  const auto state = [training] {
    TensorMap named;
    for (const auto& [name, tensor] : training->inputs()) named.emplace("input." + name, tensor);
    for (const auto& [name, parameter] : training->model().named_parameters()) {
      named.emplace("weight." + name, parameter.value());
      if (training->loss.defined()) named.emplace("gradient." + name, parameter.grad());
    }
    if (training->loss.defined()) named.emplace("loss", training->loss);
    return named;
  };
  return {[training] { training->step(); }, results, state};
}

}  // namespace weft::bench
