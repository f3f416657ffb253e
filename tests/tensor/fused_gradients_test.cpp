// tests/tensor/fused_gradients_test.cpp: what the gradients of fused functions refuse
#include <doctest/doctest.h>

#include "tensor/create.h"
#include "tensor/lstm.h"
#include "tensor/lstm_sequence.h"
#include "tensor/normalization.h"
#include "tensor/scaled_gates.h"
#include "tests/fixtures/error_of.h"

using namespace weft;
using namespace weft::test;

TEST_CASE("lstm gradients refuse a dy that is not like c, and gates that do not fit") {
  const Tensor gates = zeros({2, 12}), c = zeros({2, 3});
  CHECK(error_of([&] {
          lstm_cell_state_gradient(gates, c, 0, {}, zeros({2, 4}));
        }) == "lstm_cell_state_gradient: dy is [2, 4] float32 cpu, c is [2, 3] float32 cpu; hint: they are alike");
  CHECK(error_of([&] {
          lstm_hidden_state_gradient(gates, c, zeros({2, 3}, {DType::float64}));
        }) == "lstm_hidden_state_gradient: dy is [2, 3] float64 cpu, c is [2, 3] float32 cpu; hint: they are alike");
  CHECK(
      error_of([&] {
        lstm_hidden_state_gradient(zeros({2, 9}), c, c);
      }) ==
      "lstm_hidden_state_gradient: gates are [2, 9] float32 cpu, c is [2, 3] float32 cpu; hint: they are [n, 4 h] and "
      "[n, h]");
}

TEST_CASE("lstm_sequence_gradient refuses a dy that is not like the states, and weights that do not fit") {
  const Tensor weight_hh = zeros({8, 2}), state = zeros({3, 2});
  const LstmSequence sequence = lstm_sequence(zeros({4, 3, 8}), weight_hh, state, state);
  CHECK(error_of([&] {
          lstm_sequence_gradient(sequence, weight_hh, zeros({5, 3, 2}));
        }) ==
        "lstm_sequence_gradient: dy is [5, 3, 2] float32 cpu, states is [6, 3, 2] float32 cpu; hint: they are alike");
  CHECK(error_of([&] {
          lstm_sequence_gradient(sequence, zeros({8, 3}), sequence.states);
        }).find("lstm_sequence_gradient: projected is [4, 3, 8] float32 cpu, weight_hh is [8, 3] float32 cpu") == 0);
}

TEST_CASE("layer_norm of tensors and its gradient refuse what does not fit; no row has gradients of 0") {
  const Tensor x = zeros({2, 4, 3});
  CHECK(error_of([&] { layer_norm(zeros({2, 3})); }) == "layer_norm: x needs 3 axes: it is [2, 3] float32 cpu");
  CHECK(error_of([&] { layer_norm(x, zeros({3})); }) ==
        "layer_norm: weight is [3] float32 cpu, x is [2, 4, 3] float32 cpu; hint: it has x's last two sizes");
  CHECK(error_of([&] {
          layer_norm_gradient(x, {}, 1e-5, zeros({2, 4, 1}), false, false);
        }) == "layer_norm: dy is [2, 4, 1] float32 cpu, x is [2, 4, 3] float32 cpu");
  const LayerNormGradient none = layer_norm_gradient(zeros({0, 1, 3}), {}, 1e-5, zeros({0, 1, 3}), true, true);
  CHECK(none.weight.to_vector<float>() == std::vector<float>(3));
  CHECK(none.bias.to_vector<float>() == std::vector<float>(3));
}

TEST_CASE("scaled_gates_gradient refuses a dy that is not like by_h; no row has gradients of 0") {
  const Tensor by_h = zeros({2, 12}), z = zeros({2, 3, 4, 5}), scale_weight = zeros({3, 4, 3, 5});
  CHECK(error_of([&] {
          scaled_gates_gradient(by_h, by_h, z, scale_weight, zeros({2, 11}), true);
        }) == "scaled_gates_gradient: dy is [2, 11] float32 cpu, by_h is [2, 12] float32 cpu; hint: they are alike");
  CHECK(error_of([&] {
          scaled_gates_gradient(by_h, by_h, zeros({1, 3, 4, 5}), scale_weight, by_h, true);
        }).find("scaled_gates_gradient: by_h is [2, 12] float32 cpu, z is [1, 3, 4, 5] float32 cpu") == 0);
  const Tensor none = zeros({0, 12});
  const ScaledGatesGradient gradient = scaled_gates_gradient(none, none, zeros({0, 3, 4, 5}), scale_weight, none, true);
  CHECK(gradient.scale_weight.to_vector<float>() == std::vector<float>(180));
  CHECK(gradient.bias.to_vector<float>() == std::vector<float>(12));
  CHECK_FALSE(scaled_gates_gradient(by_h, by_h, z, scale_weight, by_h, false).bias.defined());
}
