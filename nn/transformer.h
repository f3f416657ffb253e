// nn/transformer.h: the encoder of a transformer (Vaswani et al. 2017)
#pragma once
#include "nn/attention.h"
#include "nn/dropout.h"
#include "nn/layer_norm.h"
#include "nn/linear.h"
#include "nn/module_list.h"

namespace weft::nn {

enum class FeedForwardActivation : uint8_t { relu, gelu };
enum class NormFirst : bool { no, yes };

struct TransformerOptions {
  int64_t dim_feedforward = 2048;
  double dropout = 0.1;
  FeedForwardActivation activation = FeedForwardActivation::relu;
  double layer_norm_eps = 1e-5;
  NormFirst norm_first = NormFirst::no;
};

/// With attention a(x) and feed-forward f(x) = linear2(dropout(activation(linear1(x)))), each with dropout behind it:
///   NormFirst::no     y = norm1(x + a(x))        z = norm2(y + f(y))         as in the paper
///   NormFirst::yes    y = x + a(norm1(x))        z = y + f(norm2(y))         which trains without warm-up
/// Batch first: x [n, time, d_model] -> the same.  State names: self_attn, linear1, linear2, norm1, norm2.
class TransformerEncoderLayer : public Layer {
 public:
  /// Throws: as its parts.
  TransformerEncoderLayer(int64_t d_model, int64_t num_heads, TransformerOptions options, Streams& streams);
  std::string_view kind() const override { return "TransformerEncoderLayer"; }
  Variable operator()(const Variable& x) override { return (*this)(x, {}); }
  Variable operator()(const Variable& x, const AttentionMask& mask);

  MultiheadAttention self_attn;
  Linear linear1, linear2;
  LayerNorm norm1, norm2;

 private:
  Variable attend(const Variable& x, const AttentionMask& mask);
  Variable feed_forward(const Variable& x);
  Variable drop(const Variable& x);

  TransformerOptions options_;
  RandomStream& dropout_;
};

enum class FinalNorm : bool { no, yes };

/// num_layers encoder layers, each with weights of its own, and one norm behind the last when it is asked for, as
/// NormFirst::yes wants.  State names: "layers.0", ..., "norm".
class TransformerEncoder : public Layer {
 public:
  /// Throws: num_layers below 1, and as its parts.
  TransformerEncoder(int64_t num_layers, int64_t d_model, int64_t num_heads, TransformerOptions options,
                     Streams& streams, FinalNorm final_norm = FinalNorm::no);
  std::string_view kind() const override { return "TransformerEncoder"; }
  Variable operator()(const Variable& x) override { return (*this)(x, {}); }
  /// Every layer sees the same mask.
  Variable operator()(const Variable& x, const AttentionMask& mask);

  ModuleList<TransformerEncoderLayer> layers;

 private:
  std::unique_ptr<LayerNorm> norm_;
};

/// What tells positions apart: y[t, 2i] = sin(t / 10000^(2i / d)), y[t, 2i + 1] = cos of the same.  -> [length, d],
/// float32 unless `options` say so.  Throws: length below 0, d below 1,
/// more elements than there is room for.
Tensor sinusoidal_encoding(int64_t length, int64_t d, TensorOptions options = {});

/// y = dropout(x + sinusoidal_encoding).  x [n, time, d] -> the same. Nothing is trained or saved, and no longest
/// sequence is set: the table is kept from call to call, and made again for a longer x, another d, dtype or device.
class PositionalEncoding : public Layer {
 public:
  PositionalEncoding(double dropout, RandomStream& stream);  ///< Throws: a probability outside [0, 1].
  std::string_view kind() const override { return "PositionalEncoding"; }
  /// Throws: x has not three axes.
  Variable operator()(const Variable& x) override;

 private:
  /// The encoding for at least the length of x.
  const Tensor& table_for(const Variable& x);

  double dropout_p_;
  RandomStream& dropout_;
  Tensor table_;
};

}  // namespace weft::nn
