// autograd/variable.h: a tensor plus its place on the tape
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "tensor/tensor.h"

namespace weft {

struct Hooks;

/// What a parameter or a watched input is: every copy of its Variable sees the same value and gradient.
struct Leaf {
  Tensor value;
  Tensor grad;                             ///< undefined until a backward pass reaches this leaf
  std::string name;                        ///< for messages and exported graphs; may be empty
  std::shared_ptr<Hooks> hooks = nullptr;  ///< see autograd/hook.h; null when there are none
};

/// Which tape, and which record on it. No record: index -1.
struct NodeId {
  uint64_t tape = 0;
  int64_t index = -1;
  bool recorded() const { return index >= 0; }
  bool operator==(const NodeId&) const = default;
};

/// What layers compute with. Three kinds: a constant (made from a Tensor, implicitly), a leaf (a parameter or a watched
/// input, gradients gather in it), and a recorded result. Copying is cheap.
class Variable {
 public:
  Variable() = default;
  Variable(Tensor constant) : value_(std::move(constant)) {}
  Variable(Tensor value, NodeId node) : value_(std::move(value)), node_(node) {}
  explicit Variable(std::shared_ptr<Leaf> leaf) : leaf_(std::move(leaf)) {}

  bool defined() const { return leaf_ != nullptr || value_.defined(); }
  const Tensor& value() const { return leaf_ ? leaf_->value : value_; }
  const Shape& shape() const { return value().shape(); }
  int64_t rank() const { return value().rank(); }
  int64_t size(int64_t axis) const { return value().size(axis); }
  int64_t numel() const { return value().numel(); }
  DType dtype() const { return value().dtype(); }
  Device device() const { return value().device(); }
  template <class T = double>
  T item() const {
    return value().item<T>();
  }

  bool is_leaf() const { return leaf_ != nullptr; }
  const std::shared_ptr<Leaf>& leaf() const { return leaf_; }
  NodeId node() const { return node_; }
  /// The gradient gathered so far; undefined when there is none.  Throws: not a leaf.
  const Tensor& grad() const;
  /// Forgets the gradient.  Throws: not a leaf.
  void zero_grad() const;

 private:
  Tensor value_;
  std::shared_ptr<Leaf> leaf_;
  NodeId node_;
};

/// What checks look at, as value_of(Tensor) in tensor/view_functions.h.
inline const Tensor& value_of(const Variable& x) { return x.value(); }

/// A new leaf that holds `value`: gradients with respect to it can be asked for.
/// Throws: not a floating dtype.
Variable watch(Tensor value, std::string name = {});

/// The same value as a constant: no gradient flows through it.
inline Variable stop_gradient(const Variable& x) { return Variable(x.value()); }

}  // namespace weft
