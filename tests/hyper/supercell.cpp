// tests/hyper/supercell.cpp: weights in the authors' layout give the authors' numbers
#include "hyper/supercell.h"

#include <doctest/doctest.h>

#include "hyper/lstm.h"
#include "tensor/allclose.h"

using namespace weft;
using hyper::HyperLSTMCell;

namespace {

/// The authors' cells as they compute, with the weights in their layout: rows are inputs, gates stand i, j, f, o.
struct Theirs {
  const nn::StateDict& w;

  Tensor at(const std::string& name) const { return w.at(name); }
  Tensor norm(const Tensor& x, const std::string& scope) const {
    if (!w.contains(scope + "/layer_norm_alpha")) return x;
    const Tensor centred = x - mean(x, {1}, Keep::dim);
    const Tensor deviation = sqrt(mean(centred * centred, {1}, Keep::dim) + 1e-3);
    return centred / deviation * at(scope + "/layer_norm_alpha") + at(scope + "/layer_norm_bias");
  }
  /// Sums [n, 4 hidden] -> {h, c}.
  std::vector<Tensor> update(const Tensor& sums, const Tensor& c, const std::string& scope) const {
    const std::vector<Tensor> y = chunk(sums, 4, 1);
    const Tensor i = norm(y[0], scope + "ln_i"), j = norm(y[1], scope + "ln_j"), f = norm(y[2], scope + "ln_f"),
                 o = norm(y[3], scope + "ln_o");
    const Tensor next = c * sigmoid(f + 1) + sigmoid(i) * tanh(j);
    return {tanh(norm(next, scope + "ln_c")) * sigmoid(o), next};
  }
  std::vector<Tensor> step(const Tensor& x, const std::vector<Tensor>& state, const std::string& cell) const {
    Tensor hyper_sums = matmul(cat({x, state[0]}, 1), at(cell + "W_xh")) + matmul(state[2], at(cell + "W_hh"));
    if (w.contains(cell + "bias")) hyper_sums = hyper_sums + at(cell + "bias");
    const std::vector<Tensor> hyper = update(hyper_sums, state[3], cell);
    const std::vector<Tensor> of_x = chunk(matmul(x, at("W_xh")), 4, 1),
                              of_h = chunk(matmul(state[0], at("W_hh")), 4, 1);
    std::vector<Tensor> sums;
    for (size_t gate = 0; gate < 4; ++gate) {
      const std::string letter(1, "ijfo"[gate]), hx = "hyper_" + letter + "x/", hh = "hyper_" + letter + "h/";
      const auto scale = [&](const std::string& scope) {
        const Tensor z = matmul(hyper[0], at(scope + "zw/super_linear_w")) + at(scope + "zw/super_linear_b");
        return matmul(z, at(scope + "alpha/super_linear_w"));
      };
      const Tensor shift = matmul(matmul(hyper[0], at(hh + "zb/super_linear_w")), at(hh + "beta/super_linear_w"));
      sums.push_back(scale(hx) * of_x[gate] + scale(hh) * of_h[gate] + shift);
    }
    const std::vector<Tensor> main = update(cat(sums, 1) + at("bias"), state[1], "");
    return {main[0], main[1], hyper[0], hyper[1]};
  }
};

}  // namespace

TEST_CASE("supercell: a HyperLSTM's weights travel both ways, and give the authors' numbers") {
  for (const nn::NormPlacement norm : {nn::NormPlacement::none, nn::NormPlacement::each_gate}) {
    const bool normed = norm == nn::NormPlacement::each_gate;
    Streams streams(3);
    HyperLSTMCell cell(3, 5, streams, {.hyper_size = 4, .embedding_size = 2, .norm = norm});
    for (const auto& [name, parameter] : cell.named_parameters()) {
      if (!(normed && name == "hyper.bias")) {
        parameter.value().add_(random_normal(parameter.shape(), streams.sample, 0, 0.5));
      }
    }
    const nn::StateDict ours = cell.state_dict(), theirs = hyper::hyper_lstm_to_supercell(ours);
    CHECK(theirs.at("W_xh").shape() == Shape{3, 20});
    CHECK(theirs.contains("LSTMCell/bias") == !normed);
    const nn::StateDict back = hyper::hyper_lstm_from_supercell(theirs);
    CHECK(back.size() == ours.size());
    for (const auto& [name, tensor] : ours) CHECK_MESSAGE(allclose(back.at(name), tensor, 0, 0), name);

    nn::RecurrentState state = cell.initial_state(2);
    std::vector<Tensor> expected;
    for (const Variable& part : state) expected.push_back(part.value());
    for (int step = 0; step < 3; ++step) {
      const Tensor x = random_normal({2, 3}, streams.sample);
      state = cell(Variable(x), state);
      expected = Theirs{theirs}.step(x, expected, normed ? "LayerNormLSTMCell/" : "LSTMCell/");
      for (size_t part = 0; part < 4; ++part) CHECK(allclose(state[part].value(), expected[part], 1e-4, 1e-6));
    }
  }
}

TEST_CASE("supercell: plain cells travel too, and what does not fit is listed") {
  for (const nn::NormPlacement norm : {nn::NormPlacement::none, nn::NormPlacement::each_gate}) {
    Streams streams(3);
    nn::LayerNormLSTMCell cell(3, 5, streams, {.placement = norm});
    const nn::StateDict ours = cell.state_dict();
    const nn::StateDict back = hyper::lstm_from_supercell(hyper::lstm_to_supercell(ours));
    for (const auto& [name, tensor] : ours) CHECK_MESSAGE(allclose(back.at(name), tensor, 0, 0), name);
  }
  Streams streams(3);
  HyperLSTMCell cell(3, 5, streams, {.hyper_size = 4, .embedding_size = 2});
  nn::StateDict theirs = hyper::hyper_lstm_to_supercell(cell.state_dict());
  theirs.erase("hyper_jx/zw/super_linear_b");
  theirs["extra"] = theirs.at("bias");
  theirs["bias"] = theirs.at("bias").slice(0, 0, 3);
  CHECK_THROWS_WITH_AS(hyper::hyper_lstm_from_supercell(theirs),
                       "hyper_lstm_from_supercell: 3 problems: 'bias' is [3] float32, expected [20] float32; missing "
                       "'hyper_jx/zw/super_linear_b'; unexpected 'extra'",
                       Error);
  CHECK_THROWS_WITH_AS(hyper::hyper_lstm_from_supercell({}), doctest::Contains("missing 'W_hh'"), Error);
  cell.hyper.bias.value().fill_(1);
  CHECK_THROWS_WITH_AS(hyper::hyper_lstm_to_supercell(cell.state_dict()), doctest::Contains("hyper.bias is not 0"),
                       Error);
}
