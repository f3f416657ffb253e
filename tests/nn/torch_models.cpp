// tests/nn/torch_models.cpp: whole models that PyTorch trained and saved, loaded strictly, give PyTorch's outputs
#include "tests/nn/torch_case.h"

using namespace weft;
using namespace weft::test;

namespace {

/// The module of the same name in make_nn_layer_fixtures.py.
struct Tagger : nn::Layer {
  explicit Tagger(Streams& streams)
      : embedding(7, 4, streams.init, 0),
        lstm(4, 3, {.num_layers = 2, .bidirectional = nn::Bidirectional::yes}, streams),
        norm(6),
        head(6, 2, streams.init) {
    register_child("embedding", embedding);
    register_child("lstm", lstm);
    register_child("norm", norm);
    register_child("head", head);
  }
  std::string_view kind() const override { return "Tagger"; }
  Variable operator()(const Variable& x) override { return head(norm(select(lstm(embedding(x)).output, 1, -1))); }

  nn::Embedding embedding;
  nn::LSTM lstm;
  nn::BatchNorm1d norm;
  nn::Linear head;
};

void check_model(const std::string& name, nn::Layer& model) {
  CAPTURE(name);
  const TorchCase torch("models", name);
  model.load_state_dict(torch.below("state"));
  model.eval();
  CHECK(largest_difference(model(torch.at("in/x")).value(), torch.at("out/y")) < 1e-5);
}

}  // namespace

TEST_CASE("embedding, two bidirectional LSTM layers, batch norm and linear, trained by PyTorch") {
  Streams streams(1);
  Tagger tagger(streams);
  check_model("tagger", tagger);
}

TEST_CASE("a transformer layer saved by PyTorch") {
  Streams streams(1);
  nn::TransformerEncoderLayer layer(8, 2, {.dim_feedforward = 16, .activation = nn::FeedForwardActivation::gelu},
                                    streams);
  check_model("encoder", layer);
}
