// tests/nn/training_fixture.h: losses, schedules and gains as PyTorch computes them
#pragma once
#include "tensor/safetensors.h"
#include "tests/fixtures/nn_fixture.h"

namespace weft::test {

inline const TensorMap& training_fixture() {
  static const TensorMap tensors = load_safetensors(fixtures() / "nn_training.safetensors", cpu).tensors;
  return tensors;
}

}  // namespace weft::test
