// autograd/tape.h: the record of what was computed, and the way back
#pragma once
#include <deque>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "autograd/node.h"
#include "autograd/variable.h"

namespace weft {

class TapeStack;

struct TapeOptions {
  /// Fused functions record their composed form, so that derivatives of any order can be taken through them.
  bool higher_order = false;
  /// Pairs (input, output gradient) of products into a leaf are kept up to this many bytes before they are multiplied.
  int64_t pair_budget_bytes = int64_t{64} << 20;
};

/// After a walk the records it used are spent and their saved tensors freed, unless they are retained.
enum class Retain : bool { no, yes };
/// Whether the derivative is itself recorded, so that it can be differentiated again.
enum class CreateGraph : bool { no, yes };

/// Records while it lives, on the thread that made it; an op records on the innermost live tape when one of its inputs
/// is a leaf or was recorded on that tape. No live tape, no recording. Tapes die in the reverse order of their making;
/// one that dies out of order, or on another thread, is taken from the stack of its own.
class Tape {
 public:
  explicit Tape(TapeOptions options = {});
  ~Tape();
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  /// Adds d loss / d leaf to the gradient of every leaf that `loss` depends on. Walks the records once, from last to
  /// first: the order of recording is a topological order.  `loss` has one element; its upstream gradient is 1.
  /// Throws: loss has not one element, was not recorded on this tape, or was walked before; a saved tensor was changed
  /// in place.
  void backward(const Variable& loss, Retain retain = Retain::no);
  /// The same from any shape, with its upstream gradient `dy` (of y's shape and dtype).
  void backward(const Variable& y, const Tensor& dy, Retain retain = Retain::no);

  /// d y / d x for each x in `xs` (leaves, or values recorded on this tape), y summed when it has several elements
  /// unless an upstream gradient `dy` is given. Leaf gradients stay untouched; an x that y does not depend on gets
  /// zeros. CreateGraph::yes records the derivative on this tape and implies Retain::yes. Throws: as backward; and,
  /// under CreateGraph::yes, a fused record on the way, naming op and remedy.
  std::vector<Variable> gradient(const Variable& y, std::span<const Variable> xs,
                                 CreateGraph create_graph = CreateGraph::no, const Variable& dy = {});
  std::vector<Variable> gradient(const Variable& y, std::initializer_list<Variable> xs,
                                 CreateGraph create_graph = CreateGraph::no, const Variable& dy = {}) {
    return gradient(y, std::span<const Variable>(xs.begin(), xs.size()), create_graph, dy);
  }

  /// Number of records, and the bytes of saved tensors they still hold (tensors saved by several records count once a
  /// record; leaves are not counted, they live anyway).
  int64_t size() const { return static_cast<int64_t>(nodes_.size()); }
  int64_t bytes_saved() const;

  uint64_t id() const { return id_; }
  const TapeOptions& options() const { return options_; }

  /// The innermost live tape of this thread, or null.
  static Tape* current();

 private:
  friend Variable record(std::string_view op, std::vector<Variable> inputs, Tensor output, Saves saves,
                         BackwardFn backward);
  friend class Walk;

  /// Throws: y was not recorded, or elsewhere, or dy does not fit it.
  void check_start(std::string_view name, const Variable& y, const Variable& dy) const;

  uint64_t id_;
  TapeOptions options_;
  std::shared_ptr<TapeStack> stack_;  ///< of the thread that made it
  bool paused_ = false;     ///< while a walk without CreateGraph runs, its derivative functions record nothing here
  std::deque<Node> nodes_;  ///< an arena: a record never moves
};

}  // namespace weft
