// tests/hyper/weight_generator.cpp: generators of any module's weights: what they make, its derivatives, its start
#include "hyper/weight_generator.h"

#include <doctest/doctest.h>

#include "hyper/chunked_generator.h"
#include "hyper/full_generator.h"
#include "hyper/startup_check.h"
#include "nn/nn.h"
#include "tests/fixtures/nn_fixture.h"

using namespace weft;
using namespace weft::test;
using namespace weft::hyper;

namespace {

enum class Kind : uint8_t { full, low_rank, chunked };
constexpr Kind kKinds[]{Kind::full, Kind::low_rank, Kind::chunked};

std::unique_ptr<WeightGenerator> make_generator(Kind kind, Targets targets, WeightGeneratorOptions options,
                                                RandomStream& init) {
  switch (kind) {
    case Kind::full: return std::make_unique<FullGenerator>(std::move(targets), std::move(options), init);
    case Kind::low_rank: return std::make_unique<LowRankGenerator>(std::move(targets), 1, std::move(options), init);
    case Kind::chunked:
      return std::make_unique<ChunkedGenerator>(std::move(targets), ChunkOptions{.size = 7, .embedding_size = 3},
                                                std::move(options), init);
  }
  return nullptr;
}

/// conv 1 -> 2 of 2 x 2, relu, linear 8 -> 3; x [n, 1, 3, 3].
std::unique_ptr<nn::Sequential> small_net(RandomStream& init) {
  return std::make_unique<nn::Sequential>(std::make_unique<nn::Conv2d>(1, 2, nn::Conv2dOptions{.kernel_size = 2}, init),
                                          std::make_unique<nn::Tanh>(), std::make_unique<nn::Flatten>(),
                                          std::make_unique<nn::Linear>(8, 3, init));
}

/// Pooled over draws of z: mean square of the deviation from `mean`.
double spread(const std::vector<Tensor>& draws, double mean_of_all) {
  double sum = 0;
  for (const Tensor& draw : draws) sum += mean(square(draw - mean_of_all)).item();
  return sum / static_cast<double>(draws.size());
}

}  // namespace

TEST_CASE("generated_weights: all, the named, the chosen, with the statistics of the target's own") {
  Streams streams(1);
  const auto net = small_net(streams.init);
  const TargetWeights all = generated_weights(*net);
  REQUIRE(all.size() == 4);
  CHECK(all[0].name == "0.weight");
  CHECK(all[3].shape == Shape{3});
  CHECK(numel_of(all) == net->num_parameters());
  const WeightStatistics own = statistics_of(net->state_dict().at("3.weight"));
  CHECK(all[2].mean == own.mean);
  CHECK(all[2].variance == own.variance);
  const TargetWeights named = generated_weights(*net, {"3.weight", "0.weight"});
  REQUIRE(named.size() == 2);
  CHECK(named[0].name == "0.weight");
  const TargetWeights biases =
      generated_weights(*net, [](const std::string&, const Tensor& w) { return w.rank() == 1; });
  REQUIRE(biases.size() == 2);
  CHECK(biases[0].name == "0.bias");
}

TEST_CASE("with_hyperfan: the variances of Chang et al., and others as they were") {
  Streams streams(1);
  nn::Sequential net(std::make_unique<nn::Linear>(6, 20, streams.init), std::make_unique<nn::LayerNorm>(Shape{20}),
                     std::make_unique<nn::Conv2d>(20, 4, nn::Conv2dOptions{.kernel_size = 3}, streams.init));
  const TargetWeights all = generated_weights(net), in = with_hyperfan(all, nn::init::Fan::in, true),
                      out = with_hyperfan(all, nn::init::Fan::out);
  CHECK(in[0].variance == doctest::Approx(2 * 0.5 / 6));
  CHECK(in[1].variance == doctest::Approx(2 * 0.5));
  CHECK(in[1].mean == 0);
  CHECK(in[2].mean == 1);
  CHECK(in[2].variance == 0);
  CHECK(in[4].variance == doctest::Approx(2 * 0.5 / 180));
  CHECK(out[0].variance == doctest::Approx(1.0 / 20));
  CHECK(out[1].variance == doctest::Approx(1 - 6.0 / 20));
  CHECK(out[4].variance == doctest::Approx(1.0 / 36));
  CHECK(out[5].variance == 0);
  const TargetWeights alone = with_hyperfan(generated_weights(net, {"0.weight"}), nn::init::Fan::in);
  CHECK(alone[0].variance == doctest::Approx(1.0 / 6));
}

TEST_CASE("generators: a net runs with one set of weights, and with one a sample") {
  for (const Kind kind : kKinds) {
    Streams streams(2);
    const auto net = small_net(streams.init);
    const auto generator =
        make_generator(kind, generated_weights(*net), {.embedding_size = 4, .hidden_sizes = {6}}, streams.init);
    const Tensor z = random_normal({3, 4}, streams.sample), x = random_normal({3, 1, 3, 3}, streams.sample);
    const nn::Weights each = (*generator)(z);
    CHECK(each.at("0.weight").shape() == Shape{3, 2, 1, 2, 2});
    const Tensor y = nn::functional_call(*net, each, x).value();
    for (int64_t i = 0; i < 3; ++i) {
      const nn::Weights one = (*generator)(z.select(0, i));
      CHECK(one.at("0.weight").shape() == Shape{2, 1, 2, 2});
      const Tensor expected = nn::functional_call(*net, one, x.slice(0, i, i + 1)).value();
      CHECK(largest_difference(y.slice(0, i, i + 1), expected) < 1e-5);
    }
    CHECK(largest_difference(y.slice(0, 0, 1), y.slice(0, 1, 2)) > 1e-3);
  }
}

TEST_CASE("generators: derivatives through the net to z and to the generator, first and second") {
  for (const Kind kind : kKinds) {
    Streams streams(3);
    const auto net = small_net(streams.init);
    const auto generator = make_generator(kind, generated_weights(*net, {"0.weight", "0.bias", "3.weight"}),
                                          {.embedding_size = 2, .target_embedding_size = 2}, streams.init);
    generator->to(DType::float64);
    net->to(DType::float64);
    std::vector<Tensor> inputs{random_normal({2, 2}, streams.sample, 0, 1, {.dtype = DType::float64}),
                               random_normal({2, 1, 3, 3}, streams.sample, 0, 1, {.dtype = DType::float64})};
    std::vector<std::string> names;
    for (const auto& [name, parameter] : generator->named_parameters()) {
      names.push_back(name);
      inputs.push_back(parameter.value() +
                       random_normal(parameter.shape(), streams.sample, 0, 0.1, {.dtype = DType::float64}));
    }
    const auto f = [&](const std::vector<Variable>& in) {
      nn::Weights own;
      for (size_t i = 0; i < names.size(); ++i) own[names[i]] = in[i + 2];
      return nn::functional_call(*generator, own,
                                 [&] { return nn::functional_call(*net, (*generator)(in[0]), in[1]); });
    };
    CHECK(gradcheck(f, inputs) == "");
    CHECK(gradgradcheck(f, inputs) == "");
  }
}

TEST_CASE("generators: over z, weights start with the target's mean and variance, and so pass the start-up check") {
  for (const Kind kind : kKinds) {
    for (const std::vector<int64_t>& hidden : {std::vector<int64_t>{}, std::vector<int64_t>{64, 64}}) {
      Streams streams(4);
      nn::Sequential net(std::make_unique<nn::Linear>(40, 50, streams.init), std::make_unique<nn::LayerNorm>(Shape{50}),
                         std::make_unique<nn::Linear>(50, 30, streams.init));
      const TargetWeights made = generated_weights(net);
      const auto generator = make_generator(
          kind, made, {.embedding_size = 16, .hidden_sizes = hidden, .embedding_variance = 4}, streams.init);
      std::map<std::string, std::vector<Tensor>> draws;
      nn::Weights one;
      for (int i = 0; i < 20; ++i) {
        one = (*generator)(random_normal({16}, streams.sample, 0, 2));
        for (const auto& [name, weight] : one) draws[name].push_back(weight.value());
      }
      CHECK(startup_check(net, one).warning() == "");
      for (const GeneratedWeight& weight : made) {
        CAPTURE(weight.name);
        CHECK(spread(draws.at(weight.name), weight.mean) == doctest::Approx(weight.variance).epsilon(0.4));
      }
    }
  }
}

TEST_CASE("generators learn which weight belongs to which z, from the target alone") {
  // y = (a z) x for every z: a net of one weight, whose generator has to find a = 3.
  for (const Kind kind : kKinds) {
    Streams streams(5);
    nn::Linear target(1, 1, streams.init);
    const auto generator =
        make_generator(kind, generated_weights(target), {.embedding_size = 1, .hidden_sizes = {16}}, streams.init);
    nn::optim::Adam adam(generator->parameters(), {.lr = 0.02});
    double last = 0;
    for (int step = 0; step < 300; ++step) {
      const Tensor z = random_uniform({32, 1}, streams.sample, -1, 1), x = random_normal({32, 1}, streams.sample);
      Tape tape;
      const Variable loss = nn::mse_loss(nn::functional_call(target, (*generator)(z), x), 3 * z * x);
      tape.backward(loss);
      adam.step();
      adam.zero_grad();
      last = loss.item();
    }
    CHECK(last < 0.05);
  }
}

TEST_CASE("generators: one for several layers and nets shares its heads where names and shapes agree") {
  Streams streams(6);
  nn::Linear a(4, 4, streams.init), b(4, 4, streams.init), c(4, 2, streams.init);
  FullGenerator generator({generated_weights(a), generated_weights(b), generated_weights(c)},
                          {.target_embedding_size = 5}, streams.init);
  CHECK(generator.num_targets() == 3);
  CHECK(generator.target_embedding.shape() == Shape{3, 5});
  // [4, 4] and [4] for a and b together, [2, 4] and [2] for c.
  CHECK(generator.num_parameters() == 3 * 5 + (16 + 4 + 8 + 2) * 6);
  const nn::Weights of_a = generator(0), of_b = generator(1), of_c = generator(2);
  CHECK(largest_difference(of_a.at("weight").value(), of_b.at("weight").value()) > 1e-3);
  CHECK(of_c.at("weight").shape() == Shape{2, 4});
  Tape tape;
  const Variable x = random_normal({2, 4}, streams.sample);
  const Variable hidden = nn::functional_call(b, generator(1), nn::functional_call(a, generator(0), x));
  tape.backward(sum(square(nn::functional_call(c, generator(2), hidden))));
  for (const auto& [name, parameter] : generator.named_parameters()) {
    CAPTURE(name);
    CHECK(max(abs(parameter.grad())).item() > 0);
  }
}

TEST_CASE("FullGenerator: a head that targets share starts between what they state, whichever comes first") {
  const TargetWeights a{{"w", {40, 50}, 1, 4}, {"b", {30}, 0.5, 0}}, b{{"w", {40, 50}, 3, 0}, {"b", {30}, 0.5, 0}},
      c{{"w", {40, 50}, 5, 2}, {"own", {30, 60}, 7, 9}};
  for (const std::vector<TargetWeights>& order : {std::vector{a, b, c}, std::vector{c, b, a}, std::vector{b, a, c}}) {
    Streams streams(6);
    FullGenerator generator(order, {.embedding_size = 4, .target_embedding_size = 12}, streams.init);
    CHECK(generator.num_parameters() == 3 * 12 + (2000 + 30 + 1800) * 17);
    for (const auto& [name, parameter] : generator.named_parameters()) {
      const double first = parameter.value().flatten().at({0}), square_mean = mean(square(parameter.value())).item();
      if (parameter.shape() == Shape{2000}) CHECK(first == 3);
      if (parameter.shape() == Shape{30}) CHECK(first == 0.5);
      if (parameter.shape() == Shape{1800}) CHECK(first == 7);
      if (parameter.shape() == Shape{2000, 16}) CHECK(square_mean == doctest::Approx(2.0 / 16).epsilon(0.05));
      if (parameter.shape() == Shape{30, 16}) CHECK(square_mean == 0);
      if (parameter.shape() == Shape{1800, 16}) CHECK(square_mean == doctest::Approx(9.0 / 16).epsilon(0.05));
    }
  }
}

TEST_CASE("ChunkedGenerator: targets of any size from one network; the last chunk is cut") {
  Streams streams(7);
  nn::Linear small(3, 2, streams.init), large(5, 6, streams.init);
  ChunkedGenerator generator({generated_weights(small), generated_weights(large)}, {.size = 10, .embedding_size = 3},
                             {.embedding_size = 2, .hidden_sizes = {4}}, streams.init);
  CHECK(generator.chunk_embedding.shape() == Shape{1 + 4, 3});  // 8 and 36 numbers
  CHECK(generator.num_parameters() == (5 * 4 + 4) + 10 * 5 + 5 * 3 + 2 * 4);
  const Variable z = random_normal({2}, streams.sample);
  const nn::Weights made = generator(1, z);
  CHECK(made.at("weight").shape() == Shape{6, 5});
  CHECK(made.at("bias").shape() == Shape{6});
  // Bias is what follows the 30 numbers of weight: the first six of the fourth chunk.
  const Tensor inputs = cat({z.value(), generator.chunk_embedding.value().select(0, 4)}, 0);
  const nn::StateDict state = generator.state_dict();
  const Tensor e = relu(matmul(state.at("hidden.0.weight"), inputs) + state.at("hidden.0.bias"));
  const Tensor chunk = matmul(state.at("weight"), e) + state.at("bias");
  const Tensor bias = chunk.slice(0, 0, 6) * state.at("deviation").select(0, 3) + state.at("mean").select(0, 3);
  CHECK(largest_difference(made.at("bias").value(), bias) < 1e-6);
}

TEST_CASE("LowRankGenerator: matrices of that rank where they take fewer numbers, the rest whole") {
  Streams streams(8);
  nn::Sequential net(std::make_unique<nn::Linear>(6, 6, streams.init), std::make_unique<nn::Linear>(6, 2, streams.init),
                     std::make_unique<nn::Conv2d>(3, 6, nn::Conv2dOptions{.kernel_size = 2}, streams.init));
  LowRankGenerator generator(generated_weights(net), 2, {.embedding_size = 3}, streams.init);
  // 6 x 6 as 2 x 12 numbers; 2 x 6 whole, 2 x 8 would be more; 6 x 12 as 2 x 18; biases whole.
  CHECK(generator.num_parameters() == (24 + 6 + 12 + 2 + 36 + 6) * 4);
  const nn::Weights made = generator(random_normal({3}, streams.sample));
  const auto rank_of = [](const Tensor& w) {  // of W W^T, by elimination in the pivots of its QR
    const Tensor matrix = w.reshape({w.size(0), w.numel() / w.size(0)}).to(DType::float64);
    int64_t rank = 0;
    Tensor rest = matrix.clone();
    while (max(abs(rest)).item() > 1e-5) {  // take away the largest row's direction
      const Tensor norms = sum(square(rest), {1});
      const Tensor row = rest.select(0, argmax(norms).item<int64_t>());
      rest = rest - matmul(rest, row).unsqueeze(1) * row.unsqueeze(0) / sum(square(row));
      ++rank;
    }
    return rank;
  };
  CHECK(rank_of(made.at("0.weight").value()) == 2);
  CHECK(rank_of(made.at("1.weight").value()) == 2);
  CHECK(rank_of(made.at("2.weight").value()) == 2);
  LowRankGenerator full(generated_weights(net), 3, {.embedding_size = 3}, streams.init);
  CHECK(rank_of(full(random_normal({3}, streams.sample)).at("0.weight").value()) == 6);  // 3 x 12 is no saving
}

TEST_CASE("generators: what is saved makes the same weights in another of their kind") {
  for (const Kind kind : kKinds) {
    Streams streams(9), others(10);
    const auto net = small_net(streams.init), other_net = small_net(others.init);
    const WeightGeneratorOptions options{.embedding_size = 2, .target_embedding_size = 3, .hidden_sizes = {4}};
    const auto generator = make_generator(kind, generated_weights(*net), options, streams.init);
    const auto other = make_generator(kind, generated_weights(*other_net), options, others.init);
    other->load_state_dict(generator->state_dict());
    const Variable z = random_normal({2}, streams.sample);
    const nn::Weights weights = (*generator)(z), loaded = (*other)(z);
    for (const auto& [name, weight] : weights) CHECK(largest_difference(weight.value(), loaded.at(name).value()) == 0);
  }
}

TEST_CASE("choosing and cutting weights says what is wrong") {
  Streams streams(1);
  nn::Linear layer(2, 3, streams.init);
  CHECK(error_of([&] {
          cut_weights(zeros({2, 8}), generated_weights(layer));
        }) == "cut_weights: numbers is [2, 8] float32 cpu; hint: [n, 9]");
  CHECK(contains(error_of([&] { cut_weights(zeros({9}), generated_weights(layer)); }), "numbers is [9]"));
  CHECK(error_of([&] {
          generated_weights(layer, {"wait", "bias", "bias"});
        }) == "generated_weights: 2 problems: Linear has no parameter 'wait'; 'bias' is named twice");
  CHECK(error_of([&] { generated_weights(layer, std::vector<std::string>{}); }) ==
        "generated_weights: no parameter of Linear is chosen; hint: it has 2");
}

TEST_CASE("generators say what does not fit") {
  Streams streams(1);
  nn::Linear layer(2, 3, streams.init);
  const TargetWeights made = generated_weights(layer);
  const auto full = [&](Targets targets, WeightGeneratorOptions options) {
    return error_of([&] { FullGenerator(std::move(targets), std::move(options), streams.init); });
  };
  CHECK(full(made, {}) ==
        "FullGenerator: embedding_size is 0, target_embedding_size 0, embedding_variance 1; hint: sizes of at least 0 "
        "and not both 0, a positive variance");
  CHECK(contains(full(made, {.embedding_size = -1, .target_embedding_size = 2}), "embedding_size is -1"));
  CHECK(contains(full(made, {.embedding_size = 2, .embedding_variance = 0}), "embedding_variance 0"));
  CHECK(full(made, {.embedding_size = 2, .hidden_sizes = {0}}) ==
        "FullGenerator: a hidden size is 0; hint: at least 1");
  CHECK(full(std::vector<TargetWeights>{}, {.embedding_size = 2}) == "FullGenerator: there is no target");
  for (const Kind kind : kKinds) {
    for (const Shape& shape : {Shape{0, 3}, Shape{3, 0}, Shape{0}, Shape{2, 0, 3}}) {
      const TargetWeights empty{{"w", shape}};
      CHECK(contains(error_of([&] {
                       make_generator(kind, {made, empty}, {.embedding_size = 2}, streams.init);
                     }),
                     fmt::format("target 1 has a weight without elements: 'w' is {}; hint", to_string(shape))));
    }
  }
  CHECK(full({made, {}}, {.embedding_size = 2}) == "FullGenerator: target 1 has no generated weight");
  for (const int64_t rank : {0, -1}) {
    CHECK(error_of([&] { LowRankGenerator(made, rank, {.embedding_size = 2}, streams.init); }) ==
          fmt::format("LowRankGenerator: rank is {}; hint: at least 1", rank));
  }
  CHECK(error_of([&] { ChunkedGenerator(made, {.size = 0}, {.embedding_size = 2}, streams.init); }) ==
        "ChunkedGenerator: chunks are of size 0 with embeddings of 8; hint: both are at least 1");
  CHECK(contains(
      error_of([&] { ChunkedGenerator(made, {.size = 4, .embedding_size = 0}, {.embedding_size = 2}, streams.init); }),
      "with embeddings of 0"));
}

TEST_CASE("generators say which z and which target they take") {
  Streams streams(1);
  nn::Linear layer(2, 3, streams.init);
  const TargetWeights made = generated_weights(layer);
  FullGenerator two({made, made}, {.embedding_size = 2}, streams.init);
  CHECK(error_of([&] { two(Variable(zeros({2}))); }) ==
        "FullGenerator: there are 2 targets; hint: generator(target, z)");
  CHECK(error_of([&] { two(2, zeros({2})); }) == "FullGenerator: target 2 is out of range: there are 2");
  CHECK(error_of([&] { two(0, zeros({3})); }) ==
        "FullGenerator: z is [3] float32 cpu, embedding_size is 2; hint: z is [embedding_size] or [n, embedding_size], "
        "and none where it is 0");
  CHECK(contains(error_of([&] { two(0, zeros({1, 2, 2})); }), "z is [1, 2, 2]"));
  CHECK(contains(error_of([&] { two(0); }), "z is undefined, embedding_size is 2"));
  FullGenerator learnt(made, {.target_embedding_size = 2}, streams.init);
  CHECK(contains(error_of([&] { learnt(zeros({0})); }), "z is [0] float32 cpu, embedding_size is 0"));
}
