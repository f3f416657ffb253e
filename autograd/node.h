// autograd/node.h: one record of the tape: what a derivative function sees, and how a function records itself
//
//   Variable exp(const Variable& x) {                                     //  y = exp(x)    dx = dy * y    saves y
//     return record("exp", {x}, exp(x.value()), Saves::output(), [](Node& n, const Variable& dy) {
//       n.add_grad(0, dy * n.output());
//     });
//   }
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/variable.h"

namespace weft {

class Node;
class Tape;
class Walk;
struct SliceOf;
struct TapeGraph;

/// Given the gradient of the output, adds the gradients of the inputs. Written with Variable functions, so that it can
/// be recorded and differentiated again.
using BackwardFn = std::function<void(Node& node, const Variable& dy)>;

/// What a record keeps for the way back: the memory bill of a function. Combine with |.
class Saves {
 public:
  static Saves nothing() { return {}; }
  static Saves output();
  static Saves input(int i);
  static Saves inputs();  ///< all of them
  /// Also tensors that are neither (indices, masks): node.extra(0), node.extra(1), ...
  Saves with(std::vector<Tensor> extras) const;
  /// The derivative is a fused kernel that cannot be differentiated again.
  Saves fused() const;

  Saves operator|(const Saves& other) const;

 private:
  friend class Node;
  uint32_t inputs_ = 0;  ///< bit i: input i
  bool output_ = false;
  bool fused_ = false;
  std::vector<Tensor> extras_;
};

class Node {
 public:
  std::string_view op() const { return op_; }
  int num_inputs() const { return static_cast<int>(inputs_.size()); }

  // For derivative functions.
  // ------------------------------------------------------------------------------------------
  /// Whether anybody asks for the gradient of input i: ask before computing it.
  bool wants(int i) const;
  const Shape& input_shape(int i) const;
  DType input_dtype(int i) const;
  /// A saved input or output. While the derivative is recorded these are on the tape, else they are constants.
  /// Throws: it was not saved (our mistake), or was changed in place since (the user's).
  Variable input(int i) const;
  Variable output() const;
  /// A saved index or mask.  Throws: as input and output.
  const Tensor& extra(int i) const;
  /// Throws: the gradient has not the shape or dtype of its input.
  void add_grad(int i, const Variable& gradient);
  /// add_grad(i, matmul(left^T, right)) for left [n, p], right [n, q], input i [p, q]. When input i is a leaf, the tape
  /// keeps the pair and multiplies all pairs of that leaf as one product: a weight used at 100 time steps costs one
  /// pass.
  void add_grad_product(int i, const Variable& left, const Variable& right);
  /// add_grad(i, zeros with `gradient` at a slice of input i). Where the gradient gathered so far is nobody else's,
  /// only that slice is touched, and a derivative that is recorded becomes one record of all slices: reading every step
  /// of a sequence costs one pass over it, not one a step.
  void add_grad_slice(int i, const Variable& gradient, const SliceOf& at);

 private:
  friend Variable record(std::string_view op, std::vector<Variable> inputs, Tensor output, Saves saves,
                         BackwardFn backward);
  friend class Tape;
  friend class Walk;
  friend TapeGraph graph_of(const Tape& tape);

  struct Input {
    Shape shape;
    DType dtype;
    std::shared_ptr<Leaf> leaf;  ///< set for leaves
    NodeId node;                 ///< set for recorded inputs
    Tensor saved;                ///< set when saved
    uint64_t version = 0;        ///< of saved, when it was recorded
  };

  struct Extra {
    Tensor saved;
    uint64_t version = 0;  ///< when it was recorded
  };

  const Input& checked_input(int i) const;
  void check_unchanged(std::string_view what, const Tensor& saved, uint64_t version) const;
  /// "the gradient of input 1 of record 5 (div), the leaf 'w'".
  std::string describe_gradient(int i) const;
  void save(const std::vector<Variable>& inputs, const Tensor& output, Saves saves);
  void free_saved();
  int64_t bytes_saved() const;

  std::string_view op_;
  std::vector<Input> inputs_;
  NodeId id_;
  Shape output_shape_;
  DType output_dtype_ = DType::float32;
  Device output_device_;
  Tensor output_;  ///< set when saved
  uint64_t output_version_ = 0;
  std::vector<Extra> extras_;
  bool fused_ = false;
  bool spent_ = false;  ///< walked, saved tensors freed
  BackwardFn backward_;
  Walk* walk_ = nullptr;  ///< the walk under way
  std::shared_ptr<Hooks> hooks_;
  double forward_seconds_ = 0, backward_seconds_ = 0;  ///< under TapeOptions::time
};

/// The one way onto the tape. Returns `output` as a recorded Variable when a tape is live and an input is a leaf or on
/// that tape; else as a constant, and `backward` is dropped. `op` must outlive the tape (a string literal). Throws: an
/// input was recorded on another tape (say watch(x) or stop_gradient(x)).
Variable record(std::string_view op, std::vector<Variable> inputs, Tensor output, Saves saves, BackwardFn backward);

/// True when fused functions are to record their composed form: the innermost tape wants it, or fusing() is off.
bool composing();

}  // namespace weft
