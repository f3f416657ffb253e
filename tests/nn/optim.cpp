// tests/nn/optim.cpp: optimisers against PyTorch's paths
#include <doctest/doctest.h>

#include "tests/nn/optim_case.h"

using namespace weft;
using namespace weft::test;

TEST_CASE("optimisers walk PyTorch's paths on cpu and reference") {
  const Fixture fixture = load_fixture("nn_optim.json");
  for (const Device device : {cpu, reference}) {
    for (const auto& [kind, make] : optimisers()) {
      CAPTURE(kind);
      Path path(fixture, device);
      const auto optimizer = make(path.list());
      for (size_t i = 0; i < kSteps; ++i) {
        path.step(*optimizer, i);
        REQUIRE(path.error_after(kind, i) < kTolerance);
      }
    }
  }
}

TEST_CASE("a gradient or a moment that does not fit is refused before any parameter changes") {
  for (const auto& [kind, make] : optimisers()) {
    CAPTURE(kind);
    const Variable p = watch(ones({3})), q = watch(ones({2}));
    const auto optimizer = make({p, q});
    p.leaf()->grad = full({3}, 0.5);
    const auto refused = [&](const Tensor& gradient) {
      q.leaf()->grad = gradient;
      const std::string message = error_of([&] { optimizer->step(); });
      CHECK(largest_difference(p.value(), ones({3})) == 0);
      return message;
    };
    CHECK(contains(refused(ones({2}, {.dtype = DType::float64})),
                   "the gradient of parameter 1 is [2] float64 cpu, the parameter [2] float32 cpu"));
    CHECK(contains(refused(ones({1})), "the gradient of parameter 1 is [1]"));
    CHECK(contains(refused(ones({2}, {.device = reference})), "is [2] float32 reference"));
    q.leaf()->grad = ones({2});
    optimizer->step();
    if (optimizer->state_dict().contains("momentum_buffer.1") || optimizer->state_dict().contains("exp_avg.1")) {
      q.leaf()->value = ones({5});
      q.leaf()->grad = ones({5});
      CHECK(contains(error_of([&] { optimizer->step(); }), "is [2] float32, parameter 1 is [5] float32 cpu by now"));
    }
  }
}

TEST_CASE("a step changes the value in place, leaves the gradient alone and is seen by the tape") {
  for (const auto& [kind, make] : optimisers()) {
    CAPTURE(kind);
    const Variable p = watch(ones({3}));
    const auto optimizer = make({p, watch(ones({1}))});
    p.leaf()->grad = full({3}, 0.5);
    const Tensor before = p.value();
    const uint64_t version = before.version();
    optimizer->step();
    CHECK(before.shares_storage_with(p.value()));
    CHECK(before.version() > version);
    CHECK(before.at({1}) != 1);
    optimizer->step();
    CHECK(largest_difference(p.grad(), full({3}, 0.5)) == 0);
    optimizer->zero_grad();
    CHECK_FALSE(p.grad().defined());
  }
}

TEST_CASE("optimisers refuse settings and parameters that make no sense") {
  const Variable p = watch(ones({1}));
  CHECK(contains(error_of([&] { optim::SGD({p}, {.nesterov = true}); }), "SGD: nesterov without momentum"));
  CHECK(contains(error_of([&] { optim::SGD({p}, {.lr = -1}); }), "SGD: lr is -1"));
  CHECK(contains(error_of([&] { optim::Adam({p}, {.beta1 = 1}); }), "Adam: beta1 is 1"));
  CHECK(contains(error_of([&] { optim::Adam({p}, {.eps = -1}); }), "Adam: eps is -1"));
  CHECK(contains(error_of([&] { optim::AdamW({p}, {.beta2 = 2}); }), "AdamW: beta1 is 0.9, beta2 2"));
  CHECK(contains(error_of([&] { optim::RMSprop({p}, {.alpha = 1.5}); }), "RMSprop: alpha is 1.5"));
  CHECK(contains(error_of([&] { optim::Adagrad({p}, {.lr_decay = -1}); }), "Adagrad: lr_decay is -1"));
  CHECK(contains(error_of([&] { optim::SGD({p}, {.momentum = 0.9, .dampening = 0.1, .nesterov = true}); }),
                 "SGD: nesterov with dampening 0.1"));
  CHECK(contains(error_of([&] { optim::SGD(std::vector<Variable>{}); }), "Optimizer: no parameters"));
  CHECK(contains(error_of([&] { optim::SGD({p, Variable(ones({1}))}); }), "parameter 1 of 2 is not a leaf"));
  CHECK(contains(error_of([&] { optim::Adam({p, p}); }), "parameter 1 of 2 is named twice"));
}

TEST_CASE("clip_grad_norm_ equals PyTorch") {
  const Fixture fixture = load_fixture("nn_optim.json");
  std::vector<Variable> parameters;
  for (const std::string place : {"0", "1"}) {
    const Tensor gradient = fixture.at("clip.before." + place).clone();
    parameters.push_back(watch(zeros_like(gradient)));
    parameters.back().leaf()->grad = gradient;
  }
  parameters.push_back(watch(ones({2})));  // without a gradient
  const double norm = optim::clip_grad_norm_(parameters, fixture.at("clip.max_norm").item());
  CHECK(norm == doctest::Approx(fixture.at("clip.norm").item()).epsilon(1e-14));
  for (size_t i = 0; i < 2; ++i) {
    CHECK(largest_difference(parameters[i].grad(), fixture.at("clip.after." + std::to_string(i))) < kTolerance);
  }
}

TEST_CASE("clip_grad_norm_: small, zero and non-finite norms") {
  const Variable p = watch(zeros({2}));
  p.leaf()->grad = tensor<float>({3, 4});
  CHECK(optim::clip_grad_norm_({p}, 10) == 5);
  CHECK(p.grad().to_vector<float>() == std::vector<float>{3, 4});
  CHECK(optim::clip_grad_norm_({p, p}, 10) == 5);
  p.leaf()->grad = tensor<float>({0, 0});
  CHECK(optim::clip_grad_norm_({p}, 1) == 0);
  CHECK(p.grad().at({0}) == 0);
  p.leaf()->grad = tensor<float>({INFINITY, 1});
  CHECK(optim::clip_grad_norm_({p}, 1) == INFINITY);
  CHECK(std::isnan(p.grad().at({0})));
  CHECK(p.grad().at({1}) == 0);
  p.leaf()->grad = tensor<float>({NAN, 1});
  CHECK(std::isnan(optim::clip_grad_norm_({p}, 1)));
  CHECK(std::isnan(p.grad().at({1})));
  CHECK(contains(error_of([&] { optim::clip_grad_norm_({p}, -1); }), "clip_grad_norm_: max_norm is -1"));
}

TEST_CASE("ExponentialLR falls to its floor") {
  const optim::ExponentialLR schedule{.gamma = 0.999, .floor = 1e-4};
  CHECK(schedule(0.005, 0) == 0.005);
  CHECK(schedule(0.005, 100) == doctest::Approx(0.005 * std::pow(0.999, 100)));
  CHECK(schedule(0.005, 100000) == 1e-4);
}

TEST_CASE("clip_grad_value_ cuts every element") {
  const Variable p = watch(zeros({3}));
  p.leaf()->grad = tensor<float>({-3, 0.5, 4});
  optim::clip_grad_value_({p, watch(ones({1}))}, 1);
  CHECK(p.grad().to_vector<float>() == std::vector<float>{-1, 0.5, 1});
  CHECK(contains(error_of([&] { optim::clip_grad_value_({p}, NAN); }), "clip_grad_value_: max_value is nan"));
}
