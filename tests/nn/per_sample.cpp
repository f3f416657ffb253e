// tests/nn/per_sample.cpp: weights of each sample's own against a loop over the samples
#include "nn/per_sample.h"

#include <doctest/doctest.h>

#include "nn/nn.h"
#include "tests/fixtures/nn_fixture.h"

using namespace weft;
using namespace weft::test;

namespace {

using Inputs = std::vector<Variable>;
using Function = std::function<Variable(const Inputs&)>;

constexpr TensorOptions kFloat64{.dtype = DType::float64};
const Window2d kWindow{{2, 1}, {1, 0}, {1, 2}};

std::vector<Tensor> random_inputs(const std::vector<Shape>& shapes) {
  Streams streams(7);
  std::vector<Tensor> inputs;
  for (const Shape& shape : shapes) inputs.push_back(random_normal(shape, streams.sample, 0, 1, kFloat64));
  return inputs;
}

/// f of every sample by itself, with the sample's axis kept for x; a weight for all is handed on whole.
Variable loop(const Function& f, const Inputs& in, int64_t weight_rank) {
  Inputs results;
  for (int64_t i = 0; i < in[0].size(0); ++i) {
    Inputs sample{slice(in[0], 0, i, i + 1)};
    sample.push_back(in[1].rank() > weight_rank ? select(in[1], 0, i) : in[1]);
    sample.push_back(in[2].rank() > 1 ? select(in[2], 0, i) : in[2]);
    results.push_back(f(sample));
  }
  return cat(results, 0);
}

/// Values and all gradients of `whole` are those of the loop; its derivatives pass gradcheck, first and second.
void check_equal(const Function& whole, const Function& single, const std::vector<Shape>& shapes, int64_t weight_rank) {
  const std::vector<Tensor> inputs = random_inputs(shapes);
  const auto run = [&](const Function& f, Inputs& watched) {
    for (const Tensor& input : inputs) watched.push_back(watch(input));
    Tape tape;
    const Variable y = f(watched);
    Streams streams(3);
    tape.backward(sum(y * random_normal(y.shape(), streams.sample, 0, 1, kFloat64)));
    return y.value();
  };
  Inputs a, b;
  const Tensor y = run(whole, a), expected = run([&](const Inputs&in) { return loop(single, in, weight_rank); }, b);
  CHECK(largest_difference(y, expected) < 1e-12);
  for (size_t i = 0; i < a.size(); ++i) CHECK(largest_difference(a[i].grad(), b[i].grad()) < 1e-12);
  CHECK(gradcheck(whole, inputs) == "");
  CHECK(gradgradcheck(whole, inputs) == "");
}

}  // namespace

TEST_CASE("linear_per_sample is linear sample by sample") {
  const Function whole = [](const Inputs& in) { return nn::linear_per_sample(in[0], in[1], in[2]); };
  const Function single = [](const Inputs& in) { return linear(in[0], in[1], in[2]); };
  check_equal(whole, single, {{3, 2}, {3, 4, 2}, {3, 4}}, 2);
  check_equal(whole, single, {{3, 5, 2}, {3, 4, 2}, {4}}, 2);
  check_equal(whole, single, {{2, 2, 3, 2}, {4, 2}, {2, 4}}, 2);
  CHECK(nn::linear_per_sample(zeros({0, 3, 2}), zeros({0, 4, 2})).shape() == Shape{0, 3, 4});
}

TEST_CASE("conv2d_per_sample is conv2d sample by sample") {
  const Function whole = [](const Inputs& in) {
    return nn::conv2d_per_sample(in[0], in[1], in[2], kWindow, in[0].size(1) / in[1].size(-3));
  };
  const Function single = [](const Inputs& in) {
    return conv2d(in[0], in[1], in[2], kWindow, in[0].size(1) / in[1].size(-3));
  };
  check_equal(whole, single, {{3, 2, 4, 5}, {3, 2, 2, 3, 2}, {3, 2}}, 4);
  check_equal(whole, single, {{2, 4, 3, 4}, {2, 2, 2, 3, 2}, {2}}, 4);
  check_equal(whole, single, {{2, 2, 3, 4}, {3, 2, 3, 2}, {2, 3}}, 4);
}

TEST_CASE("conv1d_per_sample is conv1d sample by sample") {
  const Window1d window{2, 1, 1};
  const Function whole = [&](const Inputs& in) { return nn::conv1d_per_sample(in[0], in[1], in[2], window); };
  const Function single = [&](const Inputs& in) { return conv1d(in[0], in[1], in[2], window); };
  check_equal(whole, single, {{3, 2, 6}, {3, 4, 2, 3}, {3, 4}}, 3);
}

TEST_CASE("convolutions of no sample: the shape that some would have, and gradients of no sample") {
  for (const Device device : {cpu, reference}) {
    for (const bool bias_for_all : {false, true}) {
      const TensorOptions on{.device = device};
      const auto check = [&](const Shape& x_shape, const Shape& weight_shape, const auto& conv, const Shape& wanted) {
        const Variable x = watch(zeros(x_shape, on)), weight = watch(zeros(weight_shape, on));
        const Variable bias = watch(zeros(bias_for_all ? Shape{4} : Shape{0, 4}, on));
        Tape tape;
        const Variable y = conv(x, weight, bias);
        CHECK(y.shape() == wanted);
        CHECK(conv(x, weight, Variable()).shape() == wanted);
        tape.backward(sum(y));
        for (const Variable& input : {x, weight, bias}) CHECK(input.grad().shape() == input.shape());
        CHECK(error_of([&] { conv(x, watch(zeros({0, 4, 5, 2, 2}, on)), bias); }) != "");
      };
      check({0, 6, 4, 5}, {0, 4, 3, 3, 2},
            [](const auto& x, const auto& w, const auto& b) { return nn::conv2d_per_sample(x, w, b, kWindow, 2); },
            {0, 4, 2, 3});
      check({0, 2, 6}, {0, 4, 2, 3},
            [](const auto& x, const auto& w, const auto& b) {
              return nn::conv1d_per_sample(x, w, b, {2, 1, 1});
            },
            {0, 4, 3});
    }
  }
}

TEST_CASE("affine_per_sample: its derivatives, with weights of each sample's own and for all") {
  const Function f = [](const Inputs& in) { return nn::affine_per_sample(in[0], in[1], in[2], in[0].rank() - 2, 2); };
  for (const auto& shapes : {std::vector<Shape>{{3, 2, 4}, {3, 2, 4}, {2, 4}}, {{2, 3, 2, 4}, {2, 4}, {2, 2, 4}}}) {
    CHECK(gradcheck(f, random_inputs(shapes)) == "");
    CHECK(gradgradcheck(f, random_inputs(shapes)) == "");
  }
}

namespace {

/// A norm with weights of each sample's own gives what it gives with weight 1 and bias 0, times and plus those.
void check_shared_norm(nn::Layer& norm, const Shape& own, const Shape& x_shape, const Shape& own_in_x) {
  CAPTURE(norm.kind());
  Streams streams(8);
  const Tensor x = random_normal(x_shape, streams.sample);
  Shape each = own, each_in_x = own_in_x;
  each.insert(0, x.size(0));
  each_in_x[0] = x.size(0);
  const bool with_bias = norm.named_parameters().size() == 2;
  const Tensor weight = random_normal(each, streams.sample);
  const Tensor bias = with_bias ? random_normal(each, streams.sample) : zeros(each);
  const Tensor plain = norm(x).value();  // the norms start so
  const Tensor expected = plain * weight.reshape(each_in_x) + bias.reshape(each_in_x);
  nn::Weights weights{{"weight", weight}};
  if (with_bias) weights["bias"] = bias;
  CHECK(largest_difference(nn::functional_call(norm, weights, x).value(), expected) < 1e-5);
  if (!with_bias) return;
  const Tensor shifted = plain + bias.reshape(each_in_x);
  CHECK(largest_difference(nn::functional_call(norm, {{"bias", bias}}, x).value(), shifted) < 1e-5);
}

}  // namespace

TEST_CASE("functional_call: norms whose weights are each sample's own") {
  nn::LayerNorm layer_norm(Shape{3, 4});
  check_shared_norm(layer_norm, {3, 4}, {2, 5, 3, 4}, {1, 1, 3, 4});
  nn::RMSNorm rms_norm(4);
  check_shared_norm(rms_norm, {4}, {3, 4}, {1, 4});
  nn::GroupNorm group_norm(2, 4);
  check_shared_norm(group_norm, {4}, {3, 4, 2, 2}, {1, 4, 1, 1});
  nn::BatchNorm2d batch_norm(4);
  check_shared_norm(batch_norm, {4}, {3, 4, 2, 2}, {1, 4, 1, 1});
  batch_norm.eval();
  check_shared_norm(batch_norm, {4}, {3, 4, 2, 2}, {1, 4, 1, 1});
}

TEST_CASE("functional_call: a net whose weights are each sample's own, also with some for all") {
  Streams streams(5);
  nn::Sequential net(
      std::make_unique<nn::Conv2d>(2, 3, nn::Conv2dOptions{.kernel_size = 2, .padding = nn::kSame}, streams.init),
      std::make_unique<nn::ReLU>(), std::make_unique<nn::MaxPool2d>(2), std::make_unique<nn::Flatten>(),
      std::make_unique<nn::Linear>(12, 5, streams.init));
  const Tensor x = random_normal({3, 2, 4, 4}, streams.sample);
  const nn::Weights weights{{"0.weight", random_normal({3, 3, 2, 2, 2}, streams.sample)},
                            {"0.bias", random_normal({3, 3}, streams.sample)},
                            {"4.weight", random_normal({3, 5, 12}, streams.sample)},
                            {"4.bias", random_normal({5}, streams.sample)}};
  const Tensor y = nn::functional_call(net, weights, x).value();
  REQUIRE(y.shape() == Shape{3, 5});
  for (int64_t i = 0; i < 3; ++i) {
    nn::Weights own = weights;
    for (const char* name : {"0.weight", "0.bias", "4.weight"}) own[name] = select(own[name], 0, i);
    const Tensor expected = nn::functional_call(net, own, x.slice(0, i, i + 1)).value();
    CHECK(largest_difference(y.slice(0, i, i + 1), expected) < 1e-5);
  }
}

TEST_CASE("functional_call names weights a sample that do not fit") {
  Streams streams(5);
  nn::Sequential net(std::make_unique<nn::Linear>(2, 2, streams.init),
                     std::make_unique<nn::Embedding>(3, 2, streams.init),
                     std::make_unique<nn::Linear>(2, 2, streams.init));
  const Variable x = zeros({3, 2});
  CHECK(error_of([&] {
          nn::functional_call(net,
                              {{"0.bias", zeros({3, 2})},
                               {"1.weight", zeros({3, 3, 2})},
                               {"2.weight", zeros({4, 2, 2})},
                               {"2.bias", zeros({3, 3})}},
                              x);
        }) ==
        "functional_call: 3 problems: '2.bias' is [2] float32, given is [3, 3] float32; '2.weight' is for 4 samples, "
        "'0.bias' for 3; '1.weight' has one weight a sample, [3, 3, 2] float32: Embedding takes one for all; hint: "
        "Linear, Conv1d, Conv2d and norms take both");
  CHECK(contains(error_of([&] {
                   nn::functional_call(net, {{"0.weight", zeros({4, 2, 2})}}, x);
                 }),
                 "linear_per_sample: x is [3, 2] float32 cpu, weight is [4, 2, 2] float32 cpu, bias is [2] float32"));
}

TEST_CASE("functional_call: a weight a sample must suit every layer that shares it") {
  struct Tied : nn::Module {
    explicit Tied(RandomStream& init) : embedding(3, 2, init), linear(2, 3, init) {
      linear.weight = embedding.weight;
      register_child("embedding", embedding);
      register_child("linear", linear);
    }
    std::string_view kind() const override { return "Tied"; }
    nn::Embedding embedding;
    nn::Linear linear;
  };
  Streams streams(5);
  Tied tied(streams.init);
  CHECK(contains(
      error_of([&] {
        nn::functional_call(tied, {{"linear.weight", zeros({4, 3, 2})}}, [&] { return tied.linear(zeros({4, 2})); });
      }),
      "1 problem: 'embedding.weight' has one weight a sample, [4, 3, 2] float32: Embedding takes one for all"));
}

TEST_CASE("functions of per-sample weights name what does not fit") {
  const auto conv = [](const Shape& x, const Shape& weight, const Variable& bias) {
    return error_of([&] { nn::conv2d_per_sample(zeros(x), zeros(weight), bias); });
  };
  CHECK(conv({2, 3, 4, 4}, {3, 5, 3, 2, 2}, {}) ==
        "conv2d_per_sample: x is [2, 3, 4, 4] float32 cpu, weight is [3, 5, 3, 2, 2] float32 cpu, bias is undefined; "
        "hint: x [n, ...], weight and bias with n in front, or for all samples");
  CHECK(contains(conv({2, 3, 4, 4}, {5, 3, 2}, {}), "weight is [5, 3, 2]"));
  CHECK(contains(conv({2, 3, 4, 4}, {2, 5, 3, 2, 2}, zeros({2, 4})), "bias is [2, 4]"));
  CHECK(contains(conv({2, 3, 4, 4}, {2, 5, 3, 2, 2}, zeros({5}, kFloat64)), "bias is [5] float64"));
  const auto affine = [](const Shape& weight, const Variable& bias, int64_t axis, int64_t own_rank) {
    return error_of([&] { nn::affine_per_sample(zeros({2, 3, 4}), zeros(weight), bias, axis, own_rank); });
  };
  CHECK(affine({3, 4}, {}, 2, 1) ==
        "affine_per_sample: x is [2, 3, 4] float32 cpu, weight is [3, 4] float32 cpu, bias is undefined; hint: x [n, "
        "...], weight and bias with n in front, or for all samples");
  CHECK(contains(affine({2, 4}, zeros({3}), 2, 1), "bias is [3]"));
  CHECK(contains(affine({2, 4}, zeros({4}, kFloat64), 2, 1), "bias is [4] float64"));
  CHECK(contains(affine({2, 2, 3}, {}, 0, 2), "weight is [2, 2, 3]"));
  CHECK(contains(affine({2, 4}, {}, 2, 2), "weight is [2, 4]"));
  CHECK(contains(error_of([] { nn::linear_per_sample(zeros({2}), zeros({2, 2})); }), "linear_per_sample: x is [2]"));
  CHECK(contains(error_of([] {
                   nn::conv1d_per_sample(zeros({2, 3, 4}), zeros({1, 5, 3, 2}));
                 }),
                 "conv1d_per_sample: x is [2, 3, 4]"));
  CHECK(contains(error_of([] { nn::conv1d_per_sample(zeros({2, 3, 4}), zeros({2, 5, 2, 2})); }), "conv1d:"));
}
