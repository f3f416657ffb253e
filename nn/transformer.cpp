// nn/transformer.cpp: the encoder of a transformer
#include "nn/transformer.h"

#include <algorithm>
#include <cmath>

#include "autograd/elementwise.h"
#include "tensor/create.h"

namespace weft::nn {

TransformerEncoderLayer::TransformerEncoderLayer(int64_t d_model, int64_t num_heads, TransformerOptions options,
                                                 Streams& streams)
    : self_attn(d_model, num_heads, streams, options.dropout),
      linear1(d_model, options.dim_feedforward, streams.init),
      linear2(options.dim_feedforward, d_model, streams.init),
      norm1(d_model, options.layer_norm_eps),
      norm2(d_model, options.layer_norm_eps),
      options_(options),
      dropout_(streams.dropout) {
  register_child("self_attn", self_attn);
  register_child("linear1", linear1);
  register_child("linear2", linear2);
  register_child("norm1", norm1);
  register_child("norm2", norm2);
}

Variable TransformerEncoderLayer::drop(const Variable& x) {
  return dropout(x, options_.dropout, dropout_, is_training());
}

Variable TransformerEncoderLayer::attend(const Variable& x, const AttentionMask& mask) {
  return drop(self_attn(x, mask, AttentionWeights::none).output);
}

Variable TransformerEncoderLayer::feed_forward(const Variable& x) {
  const Variable y = linear1(x);
  return drop(linear2(drop(options_.activation == FeedForwardActivation::relu ? relu(y) : gelu(y))));
}

Variable TransformerEncoderLayer::operator()(const Variable& x, const AttentionMask& mask) {
  if (options_.norm_first == NormFirst::yes) {
    const Variable y = x + attend(norm1(x), mask);
    return y + feed_forward(norm2(y));
  }
  const Variable y = norm1(x + attend(x, mask));
  return norm2(y + feed_forward(y));
}

TransformerEncoder::TransformerEncoder(int64_t num_layers, int64_t d_model, int64_t num_heads,
                                       TransformerOptions options, Streams& streams, FinalNorm final_norm) {
  if (num_layers < 1) fail("TransformerEncoder", "num_layers is {}; hint: it is at least 1", num_layers);
  for (int64_t i = 0; i < num_layers; ++i) {
    layers.append(std::make_unique<TransformerEncoderLayer>(d_model, num_heads, options, streams));
  }
  register_child("layers", layers);
  if (final_norm == FinalNorm::no) return;
  norm_ = std::make_unique<LayerNorm>(d_model, options.layer_norm_eps);
  register_child("norm", *norm_);
}

Variable TransformerEncoder::operator()(const Variable& x, const AttentionMask& mask) {
  const AttentionMask merged = layers[0].self_attn.merged(mask, x, x);
  Variable y = x;
  for (const auto& layer : layers) y = (*layer)(y, merged);
  return norm_ ? (*norm_)(y) : y;
}

Tensor sinusoidal_encoding(int64_t length, int64_t d, TensorOptions options) {
  if (length < 0 || d < 1) {
    fail("sinusoidal_encoding", "length is {}, d is {}; hint: at least 0 and at least 1", length, d);
  }
  if (length == 0) return empty({0, d}, options);
  empty({length, d}, {.dtype = DType::float64, .device = cpu});  // says it in words when there is no room
  std::vector<double> frequencies;
  for (int64_t i = 0; i < d; i += 2) frequencies.push_back(std::pow(10000, -static_cast<double>(i) / d));
  std::vector<double> values(static_cast<size_t>(length * d));
  for (int64_t t = 0; t < length; ++t) {
    for (int64_t i = 0; i < d; ++i) {
      const double angle = static_cast<double>(t) * frequencies[static_cast<size_t>(i / 2)];
      values[static_cast<size_t>(t * d + i)] = i % 2 == 0 ? std::sin(angle) : std::cos(angle);
    }
  }
  return from_data(values, {length, d}, options.device).to(options.dtype);
}

PositionalEncoding::PositionalEncoding(double dropout, RandomStream& stream) : dropout_p_(dropout), dropout_(stream) {
  check_probability(dropout);
}

const Tensor& PositionalEncoding::table_for(const Variable& x) {
  const int64_t length = x.size(1), d = x.size(2);
  const bool fits =
      table_.defined() && table_.size(1) == d && table_.dtype() == x.dtype() && table_.device() == x.device();
  if (fits && table_.size(0) >= length) return table_;
  // Twice as long as before, so that a sequence that grows step by step does not remake it at every step.
  const int64_t room = fits ? std::max(length, 2 * table_.size(0)) : length;
  table_ = sinusoidal_encoding(room, d, {.dtype = x.dtype(), .device = x.device()});
  return table_;
}

Variable PositionalEncoding::operator()(const Variable& x) {
  if (x.rank() != 3) fail("PositionalEncoding", "x is {}; hint: it is [n, time, d]", x.value().describe());
  const Variable encoding(table_for(x).slice(0, 0, x.size(1)));
  return dropout(x + encoding, dropout_p_, dropout_, is_training());
}

}  // namespace weft::nn
