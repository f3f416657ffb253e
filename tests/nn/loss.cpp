// tests/nn/loss.cpp: losses and their gradients against PyTorch's, and what they refuse
#include "nn/loss.h"

#include <doctest/doctest.h>

#include "nn/nn.h"
#include "tests/nn/training_fixture.h"

using namespace weft;
using namespace weft::test;
using nn::Reduction;

namespace {

using Inputs = std::vector<Variable>;
using Loss = std::function<Variable(const Inputs& x, Reduction reduction)>;

/// Name in the fixture, the loss, and how many of its inputs have a gradient.
struct Row {
  std::string name;
  Loss loss;
  size_t differentiable;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> table{
      {"cross_entropy weight",
       [](const Inputs& x, Reduction r) {
         return nn::cross_entropy(x[0], x[1], {.weight = x[2].value(), .reduction = r});
       },
       1},
      {"cross_entropy ignore",
       [](const Inputs& x, Reduction r) { return nn::cross_entropy(x[0], x[1], {.reduction = r}); }, 1},
      {"cross_entropy smooth",
       [](const Inputs& x, Reduction r) {
         return nn::cross_entropy(x[0], x[1], {.label_smoothing = 0.2, .reduction = r});
       },
       1},
      {"cross_entropy all",
       [](const Inputs& x, Reduction r) {
         return nn::cross_entropy(x[0], x[1],
                                  {.weight = x[2].value(), .ignore_index = 2, .label_smoothing = 0.1, .reduction = r});
       },
       1},
      {"cross_entropy probabilities",
       [](const Inputs& x, Reduction r) {
         return nn::cross_entropy(x[0], x[1], {.weight = x[2].value(), .label_smoothing = 0.1, .reduction = r});
       },
       2},
      {"cross_entropy one",
       [](const Inputs& x, Reduction r) { return nn::cross_entropy(x[0], x[1], {.reduction = r}); }, 1},
      {"nll_loss",
       [](const Inputs& x, Reduction r) {
         return nn::nll_loss(x[0], x[1].value(), {.weight = x[2].value(), .ignore_index = 2, .reduction = r});
       },
       1},
      {"mse_loss", [](const Inputs& x, Reduction r) { return nn::mse_loss(x[0], x[1], r); }, 2},
      {"l1_loss", [](const Inputs& x, Reduction r) { return nn::l1_loss(x[0], x[1], r); }, 2},
      {"smooth_l1_loss",
       [](const Inputs& x, Reduction r) { return nn::smooth_l1_loss(x[0], x[1], {.beta = 0.7, .reduction = r}); }, 2},
      {"huber_loss",
       [](const Inputs& x, Reduction r) { return nn::huber_loss(x[0], x[1], {.delta = 1.3, .reduction = r}); }, 2},
      {"gaussian_nll_loss",
       [](const Inputs& x, Reduction r) {
         return nn::gaussian_nll_loss(x[0], x[1], x[2], {.full = true, .eps = 0.5, .reduction = r});
       },
       3},
      {"binary_cross_entropy",
       [](const Inputs& x, Reduction r) {
         return nn::binary_cross_entropy(x[0], x[1], {.weight = x[2].value(), .reduction = r});
       },
       1},
      {"bce_with_logits",
       [](const Inputs& x, Reduction r) {
         return nn::binary_cross_entropy_with_logits(x[0], x[1], {.pos_weight = x[2].value(), .reduction = r});
       },
       2},
      {"kl_div", [](const Inputs& x, Reduction r) { return nn::kl_div(x[0], x[1], {.reduction = r}); }, 2},
      {"kl_div log_target",
       [](const Inputs& x, Reduction r) { return nn::kl_div(x[0], x[1], {.log_target = true, .reduction = r}); }, 2},
      {"bce_with_logits weighted",
       [](const Inputs& x, Reduction r) {
         return nn::binary_cross_entropy_with_logits(
             x[0], x[1], {.weight = x[3].value(), .pos_weight = x[2].value(), .reduction = r});
       },
       2}};
  return table;
}

void check_row(const std::string& name, const Row& row, Reduction reduction, Device device) {
  CAPTURE(name);
  const TensorMap& fixture = training_fixture();
  Inputs x;
  for (size_t i = 0; fixture.contains(fmt::format("{}/{}", name, i)); ++i) {
    const Tensor input = fixture.at(fmt::format("{}/{}", name, i)).to(device);
    x.push_back(i < row.differentiable && is_floating(input.dtype()) ? watch(input.clone()) : Variable(input));
  }
  Tape tape;
  const Variable y = row.loss(x, reduction);
  REQUIRE(largest_difference(y.value(), fixture.at(name + "/y")) < kTolerance);
  tape.backward(sum(y * Variable(fixture.at(name + "/dy").to(device))));
  for (size_t i = 0; i < row.differentiable; ++i) {
    CAPTURE(i);
    CHECK(largest_difference(x[i].grad(), fixture.at(fmt::format("{}/d{}", name, i))) < 10 * kTolerance);
  }
}

}  // namespace

TEST_CASE("losses and their gradients are PyTorch's, for every reduction") {
  for (const Device device : {cpu, reference}) {
    for (const Row& row : rows()) {
      check_row(row.name + " none", row, Reduction::none, device);
      check_row(row.name + " mean", row, Reduction::mean, device);
      check_row(row.name + " sum", row, Reduction::sum, device);
    }
    check_row("kl_div batchmean", rows()[14], Reduction::batchmean, device);
  }
}

TEST_CASE("losses at their corners") {
  const Variable zero = watch(zeros({1})), one = watch(ones({1}));
  for (const DType dtype : {DType::float32, DType::float64}) {
    const Variable p = watch(tensor<double>({0, 0, 1, 1}).to(dtype));
    const Variable t = tensor<double>({1, 0, 1, 0}).to(dtype);
    Tape tape;
    const Variable losses = nn::binary_cross_entropy(p, t, {.reduction = Reduction::none});
    CHECK(losses.value().to_vector<double>() == std::vector<double>{100, 0, 0, 100});
    tape.backward(sum(losses));
    CHECK(all(isfinite(p.grad())).item<bool>());
  }
  CHECK(nn::binary_cross_entropy(zero, zero).item() == 0);
  CHECK(nn::binary_cross_entropy_with_logits(Variable(full({1}, 1e4)), zero).item() == 1e4);
  CHECK(nn::kl_div(zero, zero).item() == 0);
  CHECK(nn::smooth_l1_loss(zero, one, {.beta = 0}).item() == 1);
  const Tensor ignored = tensor<int64_t>({-100, -100});
  CHECK(std::isnan(nn::cross_entropy(zeros({2, 3}), ignored).item()));
  CHECK(nn::cross_entropy(zeros({2, 3}), ignored, {.reduction = Reduction::sum}).item() == 0);
}

TEST_CASE("kl_div is 0 with no gradient where the target is impossible, whatever the prediction, and else inf") {
  for (const DType dtype : {DType::float32, DType::float64}) {
    for (const bool logarithms : {false, true}) {
      CAPTURE(logarithms);
      const Tensor p = tensor<double>({0, 0.5, 0.5, 0}), t = tensor<double>({0, 0, 1, 1});
      const Variable log_p = watch(log(p).to(dtype)), target = watch((logarithms ? log(t) : t).to(dtype));
      Tape tape;
      const Variable losses = nn::kl_div(log_p, target, {.log_target = logarithms, .reduction = Reduction::none});
      const std::vector<double> values = losses.value().to_vector<double>();
      CHECK(values[0] == 0);
      CHECK(values[1] == 0);
      CHECK(values[2] == doctest::Approx(std::log(2)));
      CHECK(values[3] == INFINITY);
      tape.backward(sum(slice(losses, 0, 0, 3)));
      CHECK(log_p.grad().slice(0, 0, 3).to_vector<double>() == std::vector<double>{0, 0, -1});
      CHECK(all(isfinite(target.grad().slice(0, 0, 3))).item<bool>());
    }
  }
  const Variable nothing = tensor<double>({NAN});
  CHECK(std::isnan(nn::kl_div(nothing, Variable(tensor<double>({0.0}))).item()));
  CHECK(std::isnan(nn::kl_div(Variable(tensor<double>({-1.0})), nothing, {.log_target = true}).item()));
}

TEST_CASE("losses say what does not fit") {
  const Variable x = zeros({3, 10});
  const Tensor target = tensor<int64_t>({1, 10, 3});
  CHECK(contains(error_of([&] { nn::cross_entropy(x, target); }),
                 "cross_entropy: target[1] = 10, but there are 10 classes (0..9)"));
  CHECK(contains(error_of([&] { nn::nll_loss(x, target); }), "nll_loss: target[1] = 10"));
  CHECK(contains(error_of([&] { nn::nll_loss(x, zeros({3})); }), "class indices are int64 [3]"));
  CHECK(contains(error_of([&] { nn::nll_loss(x, target.to(reference)); }), "nll_loss: devices differ"));
  CHECK(contains(error_of([&] { nn::nll_loss(zeros({3, 0}), target); }), "there must be a class"));
  CHECK(contains(error_of([&] { nn::nll_loss(scalar(1.0), target); }), "scores are [] float32"));
  CHECK(contains(error_of([&] { nn::nll_loss(x, target, {.weight = ones({9})}); }), "weight is [9] float32"));
  CHECK(contains(error_of([&] { nn::cross_entropy(x, target, {.label_smoothing = 2}); }), "label_smoothing is 2"));
  CHECK(contains(error_of([&] { nn::cross_entropy(x, zeros({3, 9})); }), "cross_entropy: shapes differ"));
  CHECK(contains(error_of([&] { nn::l1_loss(x, zeros({3})); }), "l1_loss: shapes differ: prediction is [3, 10]"));
  CHECK(contains(error_of([&] { nn::l1_loss(x, x, Reduction::batchmean); }), "it belongs to kl_div"));
  CHECK(contains(error_of([&] { nn::smooth_l1_loss(x, x, {.beta = -1}); }), "beta is -1"));
  CHECK(contains(error_of([&] { nn::huber_loss(x, x, {.delta = 0}); }), "delta is 0"));
  CHECK(contains(error_of([&] { nn::gaussian_nll_loss(x, x, x - 1); }), "variance has negative elements"));
  CHECK(contains(error_of([&] { nn::binary_cross_entropy(x + 2, x); }), "p has elements outside 0..1"));
  const Variable number = scalar(1.0);
  CHECK(contains(error_of([&] { nn::kl_div(number, number, {.reduction = Reduction::batchmean}); }), "needs axis 0"));
}
