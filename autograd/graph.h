// autograd/graph.h: a tape as a picture
#pragma once
#include <string>
#include <vector>

#include "autograd/tape.h"

namespace weft {

/// What was recorded: leaves and records are vertices, the inputs of records are edges. Constants are left out.
struct TapeGraph {
  struct Vertex {
    std::string id;    ///< "leaf0", "record0", ... in the order of first use, and of recording
    std::string name;  ///< of the op, or of the leaf; may be empty for a leaf
    bool is_leaf = false;
    Shape shape;  ///< of the output
    DType dtype = DType::float32;
    int64_t bytes_saved = 0;
    /// Under TapeOptions::time. Forward: from the record before (or from the making of the tape) to this one, so the op
    /// and whatever else the program did in between. Backward: in its derivative, over all walks.
    double forward_seconds = 0, backward_seconds = 0;
  };
  struct Edge {
    size_t from, to;  ///< vertices
    int input;        ///< which input of `to`
  };
  std::vector<Vertex> vertices;  ///< the inputs of a record stand before it
  std::vector<Edge> edges;
  bool timed = false;
};

TapeGraph graph_of(const Tape& tape);

/// The lines that stand in the box of a vertex: name, shape and dtype, bytes saved, times.
std::vector<std::string> label_of(const TapeGraph::Vertex& vertex, bool timed);

/// For Graphviz.
std::string to_dot(const Tape& tape);

/// A picture of its own, from the leaves on top down to the results: readable up to a few hundred records. Leaves are
/// round and stand right above their first use.
std::string to_svg(const Tape& tape);

}  // namespace weft
