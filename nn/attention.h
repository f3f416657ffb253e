// nn/attention.h: attention (Vaswani et al. 2017)
#pragma once
#include <optional>

#include "nn/linear.h"
#include "nn/module.h"
#include "tensor/random.h"

namespace weft::nn {

enum class Causal : bool { no, yes };

struct AttentionOptions {
  /// Broadcasts to [..., l, s]. bool: true where query i may look at key j (as torch's function of the same name, the
  /// opposite of MultiheadAttention's masks); q's dtype: added to the scores, and trained when it is recorded.
  Variable mask = {};
  Causal causal = Causal::no;  ///< query i looks at keys 0..i only
  double dropout = 0;          ///< on the weights; needs `stream`
  RandomStream* stream = nullptr;
};

struct Attention {
  Variable output;   ///< [..., l, d_v]
  Variable weights;  ///< [..., l, s]; each row sums to 1 before dropout, or is 0: nothing seen
};

/// softmax(q k^T / sqrt(d) + mask) v.   q [..., l, d], k [..., s, d], v [..., s, d_v].
/// A query that may look at nothing (every key hidden by the masks, -inf in a float one) gives 0, weights and output.
/// Throws: shapes that do not fit, a mask neither bool nor of q's dtype, dropout outside 0..1 or without a stream.
Attention scaled_dot_product_attention(const Variable& q, const Variable& k, const Variable& v,
                                       const AttentionOptions& options = {});

/// What no query, or not every query, may look at. As torch.nn: here true *hides*.
struct AttentionMask {
  Tensor key_padding = {};  ///< bool [n, s], true: this key is padding
  /// [l, s], [n heads, l, s] or [n, heads, l, s], of which n, heads and l may be 1: bool, true: this query may not look
  /// at this key; or of the query's dtype: added.
  Tensor attention = {};
  Causal causal = Causal::no;
};

enum class AttentionWeights : uint8_t { none, average, per_head };

/// `heads` attentions side by side, each on its own embed_dim / heads features.
///   (q, k, v) = in_proj of (query, key, value), cut into heads;  y = out_proj(heads joined)
/// Batch first: query [n, l, embed_dim], key [n, s, kdim], value [n, s, vdim] -> output [n, l, embed_dim].
/// Init: in_proj_weight, or the three in its place, Glorot uniform; biases 0; out_proj.weight as Linear's.
class MultiheadAttention : public Module {
 public:
  /// `dropout`: of the weights, while training. `kdim`, `vdim`: the sizes of keys and values; embed_dim when not set.
  /// Throws: sizes below 1, heads that do not divide embed_dim, a probability outside [0, 1].
  MultiheadAttention(int64_t embed_dim, int64_t num_heads, Streams& streams, double dropout = 0, Bias bias = Bias::yes,
                     std::optional<int64_t> kdim = {}, std::optional<int64_t> vdim = {});
  std::string_view kind() const override { return "MultiheadAttention"; }

  /// weights: undefined, the mean over the heads [n, l, s], or [n, heads, l, s].  Throws: shapes or dtypes that do not
  /// fit.
  Attention operator()(const Variable& query, const Variable& key, const Variable& value,
                       const AttentionMask& mask = {}, AttentionWeights weights = AttentionWeights::average);
  /// Self-attention: x is all three, projected in one product.  Throws: keys or values of another size than embed_dim.
  Attention operator()(const Variable& x, const AttentionMask& mask = {},
                       AttentionWeights weights = AttentionWeights::average);

  /// `mask` as one of its parts, for layers that share it; what is one part already comes back as it is.
  /// Throws: shapes or dtypes that do not fit queries [n, l, embed_dim] and keys [n, s, kdim].
  AttentionMask merged(const AttentionMask& mask, const Variable& query, const Variable& key) const;

  // State names as members.
  Parameter in_proj_weight;                               // [3 embed_dim, embed_dim]: q, k, v; or, of other sizes,
  Parameter q_proj_weight, k_proj_weight, v_proj_weight;  // [embed_dim, embed_dim], [embed_dim, kdim], [.., vdim]
  Parameter in_proj_bias;                                 // [3 embed_dim]: q, k, v
  Linear out_proj;

 private:
  void check(std::string_view name, const Variable& x, int64_t width) const;
  Variable heads_of(const Variable& x) const;
  Attention attend(const Variable& q, const Variable& k, const Variable& v, const AttentionMask& one,
                   AttentionWeights weights);

  int64_t embed_dim_, num_heads_, kdim_, vdim_;
  double dropout_p_;
  RandomStream& dropout_;
};

}  // namespace weft::nn
