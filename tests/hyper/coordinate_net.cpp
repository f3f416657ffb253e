// tests/hyper/coordinate_net.cpp: the network painted from coordinates
#include "hyper/models/coordinate_net.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tensor/backend.h"
#include "tests/hyper/backends_agree.h"

using namespace weft;
using namespace weft::test;
using hyper::CoordinateNet;
using hyper::Kernel;
using hyper::Painter;

namespace {

Pass coordinate_pass(Kernel kernel, Device device) {
  Streams streams(5);
  CoordinateNet model(kernel, streams.init);
  return pass_of(model, random_uniform({3, 1, 28, 28}, streams.sample), tensor<int64_t>({3, 7, 0}), device);
}

/// Linear and relu of one input, by the formula.
std::vector<double> layer(const nn::StateDict& state, const std::string& name, const std::vector<double>& x,
                          bool relu) {
  const Tensor &weight = state.at(name + ".weight"), &bias = state.at(name + ".bias");
  std::vector<double> y;
  for (int64_t o = 0; o < weight.size(0); ++o) {
    double sum = bias.at({o});
    for (size_t i = 0; i < x.size(); ++i) sum += weight.at({o, int64_t(i)}) * x[i];
    y.push_back(relu ? std::max(sum, 0.0) : sum);
  }
  return y;
}

}  // namespace

TEST_CASE("painted network: the paper's counts") {
  Streams streams(1);
  CHECK(Painter(28, 16, streams.init).num_parameters() == 801);
  CHECK(CoordinateNet(Kernel::free, streams.init).num_parameters() == 784 * 256 + 256 + 2570);
  CHECK(CoordinateNet(Kernel::generated, streams.init).num_parameters() == 801 + 256 + 2570);
  CHECK(CoordinateNet(Kernel::free, streams.init).filters().shape() == Shape{16, 16, 28, 28});
}

TEST_CASE("painted network: every weight is the painter's answer to its own coordinates") {
  Streams streams(2);
  CoordinateNet model(Kernel::generated, streams.init);
  const nn::StateDict state = model.state_dict();
  const Tensor weight = model.hidden_weight().value(), filters = model.filters().value();
  const auto place = [](int64_t i, int64_t side) { return 2.0 * double(i) / double(side - 1) - 1; };
  for (const auto& [u, p] :
       std::vector<std::pair<int64_t, int64_t>>{{0, 0}, {255, 783}, {37, 500}, {16, 28}, {1, 27}}) {
    std::vector<double> x{place(p % 28, 28), place(p / 28, 28), place(u % 16, 16), place(u / 16, 16)};
    x = layer(state, "painter.first", x, true);
    x = layer(state, "painter.second", x, true);
    x = layer(state, "painter.last", x, false);
    CHECK(weight.at({u, p}) == doctest::Approx(x[0] / 28).epsilon(1e-4));
    CHECK(filters.at({u / 16, u % 16, p / 28, p % 28}) == weight.at({u, p}));
  }
}

TEST_CASE("painted network: cpu and reference agree, and every parameter learns") {
  for (const Kernel kernel : {Kernel::free, Kernel::generated}) {
    const Pass fast = coordinate_pass(kernel, cpu), plain = coordinate_pass(kernel, reference);
    check_agree(fast, plain, kernel == Kernel::free ? 4 : 9);
  }
}

TEST_CASE("painted network: errors") {
  Streams streams(1);
  CHECK_THROWS_WITH_AS(Painter(1, 16, streams.init),
                       "Painter: pixel_side is 1, unit_side 16; hint: coordinates need a grid of 2 x 2 or more", Error);
  CoordinateNet model(Kernel::generated, streams.init);
  CHECK_THROWS_AS(model(Variable(zeros({1, 3, 28, 28}))), Error);
}
