// hyper/demos/harness/profile.h: where the time of training steps goes, op by op
#pragma once
#include <map>
#include <string>
#include <vector>

#include "autograd/graph.h"

namespace weft::demo {

/// Sums over tapes that were recorded under TapeOptions::time. A card computes beside the program: on one, times are
/// those of launches, but where the program waits for a result.
class Profile {
 public:
  /// A tape whose loss is there, and the same one after backward, which frees what it had saved.
  void add_forward(const Tape& tape);
  void add_backward(const Tape& tape);
  /// The whole step that the last tape belongs to, with what stands beside its ops, and with this object's own work.
  void add_step(double seconds);

  int64_t steps() const { return steps_; }
  /// The heading, then a row an op, the dearest first: records a step, milliseconds a step forward and backward, part
  /// of the step, MiB saved for backward (a tensor that several records save counts once a record); then what no op
  /// took, and the sums. Many ops: the cheapest are one row.
  std::vector<std::vector<std::string>> rows() const;

 private:
  struct Cost {
    int64_t records = 0, bytes = 0;
    double forward = 0, backward = 0;
    double seconds() const { return forward + backward; }
    Cost& operator+=(const Cost& other);
  };
  void add(const Tape& tape, Cost (*cost_of)(const TapeGraph::Vertex& vertex));
  std::vector<std::string> row_of(const std::string& name, const Cost& cost) const;

  std::map<std::string, Cost> ops_;
  double seconds_ = 0, own_seconds_ = 0;  ///< own: of the last step, spent here
  int64_t steps_ = 0;
};

}  // namespace weft::demo
