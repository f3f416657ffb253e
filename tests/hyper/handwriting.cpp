// tests/hyper/handwriting.cpp: the density of pen points, its gradients and draws; the model around it
#include <doctest/doctest.h>

#include <cmath>

#include "autograd/gradcheck.h"
#include "hyper/models/handwriting_model.h"
#include "tensor/allclose.h"
#include "tensor/create.h"
#include "tensor/safetensors.h"
#include "tests/fixtures/folder.h"

using namespace weft;
using hyper::HandwritingModel, hyper::PaperCell, hyper::stroke_nll;

namespace {

constexpr TensorOptions kDouble{.dtype = DType::float64};

/// Points [n, time, 3] with pens of 0 and 1.
Tensor some_points(int64_t n, int64_t time, DType dtype = DType::float32) {
  RandomStream stream(11, 0);
  const Tensor offsets = random_normal({n, time, 2}, stream, 0, 1, kDouble);
  const Tensor pen = less(random_uniform({n, time, 1}, stream, 0, 1, kDouble), 0.3).to(DType::float64);
  return cat({offsets, pen}, 2).to(dtype);
}

HandwritingModel small_handwriting_model(PaperCell cell, Streams& streams, double dropout = 0) {
  return {{.cell = cell,
           .hidden_size = 6,
           .num_layers = 2,
           .hyper_size = 4,
           .embedding_size = 3,
           .mixtures = 2,
           .output_dropout = dropout,
           .recurrent_dropout = dropout},
          streams};
}

double nll(std::initializer_list<double> y, std::initializer_list<double> target) {
  return stroke_nll(Variable(tensor<double>(y)), tensor<double>(target)).item();
}

}  // namespace

TEST_CASE("stroke_nll: values and gradients are those of torch.distributions") {
  const TensorMap fixture = load_safetensors(test::fixtures() / "handwriting.safetensors", cpu).tensors;
  for (const std::string name : {"one", "twenty"}) {
    const Variable y = watch(fixture.at(name + "/0").to(default_device()));
    Tape tape;
    const Variable nats = stroke_nll(y, fixture.at(name + "/targets").to(default_device()));
    CHECK(allclose(nats.value().to(cpu), fixture.at(name + "/y"), 1e-12, 1e-12));
    tape.backward(sum(nats * Variable(fixture.at(name + "/dy").to(default_device()))));
    CHECK(allclose(y.grad().to(cpu), fixture.at(name + "/d0"), 1e-10, 1e-12));
  }
}

TEST_CASE("stroke_nll: gradients of first and second order are those of differences") {
  RandomStream stream(3, 0);
  const Tensor targets = some_points(2, 2, DType::float64);
  const auto f = [&](const std::vector<Variable>& in) { return stroke_nll(in[0], targets); };
  const std::vector<Tensor> y{random_normal({2, 2, 13}, stream, 0, 1, kDouble)};
  CHECK(gradcheck(f, y) == "");
  CHECK(gradgradcheck(f, y) == "");
}

TEST_CASE("stroke_nll: far targets, narrow Gaussians and strong correlations stay numbers") {
  // One Gaussian far away: its exponent alone, where exp() would be 0.
  CHECK(nll({0, 0, 0, 0, 0, 0, 0}, {1e4, 0, 1}) == doctest::Approx(5e7 + std::log(2 * M_PI) + std::log(2)));
  // The nearer of two decides.
  CHECK(nll({0, 0, 0, 0, 1e4, 0, 0, 0, 0, 0, 0, 0, 0}, {1e4, 0, 1}) ==
        doctest::Approx(std::log(2 * M_PI) + 2 * std::log(2)));
  // r = 18: 1 - tanh(18) is below 1e-15, yet the density along the diagonal is that of one axis, and the other's.
  CHECK(nll({0, 0, 0, 0, 0, 0, 18}, {1, 1, 1}) ==
        doctest::Approx(0.5 + std::log(2 * M_PI) + std::log(2) - 18 + std::log(2)));
  CHECK(nll({0, 0, 0, 0, -30, 2, 0}, {0, 0, 0}) == doctest::Approx(-28 + std::log(2 * M_PI) + std::log(2)));
  CHECK(nll({-800, 0, 0, 0, 0, 0, 0}, {0, 0, 1}) == doctest::Approx(800 + std::log(2 * M_PI)));
  const Variable y = watch(tensor<float>({90, 50, 3, 3, 20, -20, -9}));
  Tape tape;
  tape.backward(stroke_nll(y, tensor<float>({-4, 5, 0})));
  CHECK(all(isfinite(y.grad())).item<bool>());
}

TEST_CASE("stroke_nll: extremes in float32 are those of the formula in float64, with gradients that are numbers") {
  // -log of the density, written about the line x = rho y; the pen adds log 2.
  const auto formula = [](double dx, double dy, double sx, double sy, double r) {
    const double u = dx * std::exp(-sx), v = dy * std::exp(-sy), deviation = 1 / std::cosh(r);
    const double off = (u - std::tanh(r) * v) / deviation;
    return 0.5 * (off * off + v * v) + sx + sy + std::log(deviation) + std::log(2 * M_PI) + std::log(2);
  };
  for (const double r : {-1000.0, -100.0, -50.0, -20.0, -3.0, 0.0, 3.0, 20.0, 50.0, 100.0, 1000.0}) {
    for (const double s : {-1000.0, -100.0, -40.0, -5.0, 0.0, 30.0, 100.0}) {
      for (const double d : {0.0, 0.5, 2.0}) {
        CAPTURE(r);
        CAPTURE(s);
        CAPTURE(d);
        const double held_r = std::clamp(r, -20.0, 20.0), held_s = std::max(s, -40.0);
        const double across = r > 0 ? -d : d;  // where the density is least
        const double expected = formula(d, across, held_s, held_s, held_r);
        if (expected > 1e30) continue;  // leaves float32
        const auto f = [](double x) { return static_cast<float>(x); };
        const Variable y = watch(tensor<float>({0, 0, 0, 0, f(s), f(s), f(r)}));
        Tape tape;
        const Variable nats = stroke_nll(y, tensor<float>({f(d), f(across), 1}));
        CHECK(nats.item() == doctest::Approx(expected).epsilon(1e-4));
        tape.backward(nats);
        CHECK(all(isfinite(y.grad())).item<bool>());
        if (d > 0 && s == 0 && std::abs(r) >= 20) CHECK(y.grad().at({6}) * r > 0);  // back to what can be
      }
    }
  }
}

TEST_CASE("stroke_nll: what does not fit is refused") {
  const Variable y(zeros({2, 7}));
  CHECK_THROWS_WITH_AS(stroke_nll(Variable(zeros({2, 8})), zeros({2, 3})),
                       doctest::Contains("y must be [..., 1 + 6 M], got [2, 8] float32"), Error);
  CHECK_THROWS_WITH_AS(stroke_nll(Variable(zeros({2, 1})), zeros({2, 3})), doctest::Contains("1 + 6 M"), Error);
  CHECK_THROWS_WITH_AS(stroke_nll(y, zeros({3, 3})), doctest::Contains("targets must be [2, 3] float32"), Error);
  CHECK_THROWS_WITH_AS(stroke_nll(y, zeros({2, 3}, kDouble)), doctest::Contains("got [2, 3] float64"), Error);
  CHECK_THROWS_WITH_AS(stroke_nll(y, full({2, 3}, 0.5)), doctest::Contains("pen is neither 0 nor 1"), Error);
  RandomStream stream(1, 0);
  CHECK_THROWS_WITH_AS(hyper::sample_stroke(zeros({2, 7}), 0, stream), doctest::Contains("one point is drawn"), Error);
  CHECK_THROWS_WITH_AS(hyper::sample_stroke(zeros({7}), -1, stream), doctest::Contains("bias -1"), Error);
  CHECK_THROWS_WITH_AS(HandwritingModel::nats(y, zeros({2, 3}), zeros({2}, {.dtype = DType::int64})),
                       doctest::Contains("[n, time, k] and [n]"), Error);
  Streams streams(1);
  CHECK_THROWS_WITH_AS(HandwritingModel({.hidden_size = 2, .mixtures = 0}, streams),
                       doctest::Contains("mixtures 0 is not positive"), Error);
  HandwritingModel model = small_handwriting_model(PaperCell::lstm, streams);
  CHECK_THROWS_WITH_AS(hyper::sample_handwriting(model, -1, 0, stream), doctest::Contains("steps -1"), Error);
}

TEST_CASE("sample_stroke: draws have the moments of the mixture, and a bias narrows them") {
  // Weights 1/4 and 3/4 at (-2, 0) and (2, 1); deviations 0.5 and 2, correlation tanh(0.7); pen 1 in a fifth.
  const Tensor y = tensor<double>(
      {std::log(0.25), 0, std::log(3), -2, 2, 0, 1, std::log(0.5), std::log(0.5), std::log(2), std::log(2), 0.7, 0.7});
  const auto moments = [&](double bias) {
    RandomStream stream(5, 0);
    constexpr int kDraws = 20000;
    double left = 0, pen = 0, x = 0, xx = 0, yy = 0, xy = 0;  // of the left one: about its mean
    for (int i = 0; i < kDraws; ++i) {
      const std::vector<double> p = hyper::sample_stroke(y, bias, stream).to_vector<double>();
      pen += p[2] / kDraws;
      if (p[0] > 0) continue;
      left += 1;
      x += p[0];
      xx += (p[0] + 2) * (p[0] + 2);
      yy += p[1] * p[1];
      xy += (p[0] + 2) * p[1];
    }
    return std::vector<double>{left / kDraws,          pen, x / left, std::sqrt(xx / left), std::sqrt(yy / left),
                               xy / std::sqrt(xx * yy)};
  };
  const std::vector<double> plain = moments(0), biased = moments(1);
  CHECK(plain[0] == doctest::Approx(0.25).epsilon(0.05));
  CHECK(plain[1] == doctest::Approx(0.2).epsilon(0.05));
  CHECK(plain[2] == doctest::Approx(-2).epsilon(0.02));
  CHECK(plain[3] == doctest::Approx(0.5).epsilon(0.05));
  CHECK(plain[4] == doctest::Approx(2).epsilon(0.05));
  CHECK(plain[5] == doctest::Approx(std::tanh(0.7)).epsilon(0.05));
  CHECK(biased[0] == doctest::Approx(0.1).epsilon(0.08));  // 1 : 9
  CHECK(biased[1] == doctest::Approx(0.2).epsilon(0.05));
  CHECK(biased[3] == doctest::Approx(0.5 / M_E).epsilon(0.05));
  CHECK(biased[4] == doctest::Approx(2 / M_E).epsilon(0.05));
}

TEST_CASE("HandwritingModel: the paper's HyperLSTM of 900 units; the other counts are arithmetic in recurrent.cpp") {
  Streams streams(1);
  CHECK(HandwritingModel({}, streams).num_parameters() == 3941181);
}

TEST_CASE("HandwritingModel: what stands behind a sequence's end changes nothing") {
  for (const std::string& name : hyper::paper_cell_names()) {
    Streams streams(1);
    HandwritingModel model = small_handwriting_model(hyper::paper_cell(name), streams);
    const Tensor points = some_points(2, 7), inputs = points.slice(1, 0, 6), targets = points.slice(1, 1, 7);
    const Tensor lengths = tensor<int64_t>({6, 4});
    const Variable nats = HandwritingModel::nats(model(inputs, {}, lengths).y, targets, lengths);
    CHECK(allclose(nats.value().select(0, 1).slice(0, 4, 6), zeros({2})));
    const auto row = [&](int64_t i, int64_t n) {
      const Tensor one = tensor<int64_t>({n});
      return HandwritingModel::loss(model(inputs.slice(0, i, i + 1).slice(1, 0, n)).y,
                                    targets.slice(0, i, i + 1).slice(1, 0, n), one);
    };
    const double loss = HandwritingModel::loss(model(inputs, {}, lengths).y, targets, lengths).item();
    CHECK(loss == doctest::Approx((6 * row(0, 6).item() + 4 * row(1, 4).item()) / 10));
  }
  CHECK_THROWS_WITH_AS(hyper::paper_cell("gru"), doctest::Contains("'gru' is none of lstm, layer-norm-lstm"), Error);
}

TEST_CASE("HandwritingModel: gradients through three steps of every cell are those of differences") {
  for (const std::string& name : hyper::paper_cell_names()) {
    Streams streams(1);
    HandwritingModel model(
        {.cell = hyper::paper_cell(name), .hidden_size = 3, .hyper_size = 2, .embedding_size = 2, .mixtures = 1},
        streams);
    model.to(DType::float64);
    const Tensor points = some_points(2, 4, DType::float64), lengths = tensor<int64_t>({3, 2});
    const nn::StateDict state = model.state_dict();
    std::vector<std::string> names;
    std::vector<Tensor> values;
    for (const auto& [key, value] : state) {
      names.push_back(key);
      values.push_back(value.clone());
    }
    const auto f = [&](const std::vector<Variable>& in) {
      nn::Weights weights;
      for (size_t i = 0; i < names.size(); ++i) weights.emplace(names[i], in[i]);
      return nn::functional_call(model, weights, [&] {
        return HandwritingModel::loss(model(points.slice(1, 0, 3), {}, lengths).y, points.slice(1, 1, 4), lengths);
      });
    };
    CHECK_MESSAGE(gradcheck(f, values) == "", name);
  }
}

TEST_CASE("sample_handwriting: the same stream draws the same line, and each point has its state") {
  Streams streams(1);
  HandwritingModel model =
      small_handwriting_model(PaperCell::hyper_lstm, streams, 0.5);  // dropout must not reach samples
  const auto draw = [&](uint64_t seed) {
    RandomStream stream(seed, 0);
    return hyper::sample_handwriting(model, 9, 0.5, stream).to_vector<float>();
  };
  CHECK(draw(3) == draw(3));
  CHECK(draw(3) != draw(4));
  std::vector<nn::RecurrentState> states;
  RandomStream stream(3, 0);
  const Tensor line = hyper::sample_handwriting(model, 9, 0, stream, &states);
  CHECK(line.shape() == Shape{9, 3});
  REQUIRE(states.size() == 9);
  CHECK(hyper::weight_changes(model.layers(), states).shape() == Shape{8, 4});
  // The state after the last point that was read is that of the sequence.
  const Tensor read = cat({zeros({1, 3}), line.to(default_device()).slice(0, 0, 8)}, 0).reshape({1, 9, 3});
  CHECK(allclose(model(read).state[0].value(), states.back()[0].value(), 1e-4, 1e-6));
}
