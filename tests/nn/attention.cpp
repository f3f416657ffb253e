// tests/nn/attention.cpp: attention and transformer layers against PyTorch's numbers
#include "tests/nn/torch_case.h"

using namespace weft;
using namespace weft::test;

namespace {

void check_attention(const std::string& name, const nn::AttentionMask& mask = {}, nn::Bias bias = nn::Bias::yes,
                     std::optional<int64_t> kdim = {}, std::optional<int64_t> vdim = {}) {
  Streams streams(1);
  nn::MultiheadAttention layer(4, 2, streams, 0, bias, kdim, vdim);
  const TorchCase torch("attention", name);
  const auto weights =
      torch.at("out/weights").rank() == 3 ? nn::AttentionWeights::average : nn::AttentionWeights::per_head;
  torch.check(layer, [&](const Named& in) {
    const nn::Attention result = in.contains("key") ? layer(in.at("query"), in.at("key"), in.at("value"), mask, weights)
                                                    : layer(in.at("query"), mask, weights);
    return Named{{"y", result.output}, {"weights", result.weights}};
  });
}

const Tensor& padding() {
  static const Tensor mask = tensor<bool>({false, false, true, false, true, false}, Shape{2, 3});
  return mask;
}

Tensor later_keys(int64_t n) { return logical_not(tril_mask(n, n, 0, default_device())); }

}  // namespace

TEST_CASE("MultiheadAttention equals PyTorch: self, cross, masks, weights, all gradients") {
  check_attention("self");
  check_attention("cross");
  check_attention("padding", {.key_padding = padding()});
  check_attention("causal", {.causal = nn::Causal::yes});
  check_attention("causal", {.attention = later_keys(3)});
  check_attention("biased", {.attention = TorchCase("attention", "biased").at("mask")});
  check_attention("no_bias", {}, nn::Bias::no);
  check_attention("own_sizes", {.key_padding = padding()}, nn::Bias::yes, 3, 5);
}

TEST_CASE("MultiheadAttention with keys of their own size says what does not fit") {
  Streams streams(1);
  nn::MultiheadAttention layer(4, 2, streams, 0, nn::Bias::yes, 3);
  const Variable x(zeros({2, 3, 4})), key(zeros({2, 3, 3}));
  CHECK(layer(x, key, x).output.shape() == Shape{2, 3, 4});
  CHECK(contains(error_of([&] { layer(x); }),
                 "MultiheadAttention: key is [2, 3, 4] float32 cpu; hint: batch first, [n, length, 3]"));
  CHECK(contains(error_of([&] { layer(x, key, key); }),
                 "value is [2, 3, 3] float32 cpu; hint: batch first, [n, length, 4]"));
  CHECK(contains(error_of([&] { nn::MultiheadAttention(4, 2, streams, 0, nn::Bias::yes, 0); }), "kdim is 0, vdim 4"));
}

TEST_CASE("MultiheadAttention: x as query, key and value is self-attention; masks combine") {
  Streams streams(2);
  nn::MultiheadAttention layer(6, 3, streams);
  const Variable x(random_normal({2, 3, 6}, streams.sample));
  const nn::Attention own = layer(x), three = layer(x, x, x);
  CHECK(largest_difference(own.output.value(), three.output.value()) < 1e-6);
  const Tensor scores = where(later_keys(3), Scalar(-INFINITY), zeros({3, 3}));
  const nn::AttentionMask as_bool{.key_padding = padding(), .attention = later_keys(3)};
  const nn::AttentionMask as_float{.key_padding = padding(), .attention = scores};
  const nn::AttentionMask by_head{.key_padding = padding(), .attention = later_keys(3).expand({6, 3, 3}).contiguous()};
  const Tensor wanted = layer(x, as_bool).output.value();
  CHECK(largest_difference(layer(x, as_float).output.value(), wanted) < 1e-6);
  CHECK(largest_difference(layer(x, by_head).output.value(), wanted) < 1e-6);
  CHECK(largest_difference(own.output.value(), wanted) > 1e-3);
  CHECK_FALSE(layer(x, {}, nn::AttentionWeights::none).weights.defined());
}

TEST_CASE("scaled_dot_product_attention: by hand, with masks, to second order") {
  const auto ln = [](double x) { return static_cast<float>(std::log(x)); };
  // d = 1: scores are q k, so that the weights are 1/4 and 3/4.
  const Variable q(tensor<float>({1}, Shape{1, 1})), k(tensor<float>({0, ln(3)}, Shape{2, 1}));
  const Variable v(tensor<float>({4, 8}, Shape{2, 1}));
  const nn::Attention plain = nn::scaled_dot_product_attention(q, k, v);
  CHECK(plain.output.item() == doctest::Approx(7));
  CHECK(plain.weights.value().at({0, 1}) == doctest::Approx(0.75));
  const Variable first(tensor<bool>({true, false}, Shape{1, 2}));
  CHECK(nn::scaled_dot_product_attention(q, k, v, {.mask = first}).output.item() == doctest::Approx(4));
  CHECK(nn::scaled_dot_product_attention(q, k, v, {.causal = nn::Causal::yes}).output.item() == doctest::Approx(4));
  Streams streams(3);
  const auto f = [](const std::vector<Variable>& in) {
    return nn::scaled_dot_product_attention(in[0], in[1], in[2], {.mask = in[3], .causal = nn::Causal::yes}).output;
  };
  std::vector<Tensor> inputs;
  for (const Shape& shape : {Shape{2, 2, 3}, Shape{2, 3, 3}, Shape{2, 3, 2}, Shape{2, 3}}) {
    inputs.push_back(random_normal(shape, streams.sample, 0, 1, {.dtype = DType::float64}));
  }
  CHECK(gradcheck(f, inputs) == "");
  CHECK(gradgradcheck(f, inputs) == "");
}

TEST_CASE("a query that may look at nothing gives 0, and every gradient stays finite") {
  Streams streams(6);
  nn::MultiheadAttention layer(4, 2, streams);
  const Variable x(random_normal({2, 3, 4}, streams.sample));
  const Tensor none = tensor<bool>({true, true, true, false, false, false}, Shape{2, 3});
  const Tensor later = where(later_keys(3), Scalar(-INFINITY), zeros({3, 3}));
  const std::vector<nn::AttentionMask> masks{{.key_padding = none},
                                             {.key_padding = none, .attention = later_keys(3)},
                                             {.key_padding = none, .attention = later},
                                             {.key_padding = none, .causal = nn::Causal::yes}};
  for (const nn::AttentionMask& mask : masks) {
    layer.zero_grad();
    Tape tape;
    const nn::Attention result = layer(x, mask);
    CHECK(max(abs(result.weights.value().select(0, 0))).item() == 0);
    CHECK(min(sum(result.weights.value().select(0, 1), {1})).item() == doctest::Approx(1));
    CHECK(largest_difference(result.output.value().select(0, 0), layer.out_proj.bias.value().expand({3, 4})) == 0);
    tape.backward(sum(square(result.output)));
    for (const auto& [path, parameter] : layer.named_parameters()) {
      CAPTURE(path);
      CHECK(std::isfinite(sum(parameter.grad()).item()));
    }
  }
  const Variable nothing(tensor<bool>({false}, Shape{}));
  CHECK(max(abs(nn::scaled_dot_product_attention(x, x, x, {.mask = nothing}).output.value())).item() == 0);
}

TEST_CASE("TransformerEncoderLayer and TransformerEncoder equal PyTorch") {
  Streams streams(1);
  const nn::TransformerOptions options{.dim_feedforward = 6, .dropout = 0};
  nn::TransformerEncoderLayer post(4, 2, options, streams);
  TorchCase("attention", "encoder_layer").check(post);
  nn::TransformerOptions pre_options = options;
  pre_options.norm_first = nn::NormFirst::yes;
  pre_options.activation = nn::FeedForwardActivation::gelu;
  nn::TransformerEncoderLayer pre(4, 2, pre_options, streams);
  TorchCase("attention", "encoder_layer_gelu").check(pre);
  nn::TransformerEncoder stack(2, 4, 2, {.dim_feedforward = 5, .dropout = 0, .norm_first = nn::NormFirst::yes}, streams,
                               nn::FinalNorm::yes);
  TorchCase("attention", "encoder").check(stack, [&](const Named& in) {
    return Named{{"y", stack(in.at("x"), {.key_padding = padding()})}};
  });
}

TEST_CASE("TransformerEncoder: without a mask, with dropout while training") {
  Streams streams(4);
  nn::TransformerEncoder stack(1, 4, 2, {.dim_feedforward = 8, .dropout = 0.5}, streams);
  const Variable x(random_normal({2, 3, 4}, streams.sample));
  CHECK(largest_difference(stack(x).value(), stack(x).value()) > 1e-3);
  stack.eval();
  CHECK(largest_difference(stack(x).value(), stack(x).value()) == 0);
  CHECK(largest_difference(stack(x).value(), stack.layers[0](x).value()) == 0);
}

TEST_CASE("masks merged once are the masks, for a layer and for a stack") {
  Streams streams(6);
  nn::TransformerEncoder stack(2, 4, 2, {.dim_feedforward = 8, .dropout = 0}, streams);
  const nn::MultiheadAttention& layer = stack.layers[0].self_attn;
  const Variable x(random_normal({2, 3, 4}, streams.sample));
  const Tensor scores = random_normal({4, 3, 3}, streams.sample), later = later_keys(3);
  using nn::Causal;
  for (const nn::AttentionMask& mask : std::vector<nn::AttentionMask>{{.key_padding = padding()},
                                                                      {.attention = scores},
                                                                      {.key_padding = padding(), .attention = later},
                                                                      {.key_padding = padding(), .attention = scores},
                                                                      {.key_padding = padding(), .causal = Causal::yes},
                                                                      {.attention = scores, .causal = Causal::yes},
                                                                      {.causal = Causal::yes},
                                                                      {}}) {
    const nn::AttentionMask once = layer.merged(mask, x, x), twice = layer.merged(once, x, x);
    CHECK_FALSE(once.key_padding.defined());
    CHECK((once.causal == Causal::no || !once.attention.defined()));
    CHECK(twice.attention.defined() == once.attention.defined());
    Variable y = x;
    for (const auto& each : stack.layers) y = (*each)(y, mask);
    CHECK(largest_difference(stack(x, mask).value(), y.value()) == 0);
  }
  const Tensor both = layer.merged({.key_padding = padding(), .causal = Causal::yes}, x, x).attention;
  CHECK(both.select(0, 0).select(0, 0).to_vector<bool>() ==
        std::vector<bool>{false, true, true, false, false, true, false, false, true});
}

TEST_CASE("positional encoding: sine and cosine of falling frequencies") {
  const Tensor y = nn::sinusoidal_encoding(3, 5, {.dtype = DType::float64});
  CHECK(y.at({0, 0}) == 0);
  CHECK(y.at({0, 1}) == 1);
  CHECK(y.at({2, 1}) == doctest::Approx(std::cos(2.0)));
  CHECK(y.at({2, 2}) == doctest::Approx(std::sin(2 * std::pow(10000, -2.0 / 5))));
  CHECK(y.at({1, 4}) == doctest::Approx(std::sin(std::pow(10000, -4.0 / 5))));
  Streams streams(5);
  nn::PositionalEncoding layer(0, streams.dropout);
  const Tensor added = layer(Variable(ones({2, 3, 5}))).value();
  CHECK(largest_difference(added.select(0, 1), (y + 1).to(DType::float32)) < 1e-6);
  // The table that is kept serves shorter sequences, and gives way to a longer one, another size and another dtype.
  for (const Shape& shape : {Shape{1, 2, 5}, Shape{1, 4, 5}, Shape{1, 20, 5}, Shape{2, 3, 6}, Shape{1, 9, 5}}) {
    for (const DType dtype : {DType::float32, DType::float64}) {
      CAPTURE(to_string(shape));
      const Tensor wanted = nn::sinusoidal_encoding(shape[1], shape[2], {.dtype = dtype});
      const Tensor got = layer(Variable(zeros(shape, {.dtype = dtype}))).value();
      CHECK(got.dtype() == dtype);
      CHECK(largest_difference(got.select(0, 0), wanted) == 0);
    }
  }
  CHECK(layer.state_dict().empty());
}

TEST_CASE("attention and transformers refuse what does not fit") {
  Streams streams(1);
  CHECK(contains(error_of([&] { nn::MultiheadAttention(4, 3, streams); }), "embed_dim 4 cannot be cut into 3 heads"));
  nn::MultiheadAttention layer(4, 2, streams);
  const Variable x(zeros({2, 3, 4})), other(zeros({2, 5, 4}));
  CHECK(contains(error_of([&] { layer(Variable(zeros({3, 4}))); }), "MultiheadAttention: x is [3, 4] float32"));
  CHECK(contains(error_of([&] { layer(x, x, Variable(zeros({2, 3, 3}))); }), "value is [2, 3, 3]"));
  CHECK(contains(error_of([&] { layer(x, other, x); }), "key is [2, 5, 4] float32 cpu, value is [2, 3, 4]"));
  CHECK(contains(error_of([&] { layer(x, {.key_padding = zeros({2, 3})}); }), "key_padding is [2, 3] float32"));
  CHECK(contains(error_of([&] { layer(x, {.attention = zeros({2, 3})}); }), "the attention mask is [2, 3] float32"));
  const Tensor wide = zeros({3, 3}, {.dtype = DType::float64}), counts = zeros({3, 3}, {.dtype = DType::int64});
  CHECK(contains(error_of([&] { layer(x, {.attention = wide}); }), "mask is [3, 3] float64 cpu; hint: bool or, as"));
  CHECK(contains(error_of([&] { layer(x, {.attention = counts}); }), "the attention mask is [3, 3] int64"));
  CHECK(contains(error_of([&] { nn::scaled_dot_product_attention(x, x, x, {.mask = wide}); }),
                 "scaled_dot_product_attention: the mask is [3, 3] float64 cpu; hint: it is bool, or float32 as q"));
  CHECK(contains(error_of([&] {
                   nn::scaled_dot_product_attention(x, Variable(zeros({2, 3, 5})), x);
                 }),
                 "scaled_dot_product_attention: q is [2, 3, 4]"));
  CHECK(contains(error_of([&] { nn::scaled_dot_product_attention(x, x, x, {.dropout = 0.5}); }),
                 "dropout 0.5 needs a stream"));
  for (const double p : {-0.5, 1.5, std::nan("")}) {
    CHECK(contains(
        error_of([&] { nn::scaled_dot_product_attention(x, x, x, {.dropout = p, .stream = &streams.dropout}); }),
        "dropout: p is"));
  }
  CHECK(contains(error_of([&] { nn::TransformerEncoder(0, 4, 2, {}, streams); }), "num_layers is 0"));
  CHECK(contains(error_of([] { nn::sinusoidal_encoding(-1, 4); }), "sinusoidal_encoding: length is -1"));
  const int64_t many = int64_t{1} << 62;
  for (const auto& [length, d] : std::vector<std::pair<int64_t, int64_t>>{{many, 4}, {4, many}, {many, many}}) {
    CHECK(contains(error_of([&, l = length, size = d] { nn::sinusoidal_encoding(l, size); }), "2^63 - 1"));
  }
  CHECK(nn::sinusoidal_encoding(0, many).shape() == Shape{0, many});
  CHECK(contains(error_of([&] {
                   nn::PositionalEncoding(0, streams.dropout)(Variable(zeros({3, 4})));
                 }),
                 "PositionalEncoding: x is [3, 4]"));
  CHECK(contains(error_of([&] { nn::PositionalEncoding(2, streams.dropout); }), "dropout: p is 2"));
}
