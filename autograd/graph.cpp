// autograd/graph.cpp: from records to vertices and edges, and their text
#include "autograd/graph.h"

#include <unordered_map>

#include "autograd/node.h"

namespace weft {
namespace {

/// A quoted string of the DOT language, lines one under the other.
std::string dot_string(const std::vector<std::string>& lines) {
  std::string quoted = "\"";
  for (size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) quoted += "\\n";
    for (const char c : lines[i]) {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  }
  return quoted + "\"";
}

}  // namespace

TapeGraph graph_of(const Tape& tape) {
  TapeGraph graph;
  graph.timed = tape.options_.time;
  std::unordered_map<const Leaf*, size_t> leaves;
  std::vector<size_t> records;
  for (const Node& node : tape.nodes_) {
    std::vector<TapeGraph::Edge> edges;
    for (int i = 0; i < node.num_inputs(); ++i) {
      const Node::Input& input = node.inputs_[static_cast<size_t>(i)];
      if (input.leaf) {
        const auto [found, is_new] = leaves.try_emplace(input.leaf.get(), graph.vertices.size());
        if (is_new)
          graph.vertices.push_back(
              {fmt::format("leaf{}", leaves.size() - 1), input.leaf->name, true, input.shape, input.dtype});
        edges.push_back({found->second, 0, i});
      } else if (input.node.recorded()) {
        edges.push_back({records[static_cast<size_t>(input.node.index)], 0, i});
      }
    }
    const size_t place = graph.vertices.size();
    for (const TapeGraph::Edge& edge : edges) graph.edges.push_back({edge.from, place, edge.input});
    graph.vertices.push_back({fmt::format("record{}", records.size()), std::string(node.op_), false, node.output_shape_,
                              node.output_dtype_, node.bytes_saved(), node.forward_seconds_, node.backward_seconds_});
    records.push_back(place);
  }
  return graph;
}

std::vector<std::string> label_of(const TapeGraph::Vertex& vertex, bool timed) {
  std::vector<std::string> lines{vertex.name.empty() ? vertex.id : vertex.name,
                                 fmt::format("{} {}", to_string(vertex.shape), name_of(vertex.dtype))};
  if (vertex.is_leaf) return lines;
  lines.push_back(fmt::format("saves {} B", vertex.bytes_saved));
  if (timed)
    lines.push_back(
        fmt::format("{:.3f} ms, back {:.3f} ms", vertex.forward_seconds * 1e3, vertex.backward_seconds * 1e3));
  return lines;
}

std::string to_dot(const Tape& tape) {
  const TapeGraph graph = graph_of(tape);
  std::string dot = "digraph tape {\n  node [shape=box, fontname=monospace];\n";
  for (const TapeGraph::Vertex& vertex : graph.vertices)
    dot += fmt::format("  {} [label={}{}];\n", vertex.id, dot_string(label_of(vertex, graph.timed)),
                       vertex.is_leaf ? ", shape=ellipse" : "");
  for (const TapeGraph::Edge& edge : graph.edges)
    dot += fmt::format("  {} -> {} [headlabel=\"{}\"];\n", graph.vertices[edge.from].id, graph.vertices[edge.to].id,
                       edge.input);
  return dot + "}\n";
}

}  // namespace weft
