// autograd/tape.h: the record of what was computed, and the way back
#pragma once
#include <chrono>
#include <deque>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "autograd/node.h"
#include "autograd/variable.h"

namespace weft {

class HookHandle;
class TapeStack;
struct TapeGraph;

struct TapeOptions {
  /// Fused functions record their composed form, so that derivatives of any order can be taken through them.
  bool higher_order = false;
  /// Pairs (input, output gradient) of products into a leaf are kept up to this many bytes before they are multiplied.
  int64_t pair_budget_bytes = int64_t{64} << 20;
  /// The first inf or NaN in a result that is recorded, or in a gradient, throws: op, which tensor, its shape and the
  /// index. Reads every tensor back to the host: for debugging. Where an inf is meant (a mask), it throws as well.
  bool detect_anomaly = false;
  /// Records are timed, for TapeGraph (autograd/graph.h).
  bool time = false;
};

/// After a walk the records it used are spent and their saved tensors freed, unless they are retained. Each is freed as
/// soon as it was walked: so a walk that throws has spent those it passed, while no leaf's gradient has changed.
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
  /// under CreateGraph::yes, a fused record on the way, naming op and remedy. Records that are retained can be walked
  /// again.
  std::vector<Variable> gradient(const Variable& y, std::span<const Variable> xs,
                                 CreateGraph create_graph = CreateGraph::no, const Variable& dy = {},
                                 Retain retain = Retain::no);
  std::vector<Variable> gradient(const Variable& y, std::initializer_list<Variable> xs,
                                 CreateGraph create_graph = CreateGraph::no, const Variable& dy = {},
                                 Retain retain = Retain::no) {
    return gradient(y, std::span<const Variable>(xs.begin(), xs.size()), create_graph, dy, retain);
  }

  /// Number of records, and the bytes of saved tensors they still hold (tensors saved by several records count once a
  /// record; leaves are not counted, they live anyway).
  int64_t size() const { return static_cast<int64_t>(nodes_.size()); }
  int64_t bytes_saved() const;

  /// The leaves that y depends on, in the order of their first use.  Throws: y was not recorded on this tape.
  std::vector<Variable> leaves(const Variable& y) const;

  uint64_t id() const { return id_; }
  const TapeOptions& options() const { return options_; }

  /// The innermost live tape of this thread, or null.
  static Tape* current();

 private:
  friend Variable record(std::string_view op, std::vector<Variable> inputs, Tensor output, Saves saves,
                         BackwardFn backward);
  friend HookHandle register_hook(const Variable& x, std::function<Variable(const Variable&)> hook);
  friend TapeGraph graph_of(const Tape& tape);
  friend class Walk;

  /// The hooks of a record of this tape.  Throws: it is spent.
  std::shared_ptr<Hooks>& hooks_of(NodeId node);
  /// Throws: y was not recorded, or elsewhere, or dy does not fit it.
  void check_start(std::string_view name, const Variable& y, const Variable& dy) const;

  uint64_t id_;
  TapeOptions options_;
  std::shared_ptr<TapeStack> stack_;  ///< of the thread that made it
  bool paused_ = false;  ///< while a walk without CreateGraph runs, its derivative functions record nothing here
  std::chrono::steady_clock::time_point last_record_ = std::chrono::steady_clock::now();
  std::deque<Node> nodes_;  ///< an arena: a record never moves
};

}  // namespace weft
