// tests/hyper/kernel_generator.cpp: generated kernels against a worked case, and the derivatives through them
#include <doctest/doctest.h>

#include "hyper/conv.h"
#include "tests/fixtures/nn_fixture.h"

using namespace weft;
using namespace weft::test;
using hyper::HyperConv2d;
using hyper::KernelGenerator;

namespace {

/// The worked case's generator: N_in 2, N_out 3, f 2, N_z = d = 2, float64.
struct WorkedCase {
  WorkedCase()
      : generator({.in_channels = 2, .out_channels = 3, .kernel_size = 2, .embedding_size = 2, .hidden_size = 2},
                  stream) {
    generator.w_in = nn::Parameter(tensor("w_in"));
    generator.b_in = nn::Parameter(tensor("b_in"));
    // The file's order is [N_out, f, f, d], ours [f, N_out f, d].
    generator.w_out = nn::Parameter(tensor("w_out").permute({1, 0, 2, 3}).contiguous().reshape({2, 6, 2}));
    generator.b_out = nn::Parameter(tensor("b_out").permute({1, 0, 2}).contiguous().reshape({2, 6}));
  }
  Tensor tensor(const std::string& name) const { return fixture.at(name); }

  Fixture fixture = load_fixture("kernel.json");
  RandomStream stream{1, 0};
  KernelGenerator generator;
};

/// All of a generator's weights and an embedding, small, float64.
std::vector<Tensor> random_inputs(const KernelGenerator& generator, const Shape& z, RandomStream& sample) {
  std::vector<Tensor> inputs{random_normal(z, sample, 0, 1, {.dtype = DType::float64})};
  for (const auto& [name, parameter] : generator.named_parameters()) {
    inputs.push_back(random_normal(parameter.shape(), sample, 0, 1, {.dtype = DType::float64}));
  }
  return inputs;
}

/// Makes every parameter of a small generator float64, so that others can stand in for them.
void to_float64(KernelGenerator& generator) {
  for (nn::Parameter* p : {&generator.w_in, &generator.b_in, &generator.w_out, &generator.b_out}) {
    *p = nn::Parameter(p->value().to(DType::float64));
  }
}

}  // namespace

TEST_CASE("one tile equals the worked case") {
  const WorkedCase worked;
  const Tensor z = worked.tensor("z");
  const Variable tile = worked.generator(Variable(z.slice(0, 0, 1)));
  CHECK(tile.shape() == Shape{1, 3, 2, 2, 2});
  CHECK(largest_difference(tile.value().select(0, 0), worked.tensor("kernel_of_z0")) < 1e-14);
}

TEST_CASE("2 x 2 tiles join to the worked case's kernel") {
  const WorkedCase worked;
  const Variable kernel = hyper::join_tiles(worked.generator(Variable(worked.tensor("z"))), 2, 2);
  CHECK(largest_difference(kernel.value(), worked.tensor("kernel_2x2_tiles")) < 1e-14);
}

TEST_CASE("tiles are numbered row by row: rows over input blocks, columns over output blocks") {
  // The paper's example: 32 inputs, 64 outputs, tiles of 16 x 16; each tile filled with its number.
  std::vector<Variable> numbered;
  for (int64_t i = 0; i < 8; ++i) numbered.push_back(full({16, 16, 1, 1}, i));
  const Tensor kernel = hyper::join_tiles(stack(numbered), 2, 4).value();
  CHECK(kernel.shape() == Shape{64, 32, 1, 1});
  for (int64_t row = 0; row < 2; ++row) {
    for (int64_t column = 0; column < 4; ++column) {
      CHECK(kernel.at({16 * column + 5, 16 * row + 7, 0, 0}) == static_cast<double>(4 * row + column));
    }
  }
}

TEST_CASE("parameters follow the paper's formula") {
  RandomStream init(1, 0);
  const KernelGenerator mnist({.kernel_size = 7}, init);
  CHECK(mnist.num_parameters() == 4 * 5 * 16 + 7 * 7 * 16 * 5);
  const KernelGenerator residual({.kernel_size = 3, .embedding_size = 64, .hidden_size = 64}, init);
  CHECK(residual.num_parameters() == 75920);
  const KernelGenerator odd(
      {.in_channels = 3, .out_channels = 5, .kernel_size = 2, .embedding_size = 7, .hidden_size = 6}, init);
  CHECK(odd.num_parameters() == 6 * (7 + 1) * 3 + 2 * 2 * 5 * (6 + 1));
}

TEST_CASE("initial values follow the authors' notebook") {
  RandomStream init(1, 0);
  KernelGenerator generator({.kernel_size = 7, .embedding_size = 16, .hidden_size = 16}, init);
  for (const nn::Parameter* weight : {&generator.w_in, &generator.w_out}) {
    const Tensor w = weight->value();
    CHECK(max(abs(w)).item() <= 0.02 + 1e-6);
    CHECK(std::sqrt(mean(square(w)).item()) == doctest::Approx(0.0087963).epsilon(0.05));
  }
  CHECK(max(abs(generator.b_in.value())).item() == 0);
  CHECK(max(abs(generator.b_out.value())).item() == 0);
  const HyperConv2d conv({.in_channels = 160, .out_channels = 320}, generator, init);
  const Tensor z = conv.embedding.value();
  CHECK(z.shape() == Shape{200, 16});
  CHECK(std::fabs(mean(z).item() - 0.01) < 0.08);
  CHECK(max(z).item() <= 2.01 + 1e-6);
  CHECK(max(z).item() > 1.9);
  CHECK(max(abs(conv.bias.value())).item() == 0);
}

TEST_CASE("derivatives of the generator, first and second") {
  Streams streams(4);
  KernelGenerator generator(
      {.in_channels = 2, .out_channels = 3, .kernel_size = 2, .embedding_size = 3, .hidden_size = 2}, streams.init);
  to_float64(generator);
  const auto f = [&](const std::vector<Variable>& in) {
    return nn::functional_call(generator, {{"w_in", in[1]}, {"b_in", in[2]}, {"w_out", in[3]}, {"b_out", in[4]}},
                               [&] { return generator(in[0]); });
  };
  const std::vector<Tensor> inputs = random_inputs(generator, {2, 3}, streams.sample);
  CHECK(gradcheck(f, inputs) == "");
  CHECK(gradgradcheck(f, inputs) == "");
}

TEST_CASE("derivatives of generator and convolution together, first and second") {
  Streams streams(5);
  KernelGenerator generator(
      {.in_channels = 1, .out_channels = 2, .kernel_size = 3, .embedding_size = 2, .hidden_size = 2}, streams.init);
  to_float64(generator);
  HyperConv2d conv({.in_channels = 2, .out_channels = 2, .stride = 2, .padding = 1, .bias = nn::Bias::no}, generator,
                   streams.init);
  conv.embedding = nn::Parameter(conv.embedding.value().to(DType::float64));
  std::vector<Tensor> inputs = random_inputs(generator, {2, 2}, streams.sample);
  inputs.push_back(random_normal({1, 2, 4, 5}, streams.sample, 0, 1, {.dtype = DType::float64}));
  const auto f = [&](const std::vector<Variable>& in) {
    return nn::functional_call(generator, {{"w_in", in[1]}, {"b_in", in[2]}, {"w_out", in[3]}, {"b_out", in[4]}}, [&] {
      return nn::functional_call(conv, {{"embedding", in[0]}}, in[5]);
    });
  };
  CHECK(gradcheck(f, inputs) == "");
  CHECK(gradgradcheck(f, inputs) == "");
}

TEST_CASE("HyperConv2d is conv2d with the generated kernel; one generator serves two layers") {
  Streams streams(6);
  KernelGenerator generator({.in_channels = 2, .out_channels = 2, .kernel_size = 3, .embedding_size = 3}, streams.init);
  HyperConv2d one({.in_channels = 2, .out_channels = 4, .padding = 1}, generator, streams.init);
  HyperConv2d two({.in_channels = 4, .out_channels = 2, .stride = 2}, generator, streams.init);
  nn::init::normal_(one.bias.value(), streams.init);
  const Variable x = random_normal({2, 2, 7, 7}, streams.sample);
  const Variable expected = conv2d(x, one.kernel(), one.bias, {.padding = {1, 1}});
  CHECK(one.kernel().shape() == Shape{4, 2, 3, 3});
  CHECK(largest_difference(one(x).value(), expected.value()) == 0);
  Tape tape;
  const Variable y = two(one(x));
  CHECK(y.shape() == Shape{2, 2, 3, 3});
  tape.backward(sum(square(y)));
  for (const auto& [name, parameter] : generator.named_parameters()) CHECK(parameter.grad().defined());
  CHECK(one.embedding.grad().shape() == Shape{2, 3});
  CHECK(two.embedding.grad().shape() == Shape{2, 3});
}

TEST_CASE("hyper layers say what does not fit") {
  Streams streams(1);
  const KernelGenerator generator({}, streams.init);
  const auto conv = [&](hyper::HyperConv2dOptions options) { HyperConv2d(options, generator, streams.init); };
  CHECK(error_of([&] { conv({.in_channels = 24}); }) ==
        "HyperConv2d: in_channels is 24, no multiple of the generator's 16; hint: a kernel is made of whole tiles, use "
        "16 "
        "or 32");
  CHECK(contains(error_of([&] { conv({.out_channels = 8}); }), "out_channels is 8, no multiple of the generator's 16"));
  CHECK(contains(error_of([&] { conv({.out_channels = 0}); }), "use 16"));
  CHECK(contains(error_of([&] { conv({.stride = 0}); }), "HyperConv2d: stride is 0"));
  CHECK(contains(error_of([&] { KernelGenerator({.kernel_size = 0}, streams.init); }), "kernel_size 0"));
  CHECK(contains(error_of([&] { generator(Variable(zeros({2, 5}))); }), "KernelGenerator: z is [2, 5] float32"));
  CHECK(contains(error_of([&] {
                   hyper::join_tiles(Variable(zeros({4, 1, 1, 3, 3})), 2, 3);
                 }),
                 "join_tiles: tiles is [4, 1, 1, 3, 3] float32"));
}
