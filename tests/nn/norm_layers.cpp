// tests/nn/norm_layers.cpp: norms and embeddings against PyTorch's numbers
#include "tests/nn/torch_case.h"

using namespace weft;
using namespace weft::test;

namespace {

template <class L>
void check_norm(const std::string& name, L&& layer) {
  TorchCase("norm", name).check(layer);
}

}  // namespace

TEST_CASE("batch norm equals PyTorch: outputs, gradients and running statistics") {
  check_norm("batch_norm1d", nn::BatchNorm1d(3));
  check_norm("batch_norm1d_length", nn::BatchNorm1d(3, {.momentum = 0.3}));
  check_norm("batch_norm1d_average", nn::BatchNorm1d(2, {.momentum = {}}));
  check_norm("batch_norm2d", nn::BatchNorm2d(2));
  check_norm("batch_norm2d_plain",
             nn::BatchNorm2d(2, {.affine = nn::Affine::no, .track_running_stats = nn::TrackRunningStats::no}));
  nn::BatchNorm2d trained(2, {.eps = 1e-3});
  trained.eval();
  check_norm("batch_norm2d_eval", trained);
}

TEST_CASE("layer norm, group norm, RMS norm and Embedding equal PyTorch") {
  Streams streams(1);
  check_norm("layer_norm", nn::LayerNorm(5));
  check_norm("layer_norm_two_axes", nn::LayerNorm(Shape{2, 3}, 1e-2));
  check_norm("group_norm", nn::GroupNorm(2, 4));
  check_norm("group_norm_instance", nn::GroupNorm(3, 3));
  const auto check_rms_norm = [](const char* name, nn::RMSNorm layer) { TorchCase("rms_norm", name).check(layer); };
  check_rms_norm("rms_norm", nn::RMSNorm(4, 1e-5));
  check_rms_norm("rms_norm_two_axes", nn::RMSNorm(Shape{2, 3}, 1e-2));
  check_rms_norm("rms_norm_plain", nn::RMSNorm(5, 1e-3, nn::Affine::no));
  nn::RMSNorm own_eps(4);
  TorchCase("rms_norm", "rms_norm_own_eps").check(own_eps, [&](const Named& in) -> Named {
    return {{"y", own_eps(1e-8 * in.at("x"))}};
  });
  check_norm("embedding", nn::Embedding(5, 3, streams.init, 1));
}

TEST_CASE("norms without weights keep mean 0 and variance 1") {
  Streams streams(2);
  const Tensor x = random_normal({4, 6}, streams.sample, 3, 2);
  nn::LayerNorm plain(6, 1e-5, nn::Affine::no);
  CHECK(plain.parameters().empty());
  const Tensor y = plain(x).value();
  CHECK(max(abs(mean(y, {1}))).item() < 1e-6);
  CHECK(max(abs(var(y, {1}, Keep::no, 0) - 1)).item() < 1e-4);
  CHECK(nn::LayerNorm(6, 1e-5, nn::Affine::yes, nn::Bias::no).parameters().size() == 1);
  CHECK(nn::RMSNorm(6, 1e-5, nn::Affine::no).parameters().empty());
  nn::GroupNorm groups(6, 6, 1e-5, nn::Affine::no);
  CHECK(max(abs(groups(x).value())).item() == 0);  // one element a group
}

TEST_CASE("a batch norm call that throws leaves the running statistics alone") {
  nn::BatchNorm1d norm(2);
  norm.bias = nn::Parameter(zeros({3}));
  CHECK(contains(error_of([&] { norm(tensor<float>({1, 2, 3, 5}, Shape{2, 2})); }), "scale_channels: bias is [3]"));
  CHECK(norm.num_batches_tracked.item() == 0);
  CHECK(max(abs(norm.running_mean)).item() == 0);
  CHECK(min(norm.running_var).item() == 1);
  CHECK(max(norm.running_var).item() == 1);
}

TEST_CASE("RMSNorm without eps adds the machine epsilon of x's dtype") {
  const Tensor x = full({1, 3}, 1e-4, {.dtype = DType::float64});
  nn::RMSNorm plain(3, {}, nn::Affine::no);
  CHECK(plain(x).value().at({0, 0}) == doctest::Approx(1 / std::sqrt(1 + std::ldexp(1e8, -52))).epsilon(1e-12));
  CHECK(plain(x.to(DType::float32)).value().at({0, 0}) ==
        doctest::Approx(1 / std::sqrt(1 + std::ldexp(1e8, -23))).epsilon(1e-5));
  CHECK(contains(error_of([&] { plain(zeros({1, 3}, {.dtype = DType::int64})); }), "RMSNorm: needs a floating dtype"));
}

TEST_CASE("Embedding: the padding row starts as 0 and stays; pretrained rows are the layer's") {
  Streams streams(3);
  nn::Embedding drawn(4, 2, streams.init, -1);
  CHECK(max(abs(drawn.weight.value().select(0, 3))).item() == 0);
  CHECK(max(abs(drawn.weight.value().select(0, 0))).item() > 0);
  nn::Embedding pretrained(tensor<float>({1, 2, 3, 4}, Shape{2, 2}));
  CHECK(pretrained(tensor<int64_t>({1, 0})).value().to_vector<float>() == std::vector<float>{3, 4, 1, 2});
}

TEST_CASE("norms and embeddings refuse what does not fit") {
  Streams streams(1);
  CHECK(contains(error_of([] { nn::BatchNorm1d(0); }), "BatchNorm1d: num_features is 0"));
  CHECK(contains(error_of([] { nn::BatchNorm1d(3)(zeros({2, 4})); }), "BatchNorm1d: x is [2, 4] float32"));
  CHECK(contains(error_of([] { nn::BatchNorm2d(3)(zeros({2, 3})); }), "hint: it is [n, 3, h, w]"));
  CHECK(contains(error_of([] { nn::BatchNorm1d(3)(zeros({1, 3})); }), "one value a channel, or none, has no"));
  nn::BatchNorm1d norm(3);
  CHECK(contains(error_of([&] {
                   norm(zeros({2, 3}, {.dtype = DType::float64}));
                 }),
                 "the layer is float32; hint: cast"));
  CHECK(contains(error_of([&] { norm(zeros({0, 3})); }), "x is [0, 3] float32"));
  CHECK(norm.num_batches_tracked.item() == 0);
  CHECK(contains(error_of([] { nn::LayerNorm(Shape{}); }), "LayerNorm: normalized_shape is []"));
  CHECK(contains(error_of([] { nn::RMSNorm(0); }), "RMSNorm: normalized_shape is [0]"));
  CHECK(contains(error_of([] {
                   nn::LayerNorm(3)(zeros({2, 4}));
                 }),
                 "layer_norm: normalized_shape is [3], x is [2, 4]"));
  CHECK(contains(error_of([] { nn::RMSNorm(3)(zeros({2, 4})); }), "rms_norm: normalized_shape is [3]"));
  CHECK(contains(error_of([] { nn::GroupNorm(2, 3); }), "GroupNorm: 3 channels cannot be cut into 2 groups"));
  CHECK(contains(error_of([] { nn::GroupNorm(2, 4)(zeros({2, 3})); }), "GroupNorm: x is [2, 3] float32"));
  CHECK(contains(error_of([&] { nn::Embedding(0, 3, streams.init); }), "Embedding: num_embeddings is 0"));
  CHECK(
      contains(error_of([&] { nn::Embedding(2, 3, streams.init, 2); }), "padding_idx 2 is out of range: there are 2"));
  CHECK(contains(error_of([] { nn::Embedding(zeros({2, 3}), -3); }), "padding_idx -3 is out of range: there are 2"));
  CHECK(contains(error_of([] { nn::Embedding(zeros({3})); }), "Embedding: the rows are [3] float32"));
}
