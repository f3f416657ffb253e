// autograd/walk.h: one walk over the records of a tape, from a result back to its leaves
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "autograd/node.h"
#include "autograd/tape.h"
#include "autograd/unslice.h"

namespace weft {

/// Gradients of records live in a vector by number and are freed once used. Gradients of leaves gather here, in the
/// order in which the walk first met them, and reach the leaves only when the walk went well.
class Walk {
 public:
  /// `name` opens error messages: the function the user called.
  Walk(std::string_view name, Tape& tape, CreateGraph create_graph, Retain retain)
      : name_(name), tape_(tape), create_graph_(create_graph == CreateGraph::yes), retain_(retain) {}

  /// Only gradients of `xs` are wanted: records up to number `last` that lead to none of them are left out.
  void aim_at(std::span<const Variable> xs, int64_t last);

  /// The gradients of `leaves` are parts of those of another walk: their hooks run there.
  void leave_hooks_of(std::span<const Variable> leaves);

  /// y was recorded on the tape; dy fits y.
  /// Throws: a record on the way is spent, fused under CreateGraph::yes, or had a saved tensor changed in place.
  void run(const Variable& y, const Variable& dy);

  /// The gradient of a leaf, or of a record aimed at; undefined when the walk did not reach it.
  Variable gradient_of(const Variable& x) const;

  /// Adds the gathered gradients to those of the leaves. Throws before the first leaf has changed.
  void add_to_leaves();

  // For Node. ---------------------------------------------------------------------------------------------------------
  std::string_view name() const { return name_; }
  bool creates_graph() const { return create_graph_; }
  bool detects_anomaly() const { return tape_.options_.detect_anomaly; }
  /// Whether gradients may be gathered in another way than one sum after the other.
  bool may_defer() const { return !creates_graph() && !detects_anomaly(); }
  bool wants(const Node::Input& input) const;
  void add(const Node::Input& input, const Variable& gradient);
  /// Adds `gradient` at a slice of the input's gradient.
  void add_slice(const Node::Input& input, const Variable& gradient, const SliceOf& at);
  /// Adds left^T right, later: see Node::add_grad_product.
  void add_product(const std::shared_ptr<Leaf>& leaf, const Tensor& left, const Tensor& right);

 private:
  struct Gathered {
    Variable sum;               ///< undefined until something was added
    std::vector<Slice> slices;  ///< still to be added; CreateGraph::yes only
  };
  struct LeafGradient : Gathered {
    std::shared_ptr<Leaf> leaf;
    Shape shape;  ///< with dtype and device, of the first gradient: the others must fit it
    DType dtype;
    Device device;
    std::vector<Tensor> lefts, rights;  ///< pairs whose product is still to be added
    int64_t pair_bytes = 0;
  };

  /// Throws: gradients of this shape, dtype and device cannot be added to what was gathered. The value of a leaf may be
  /// replaced by another one while a tape is recorded.
  LeafGradient& gradient_of_leaf(const std::shared_ptr<Leaf>& leaf, const Shape& shape, DType dtype, Device device);
  Gathered& gathered_by(const Node::Input& input, Device device);
  /// The whole gradient, which has `shape`; nothing is left behind.
  Variable take(Gathered& gathered, const Shape& shape) const;
  void run_leaf_hooks();
  void visit(Node& node, const Variable& dy);
  void accumulate(Variable& sum, const Variable& gradient) const;
  void multiply_pairs(LeafGradient& gradient) const;

  std::string_view name_;
  Tape& tape_;
  bool create_graph_;
  Retain retain_;

  bool aimed_ = false;
  std::unordered_set<const Leaf*> wanted_leaves_;
  std::unordered_set<const Leaf*> hooks_elsewhere_;
  std::vector<bool> leads_to_wanted_;  ///< by record
  std::unordered_map<int64_t, Variable> wanted_records_;

  std::vector<Gathered> gradients_;  ///< by record; empty: not reached, or used and freed
  std::vector<LeafGradient> leaf_gradients_;
  std::unordered_map<const Leaf*, size_t> leaf_positions_;
};

}  // namespace weft
