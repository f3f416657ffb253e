// hyper/supercell.cpp: weights of the authors' code as ours, and back
#include "hyper/supercell.h"

#include <array>
#include <utility>

#include "nn/problems.h"
#include "nn/state_reader.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/join.h"
#include "tensor/reduce.h"
#include "tensor/split.h"

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

/// Ours and theirs.
constexpr std::array<std::pair<const char*, const char*>, 2> kNormParts{{{"weight", "alpha"}, {"bias", "bias"}}};

/// Blocks i, j, f, o along axis 0 become i, f, j, o: the same exchange both ways.
Tensor exchange_gates(const Tensor& rows) {
  const int64_t size = rows.size(0) / 4;
  const auto block = [&](int64_t gate) { return rows.slice(0, gate * size, (gate + 1) * size); };
  return cat({block(0), block(2), block(1), block(3)}, 0);
}

/// What a cell is made of, as the shapes of either side tell it.
struct Sizes {
  int64_t input, hidden;
  bool norm, bias;
};

using Shapes = std::map<std::string, Shape>;

int64_t size_in(const StateDict& state, const std::string& name, int64_t axis) {
  const auto found = state.find(name);
  return found != state.end() && found->second.rank() > axis ? found->second.size(axis) : 0;
}

/// Throws: entries that are missing, not known, or not of these shapes and of one dtype, all listed.
void check_state(const char* op, const StateDict& state, const Shapes& shapes, const std::string& recurrent) {
  const auto one = state.find(recurrent);
  const DType dtype = one == state.end() ? DType::float32 : one->second.dtype();
  nn::Problems problems;
  nn::StateReader reader(state, problems);
  for (const auto& [name, shape] : shapes) reader.tensor(name, shape, dtype);
  reader.check_all_known();
  problems.report(op);
}

Sizes sizes_of_theirs(const StateDict& state, const std::string& prefix) {
  return {size_in(state, prefix + "W_xh", 0), size_in(state, prefix + "W_hh", 0),
          state.contains(prefix + "ln_c/layer_norm_alpha"), state.contains(prefix + "bias")};
}

Sizes sizes_of_ours(const StateDict& state, const std::string& prefix) {
  return {size_in(state, prefix + "weight_ih", 1), size_in(state, prefix + "weight_hh", 1),
          state.contains(prefix + "norm_c_weight"), true};
}

void add_theirs(Shapes& shapes, const std::string& prefix, const Sizes& s) {
  shapes[prefix + "W_xh"] = {s.input, 4 * s.hidden};
  shapes[prefix + "W_hh"] = {s.hidden, 4 * s.hidden};
  if (s.bias || !s.norm) shapes[prefix + "bias"] = {4 * s.hidden};
  for (const char* norm : {"i", "j", "f", "o", "c"}) {
    for (const char* part : {"alpha", "bias"}) {
      if (s.norm) shapes[fmt::format("{}ln_{}/layer_norm_{}", prefix, norm, part)] = {s.hidden};
    }
  }
}

void add_ours(Shapes& shapes, const std::string& prefix, const Sizes& s) {
  shapes[prefix + "weight_ih"] = {4 * s.hidden, s.input};
  shapes[prefix + "weight_hh"] = {4 * s.hidden, s.hidden};
  shapes[prefix + "bias"] = {4 * s.hidden};
  for (const char* part : {"weight", "bias"}) {
    if (!s.norm) continue;
    shapes[fmt::format("{}norm_gates_{}", prefix, part)] = {4, s.hidden};
    shapes[fmt::format("{}norm_c_{}", prefix, part)] = {s.hidden};
  }
}

/// A plain or layer-norm cell, whose names begin with these prefixes; checked.
void from_theirs(const StateDict& theirs, const std::string& prefix, const Sizes& s, const std::string& our_prefix,
                 StateDict& ours) {
  const Tensor& recurrent = theirs.at(prefix + "W_hh");
  ours[our_prefix + "weight_ih"] = exchange_gates(theirs.at(prefix + "W_xh").transpose(0, 1));
  ours[our_prefix + "weight_hh"] = exchange_gates(recurrent.transpose(0, 1));
  ours[our_prefix + "bias"] = s.bias ? exchange_gates(theirs.at(prefix + "bias"))
                                     : zeros({4 * s.hidden}, {recurrent.dtype(), recurrent.device()});
  if (!s.norm) return;
  for (const auto& [part, their_part] : kNormParts) {
    std::vector<Tensor> gates;
    for (const char* gate : kGates)
      gates.push_back(theirs.at(fmt::format("{}ln_{}/layer_norm_{}", prefix, gate, their_part)));
    ours[fmt::format("{}norm_gates_{}", our_prefix, part)] = stack(gates, 0);
    ours[fmt::format("{}norm_c_{}", our_prefix, part)] =
        theirs.at(fmt::format("{}ln_c/layer_norm_{}", prefix, their_part));
  }
}

void to_theirs(const StateDict& ours, const std::string& our_prefix, const Sizes& s, const std::string& prefix,
               StateDict& theirs) {
  theirs[prefix + "W_xh"] = exchange_gates(ours.at(our_prefix + "weight_ih")).transpose(0, 1).contiguous();
  theirs[prefix + "W_hh"] = exchange_gates(ours.at(our_prefix + "weight_hh")).transpose(0, 1).contiguous();
  if (s.bias) theirs[prefix + "bias"] = exchange_gates(ours.at(our_prefix + "bias"));
  if (!s.norm) return;
  for (const auto& [part, their_part] : kNormParts) {
    const std::vector<Tensor> gates = unbind(ours.at(fmt::format("{}norm_gates_{}", our_prefix, part)), 0);
    for (size_t gate = 0; gate < gates.size(); ++gate) {
      theirs[fmt::format("{}ln_{}/layer_norm_{}", prefix, kGates[gate], their_part)] = gates[gate].clone();
    }
    theirs[fmt::format("{}ln_c/layer_norm_{}", prefix, their_part)] =
        ours.at(fmt::format("{}norm_c_{}", our_prefix, part));
  }
}

/// Calls f(role, gate, name of theirs) for all twelve.
template <class F>
void for_each_embedding(const F& f) {
  for (int64_t role = 0; role < std::ssize(kRoles); ++role) {
    for (int64_t gate = 0; gate < std::ssize(kGates); ++gate) {
      f(role, gate,
        fmt::format("hyper_{}{}/", kGates[static_cast<size_t>(gate)], kRoles[static_cast<size_t>(role)].scope));
    }
  }
}

std::string embedding(const std::string& scope, int64_t role, const char* end) {
  return fmt::format("{}{}/super_linear_{}", scope, kRoles[static_cast<size_t>(role)].embedding, end);
}

std::string scale(const std::string& scope, int64_t role) {
  return fmt::format("{}{}/super_linear_w", scope, kRoles[static_cast<size_t>(role)].scale);
}

/// Of the twelve embeddings: [hyper, z] and [z, hidden] each, and for h and x a bias [z].
void add_their_embeddings(Shapes& shapes, int64_t hyper, int64_t size, int64_t hidden) {
  for_each_embedding([&](int64_t role, int64_t, const std::string& scope) {
    shapes[embedding(scope, role, "w")] = {hyper, size};
    shapes[scale(scope, role)] = {size, hidden};
    if (role < 2) shapes[embedding(scope, role, "b")] = {size};
  });
}

const char* hyper_scope(bool norm) { return norm ? "LayerNormLSTMCell/" : "LSTMCell/"; }

}  // namespace

StateDict lstm_from_supercell(const StateDict& theirs) {
  const Sizes sizes = sizes_of_theirs(theirs, "");
  Shapes shapes;
  add_theirs(shapes, "", sizes);
  check_state("lstm_from_supercell", theirs, shapes, "W_hh");
  StateDict ours;
  from_theirs(theirs, "", sizes, "", ours);
  return ours;
}

StateDict lstm_to_supercell(const StateDict& ours) {
  const Sizes sizes = sizes_of_ours(ours, "");
  Shapes shapes;
  add_ours(shapes, "", sizes);
  check_state("lstm_to_supercell", ours, shapes, "weight_hh");
  StateDict theirs;
  to_theirs(ours, "", sizes, "", theirs);
  return theirs;
}

StateDict hyper_lstm_from_supercell(const StateDict& theirs) {
  const Sizes main = sizes_of_theirs(theirs, "");
  const std::string cell = hyper_scope(!theirs.contains("LSTMCell/W_hh"));
  Sizes hyper = sizes_of_theirs(theirs, cell);
  hyper.input = main.input + main.hidden;
  const int64_t size = size_in(theirs, "hyper_ih/zw/super_linear_w", 1);
  Shapes shapes;
  add_theirs(shapes, "", {main.input, main.hidden, main.norm, true});
  add_theirs(shapes, cell, hyper);
  add_their_embeddings(shapes, hyper.hidden, size, main.hidden);
  check_state("hyper_lstm_from_supercell", theirs, shapes, "W_hh");

  StateDict ours;
  from_theirs(theirs, "", main, "", ours);
  from_theirs(theirs, cell, hyper, "hyper.", ours);
  const Tensor both = ours.at("hyper.weight_ih");  // of x, then of h
  ours["hyper.weight_ih"] = both.slice(1, 0, main.input);
  ours["hyper_weight_h"] = both.slice(1, main.input);
  std::vector<Tensor> weights, biases, scales;
  for_each_embedding([&](int64_t role, int64_t, const std::string& scope) {
    weights.push_back(theirs.at(embedding(scope, role, "w")).transpose(0, 1));
    scales.push_back(theirs.at(scale(scope, role)).transpose(0, 1));
    if (role < 2) biases.push_back(theirs.at(embedding(scope, role, "b")));
  });
  ours["embeddings.weight"] = stack(weights, 0).reshape({3, 4, size, hyper.hidden});
  ours["embeddings.bias"] = stack(biases, 0).reshape({2, 4, size});
  ours["scale_weight"] = stack(scales, 0).reshape({3, 4, main.hidden, size});
  return ours;
}

StateDict hyper_lstm_to_supercell(const StateDict& ours) {
  const Sizes main = sizes_of_ours(ours, "");
  Sizes hyper = sizes_of_ours(ours, "hyper.");
  const int64_t size = size_in(ours, "embeddings.weight", 2);
  Shapes shapes{{"hyper_weight_h", {4 * hyper.hidden, main.hidden}},
                {"embeddings.weight", {3, 4, size, hyper.hidden}},
                {"embeddings.bias", {2, 4, size}},
                {"scale_weight", {3, 4, main.hidden, size}}};
  add_ours(shapes, "", main);
  add_ours(shapes, "hyper.", {main.input, hyper.hidden, hyper.norm, true});
  check_state("hyper_lstm_to_supercell", ours, shapes, "weight_hh");
  if (hyper.norm && any(not_equal(ours.at("hyper.bias"), 0)).item<bool>()) {
    fail("hyper_lstm_to_supercell",
         "hyper.bias is not 0; hint: their layer-norm cell has no bias, train with Bias::no");
  }

  hyper.bias = !hyper.norm;
  const std::string cell = hyper_scope(hyper.norm);
  StateDict theirs;
  to_theirs(ours, "", main, "", theirs);
  to_theirs(ours, "hyper.", hyper, cell, theirs);
  const Tensor of_h = exchange_gates(ours.at("hyper_weight_h")).transpose(0, 1);
  theirs[cell + "W_xh"] = cat({theirs.at(cell + "W_xh"), of_h}, 0);
  for_each_embedding([&](int64_t role, int64_t gate, const std::string& scope) {
    const auto part = [&](const char* name) { return ours.at(name).select(0, role).select(0, gate); };
    theirs[embedding(scope, role, "w")] = part("embeddings.weight").transpose(0, 1).contiguous();
    theirs[scale(scope, role)] = part("scale_weight").transpose(0, 1).contiguous();
    if (role < 2) theirs[embedding(scope, role, "b")] = part("embeddings.bias").clone();
  });
  return theirs;
}

}  // namespace weft::hyper
