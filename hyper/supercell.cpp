// hyper/supercell.cpp: weights of the authors' code as ours, and back
#include "hyper/supercell.h"

#include <array>
#include <set>

#include "nn/problems.h"
#include "nn/state_reader.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/join.h"
#include "tensor/reduce.h"

namespace weft::hyper {
namespace {

using nn::StateDict;

/// Our gates i, f, g, o by their letters.
constexpr std::array<const char*, 4> kGates{"i", "f", "j", "o"};
/// hyper_yh/zw and so on, in the order of Embeddings' roles h, x, b: scope, the embedding's layer, the scale's.
struct Role {
  const char *scope, *embedding, *scale;
};
constexpr std::array<Role, 3> kRoles{{{"h", "zw", "alpha"}, {"x", "zw", "alpha"}, {"h", "zb", "beta"}}};

std::string scope(const char* gate, const Role& role) { return fmt::format("hyper_{}{}/", gate, role.scope); }

/// Blocks i, j, f, o along axis 0 become i, f, j, o: the same exchange both ways.
Tensor exchange_gates(const Tensor& rows) {
  const int64_t size = rows.size(0) / 4;
  const auto block = [&](int64_t gate) { return rows.slice(0, gate * size, (gate + 1) * size); };
  return cat({block(0), block(2), block(1), block(3)}, 0);
}

/// Takes entries out of a state by name and shape; what is missing, does not fit or is left over is reported at once.
class Taker {
 public:
  Taker(const char* op, const StateDict& state) : op_(op), state_(state) {}

  bool has(const std::string& name) const { return state_.contains(name); }
  /// Sizes of -1 are not checked. Something else that fits when there is a problem.
  Tensor take(const std::string& name, Shape shape) {
    taken_.insert(name);
    const auto found = state_.find(name);
    bool fits = found != state_.end() && found->second.rank() == shape.size();
    for (int64_t axis = 0; axis < shape.size(); ++axis) {
      fits = fits && (shape[axis] == -1 || found->second.size(axis) == shape[axis]);
      if (shape[axis] == -1) shape[axis] = 0;
    }
    if (fits) return found->second;
    if (found == state_.end()) problems_.add("missing '{}'", name);
    else problems_.add("'{}' is {}", name, found->second.describe());
    return zeros(shape);
  }
  void finish() {
    for (const auto& [name, tensor] : state_) {
      if (!taken_.contains(name)) problems_.add("unexpected '{}'", name);
    }
    problems_.report(op_);
  }

 private:
  const char* op_;
  const StateDict& state_;
  std::set<std::string> taken_;
  nn::Problems problems_;
};

/// The entries of a plain or layer-norm cell, whose names begin with `prefix` on either side. `input`: -1, any.
void lstm_from(Taker& theirs, const std::string& prefix, const std::string& our_prefix, StateDict& ours) {
  const Tensor recurrent = theirs.take(prefix + "W_hh", {-1, -1});
  const int64_t hidden = recurrent.size(0);
  ours[our_prefix + "weight_hh"] = exchange_gates(recurrent.transpose(0, 1));
  ours[our_prefix + "weight_ih"] = exchange_gates(theirs.take(prefix + "W_xh", {-1, 4 * hidden}).transpose(0, 1));
  const bool norm = theirs.has(prefix + "ln_c/layer_norm_alpha");
  // Their layer-norm cell for itself has no bias; the HyperLSTM's main cell has.
  ours[our_prefix + "bias"] = norm && !theirs.has(prefix + "bias")
                                  ? zeros({4 * hidden}, {.dtype = recurrent.dtype()})
                                  : exchange_gates(theirs.take(prefix + "bias", {4 * hidden}));
  if (!norm) return;
  for (const auto& [our_name, their_name] : {std::pair{"weight", "alpha"}, {"bias", "bias"}}) {
    std::vector<Tensor> gates;
    for (const char* gate : kGates) {
      gates.push_back(theirs.take(fmt::format("{}ln_{}/layer_norm_{}", prefix, gate, their_name), {hidden}));
    }
    ours[our_prefix + "norm_gates_" + our_name] = stack(gates, 0);
    ours[our_prefix + "norm_c_" + our_name] =
        theirs.take(fmt::format("{}ln_c/layer_norm_{}", prefix, their_name), {hidden});
  }
}

enum class WithBias : bool { no, yes };

void lstm_to(Taker& ours, const std::string& our_prefix, const std::string& prefix, WithBias with_bias,
             StateDict& theirs) {
  const int64_t hidden = ours.take(our_prefix + "weight_hh", {-1, -1}).size(1);
  for (const auto& [our_name, their_name] : {std::pair{"weight_hh", "W_hh"}, {"weight_ih", "W_xh"}}) {
    theirs[prefix + their_name] =
        exchange_gates(ours.take(our_prefix + our_name, {4 * hidden, -1})).transpose(0, 1).contiguous();
  }
  const Tensor bias = ours.take(our_prefix + "bias", {4 * hidden});
  if (with_bias == WithBias::yes) theirs[prefix + "bias"] = exchange_gates(bias);
  if (!ours.has(our_prefix + "norm_c_weight")) return;
  for (const auto& [our_name, their_name] : {std::pair{"weight", "alpha"}, {"bias", "bias"}}) {
    const Tensor gates = ours.take(our_prefix + "norm_gates_" + our_name, {4, hidden});
    for (size_t gate = 0; gate < kGates.size() && gates.numel() > 0; ++gate) {
      theirs[fmt::format("{}ln_{}/layer_norm_{}", prefix, kGates[gate], their_name)] =
          gates.select(0, static_cast<int64_t>(gate)).clone();
    }
    theirs[fmt::format("{}ln_c/layer_norm_{}", prefix, their_name)] =
        ours.take(our_prefix + "norm_c_" + our_name, {hidden});
  }
}

}  // namespace

StateDict lstm_from_supercell(const StateDict& theirs) {
  Taker taker("lstm_from_supercell", theirs);
  StateDict ours;
  lstm_from(taker, "", "", ours);
  taker.finish();
  return ours;
}

StateDict lstm_to_supercell(const StateDict& ours) {
  Taker taker("lstm_to_supercell", ours);
  StateDict theirs;
  lstm_to(taker, "", "", WithBias::yes, theirs);
  taker.finish();
  return theirs;
}

StateDict hyper_lstm_from_supercell(const StateDict& theirs) {
  Taker taker("hyper_lstm_from_supercell", theirs);
  StateDict ours;
  lstm_from(taker, "", "", ours);
  const std::string cell = taker.has("LSTMCell/W_hh") ? "LSTMCell/" : "LayerNormLSTMCell/";
  lstm_from(taker, cell, "hyper.", ours);
  const int64_t input = ours.at("weight_ih").size(1), hidden = ours.at("weight_hh").size(1);
  const int64_t hyper = ours.at("hyper.weight_hh").size(1);
  const Tensor both = ours.at("hyper.weight_ih");  // [4 hyper, x and h]
  if (both.size(1) != input + hidden) taker.take(cell + "W_xh", {input + hidden, 4 * hyper});
  const int64_t cut = std::min(input, both.size(1));
  ours["hyper.weight_ih"] = both.slice(1, 0, cut);
  ours["hyper_weight_h"] = both.slice(1, cut);
  std::vector<Tensor> weights, biases, scales;
  for (const Role& role : kRoles) {
    for (const char* gate : kGates) {
      const std::string name = scope(gate, role);
      const Tensor weight = taker.take(name + role.embedding + "/super_linear_w", {hyper, -1});
      weights.push_back(weight.transpose(0, 1));
      scales.push_back(taker.take(name + role.scale + "/super_linear_w", {weight.size(1), hidden}).transpose(0, 1));
      if (&role != &kRoles[2])
        biases.push_back(taker.take(name + role.embedding + "/super_linear_b", {weight.size(1)}));
    }
  }
  taker.finish();
  const int64_t size = weights[0].size(0);
  ours["embeddings.weight"] = stack(weights, 0).reshape({3, 4, size, hyper});
  ours["embeddings.bias"] = stack(biases, 0).reshape({2, 4, size});
  ours["scale_weight"] = stack(scales, 0).reshape({3, 4, hidden, size});
  return ours;
}

StateDict hyper_lstm_to_supercell(const StateDict& ours) {
  Taker taker("hyper_lstm_to_supercell", ours);
  StateDict theirs;
  lstm_to(taker, "", "", WithBias::yes, theirs);
  const bool norm = taker.has("hyper.norm_c_weight");
  const std::string cell = norm ? "LayerNormLSTMCell/" : "LSTMCell/";
  lstm_to(taker, "hyper.", cell, norm ? WithBias::no : WithBias::yes, theirs);
  const int64_t hyper = taker.take("hyper.weight_hh", {-1, -1}).size(1),
                hidden = taker.take("weight_hh", {-1, -1}).size(1);
  const Tensor of_h = taker.take("hyper_weight_h", {4 * hyper, hidden});
  const Tensor weight = taker.take("embeddings.weight", {3, 4, -1, hyper});
  const Tensor bias = taker.take("embeddings.bias", {2, 4, weight.size(2)});
  const Tensor scale = taker.take("scale_weight", {3, 4, hidden, weight.size(2)});
  taker.finish();
  if (norm && any(not_equal(ours.at("hyper.bias"), 0)).item() != 0) {
    fail("hyper_lstm_to_supercell",
         "hyper.bias is not 0; hint: their layer-norm cell has no bias, train with Bias::no");
  }
  theirs[cell + "W_xh"] = cat({theirs.at(cell + "W_xh"), exchange_gates(of_h).transpose(0, 1)}, 0);
  for (size_t role = 0; role < kRoles.size(); ++role) {
    for (size_t gate = 0; gate < kGates.size(); ++gate) {
      const std::string name = scope(kGates[gate], kRoles[role]);
      const auto part = [&](const Tensor& whole) {
        return whole.select(0, static_cast<int64_t>(role)).select(0, static_cast<int64_t>(gate));
      };
      theirs[name + kRoles[role].embedding + "/super_linear_w"] = part(weight).transpose(0, 1).contiguous();
      theirs[name + kRoles[role].scale + "/super_linear_w"] = part(scale).transpose(0, 1).contiguous();
      if (role < 2) theirs[name + kRoles[role].embedding + "/super_linear_b"] = part(bias).clone();
    }
  }
  return theirs;
}

}  // namespace weft::hyper
