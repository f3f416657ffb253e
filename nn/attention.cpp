// nn/attention.cpp: attention
#include "nn/attention.h"

#include <cmath>
#include <limits>

#include "autograd/elementwise.h"
#include "autograd/matmul.h"
#include "autograd/reduce.h"
#include "autograd/softmax.h"
#include "autograd/split.h"
#include "autograd/view.h"
#include "nn/dropout.h"
#include "nn/init.h"
#include "tensor/create.h"
#include "tensor/triangle.h"

namespace weft::nn {
namespace {

constexpr double kHidden = -std::numeric_limits<double>::infinity();

void check_attention(const Variable& q, const Variable& k, const Variable& v, const AttentionOptions& options) {
  const bool matrices = q.rank() >= 2 && k.rank() >= 2 && v.rank() >= 2;
  if (!matrices || q.size(-1) != k.size(-1) || k.size(-2) != v.size(-2)) {
    fail("scaled_dot_product_attention", "q is {}, k is {}, v is {}; hint: [..., l, d], [..., s, d], [..., s, d_v]",
         q.value().describe(), k.value().describe(), v.value().describe());
  }
  const Variable& mask = options.mask;
  if (mask.defined() && mask.dtype() != DType::boolean && mask.dtype() != q.dtype()) {
    fail("scaled_dot_product_attention", "the mask is {}; hint: it is bool, or {} as q", mask.value().describe(),
         name_of(q.dtype()));
  }
  check_probability(options.dropout);
  if (options.dropout > 0 && options.stream == nullptr) {
    fail("scaled_dot_product_attention", "dropout {} needs a stream; hint: .stream = &streams.dropout",
         options.dropout);
  }
}

/// bool, true where query i may not look at key j; undefined where all is seen. Broadcasts to the scores [..., l, s].
Tensor hidden_by(const AttentionOptions& options, const Variable& scores) {
  Tensor hidden;
  if (options.mask.defined()) {
    const Tensor mask = options.mask.value();
    hidden = mask.dtype() == DType::boolean ? logical_not(mask) : equal(mask, Scalar(kHidden));
    if (hidden.rank() == 0) hidden = hidden.reshape({1});
  }
  if (options.causal == Causal::no) return hidden;
  const Tensor later = logical_not(tril_mask(scores.size(-2), scores.size(-1), 0, scores.device()));
  return hidden.defined() ? logical_or(hidden, later) : later;
}

/// softmax over the keys that are not hidden. Where all of them are, softmax would be 0 / 0, and its NaN would reach
/// every weight even from a query that the loss leaves out: such a row is the softmax of zeros, and then 0.
Variable visible_softmax(const Variable& scores, const Tensor& hidden) {
  const Tensor nothing_seen = all(hidden, {-1}, Keep::dim);
  const TensorOptions like{.dtype = scores.dtype(), .device = scores.device()};
  const Tensor filling = where(nothing_seen, zeros({}, like), full({}, kHidden, like));
  return masked_fill(softmax(where(hidden, Variable(filling), scores)), nothing_seen, 0);
}

void check_key_padding(const Tensor& padding, int64_t n, int64_t s) {
  if (!padding.defined() || (padding.shape() == Shape{n, s} && padding.dtype() == DType::boolean)) return;
  fail("MultiheadAttention", "key_padding is {}; hint: bool [{}, {}], true hides a key", padding.describe(), n, s);
}

/// `scores`: [n, heads, l, s].
void check_attention_mask(const Tensor& mask, DType dtype, const Shape& scores) {
  if (!mask.defined()) return;
  const int64_t n = scores[0], heads = scores[1], l = scores[2], s = scores[3];
  bool fits = mask.shape() == Shape{l, s} || mask.shape() == Shape{n * heads, l, s};
  if (mask.rank() == 4) {
    fits = mask.size(3) == s;
    for (int64_t axis = 0; axis < 3; ++axis) fits &= mask.size(axis) == 1 || mask.size(axis) == scores[axis];
  }
  if (fits && (mask.dtype() == DType::boolean || mask.dtype() == dtype)) return;
  fail("MultiheadAttention", "the attention mask is {}; hint: bool or, as the query, {}; [{}, {}] or [{}, {}, {}, {}]",
       mask.describe(), name_of(dtype), l, s, n, heads, l, s);
}

/// `mask` (undefined: nothing is masked) with the keys hidden too where `hidden` is true.
Tensor hide(const Tensor& mask, const Tensor& hidden) {
  if (!mask.defined()) return hidden;
  return mask.dtype() == DType::boolean ? logical_or(mask, hidden) : masked_fill(mask, hidden, kHidden);
}

}  // namespace

Attention scaled_dot_product_attention(const Variable& q, const Variable& k, const Variable& v,
                                       const AttentionOptions& options) {
  check_attention(q, k, v, options);
  Variable scores = matmul(q * (1 / std::sqrt(static_cast<double>(q.size(-1)))), transpose(k));
  const Tensor hidden = hidden_by(options, scores);
  if (options.mask.defined() && options.mask.dtype() != DType::boolean) scores = scores + options.mask;
  Variable weights;
  if (options.mask.defined()) weights = visible_softmax(scores, hidden);
  else weights = softmax(hidden.defined() ? masked_fill(scores, hidden, kHidden) : scores);  // causal: key 0 is seen
  if (options.dropout > 0) weights = dropout(weights, options.dropout, *options.stream, true);
  return {matmul(weights, v), weights};
}

MultiheadAttention::MultiheadAttention(int64_t embed_dim, int64_t num_heads, Streams& streams, double dropout_p,
                                       Bias bias, std::optional<int64_t> kdim, std::optional<int64_t> vdim)
    : out_proj(embed_dim, embed_dim, streams.init, bias),
      embed_dim_(embed_dim),
      num_heads_(num_heads),
      kdim_(kdim.value_or(embed_dim)),
      vdim_(vdim.value_or(embed_dim)),
      dropout_p_(dropout_p),
      dropout_(streams.dropout) {
  check_probability(dropout_p);
  if (num_heads < 1 || embed_dim % num_heads != 0) {
    fail("MultiheadAttention", "embed_dim {} cannot be cut into {} heads", embed_dim, num_heads);
  }
  if (kdim_ < 1 || vdim_ < 1)
    fail("MultiheadAttention", "kdim is {}, vdim {}; hint: both are at least 1", kdim_, vdim_);
  const auto add = [&](Parameter& weight, const char* name, const Shape& shape) {
    weight = Parameter(empty(shape));
    init::xavier_uniform_(weight.value(), streams.init);
    register_parameter(name, weight);
  };
  if (kdim_ == embed_dim && vdim_ == embed_dim) {
    add(in_proj_weight, "in_proj_weight", {3 * embed_dim, embed_dim});
  } else {
    add(q_proj_weight, "q_proj_weight", {embed_dim, embed_dim});
    add(k_proj_weight, "k_proj_weight", {embed_dim, kdim_});
    add(v_proj_weight, "v_proj_weight", {embed_dim, vdim_});
  }
  if (bias == Bias::yes) {
    in_proj_bias = Parameter(zeros({3 * embed_dim}));
    register_parameter("in_proj_bias", in_proj_bias);
    out_proj.bias.value().fill_(0);
  }
  register_child("out_proj", out_proj);
}

void MultiheadAttention::check(std::string_view name, const Variable& x, int64_t width) const {
  if (x.rank() == 3 && x.size(2) == width) return;
  fail("MultiheadAttention", "{} is {}; hint: batch first, [n, length, {}]", name, x.value().describe(), width);
}

/// [n, l, embed_dim] -> [n, heads, l, embed_dim / heads]
Variable MultiheadAttention::heads_of(const Variable& x) const {
  return transpose(reshape(x, {x.size(0), x.size(1), num_heads_, embed_dim_ / num_heads_}), 1, 2);
}

AttentionMask MultiheadAttention::merged(const AttentionMask& mask, const Variable& query, const Variable& key) const {
  check("query", query, embed_dim_);
  check("key", key, kdim_);
  const int64_t n = query.size(0), l = query.size(1), s = key.size(1);
  check_key_padding(mask.key_padding, n, s);
  check_attention_mask(mask.attention, query.dtype(), {n, num_heads_, l, s});
  Tensor joined = mask.attention;
  if (joined.defined() && joined.rank() == 3) joined = joined.reshape({n, num_heads_, l, s});
  if (mask.key_padding.defined()) joined = hide(joined, mask.key_padding.reshape({n, 1, 1, s}));
  if (!joined.defined() || mask.causal == Causal::no) return {.attention = joined, .causal = mask.causal};
  return {.attention = hide(joined, logical_not(tril_mask(l, s, 0, joined.device())))};
}

Attention MultiheadAttention::attend(const Variable& q, const Variable& k, const Variable& v, const AttentionMask& one,
                                     AttentionWeights weights) {
  const int64_t n = q.size(0), l = q.size(1);
  const bool hides = one.attention.defined() && one.attention.dtype() == DType::boolean;
  Attention heads = scaled_dot_product_attention(heads_of(q), heads_of(k), heads_of(v),
                                                 {.mask = hides ? logical_not(one.attention) : one.attention,
                                                  .causal = one.causal,
                                                  .dropout = is_training() ? dropout_p_ : 0,
                                                  .stream = &dropout_});
  const Variable joined = reshape(transpose(heads.output, 1, 2), {n, l, embed_dim_});
  Variable shown;
  if (weights == AttentionWeights::average) shown = mean(heads.weights, {1});
  if (weights == AttentionWeights::per_head) shown = heads.weights;
  return {out_proj(joined), shown};
}

Attention MultiheadAttention::operator()(const Variable& query, const Variable& key, const Variable& value,
                                         const AttentionMask& mask, AttentionWeights weights) {
  check("query", query, embed_dim_);
  check("key", key, kdim_);
  check("value", value, vdim_);
  if (key.size(1) != value.size(1) || key.size(0) != value.size(0) || key.size(0) != query.size(0)) {
    fail("MultiheadAttention", "query is {}, key is {}, value is {}; hint: one n, and key and value of one length",
         query.value().describe(), key.value().describe(), value.value().describe());
  }
  const AttentionMask one = merged(mask, query, key);
  const auto project = [this](const Variable& x, int64_t part, const Parameter& own_weight) {
    const int64_t start = part * embed_dim_;
    return linear(x, own_weight.defined() ? Variable(own_weight) : narrow(in_proj_weight, 0, start, embed_dim_),
                  in_proj_bias.defined() ? narrow(in_proj_bias, 0, start, embed_dim_) : Variable());
  };
  return attend(project(query, 0, q_proj_weight), project(key, 1, k_proj_weight), project(value, 2, v_proj_weight), one,
                weights);
}

Attention MultiheadAttention::operator()(const Variable& x, const AttentionMask& mask, AttentionWeights weights) {
  check("x", x, embed_dim_);
  if (!in_proj_weight.defined()) return (*this)(x, x, x, mask, weights);  // where kdim or vdim is another, it says so
  const AttentionMask one = merged(mask, x, x);
  const std::vector<Variable> qkv = chunk(linear(x, in_proj_weight, in_proj_bias), 3, 2);
  return attend(qkv[0], qkv[1], qkv[2], one, weights);
}

}  // namespace weft::nn
