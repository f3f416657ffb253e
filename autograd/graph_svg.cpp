// autograd/graph_svg.cpp: boxes, arrows and text
#include <algorithm>

#include "autograd/graph.h"
#include "autograd/graph_layout.h"

namespace weft {
namespace {

constexpr double kLetter = 7.3, kLine = 15, kPadding = 10;  // of a monospaced font of 12 px

/// Text as XML takes it; control characters, which XML forbids, become spaces.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '&') result += "&amp;";
    else if (c == '<') result += "&lt;";
    else if (c == '>') result += "&gt;";
    else if (c == '"') result += "&quot;";
    else result += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return result;
}

Box box_for(const std::vector<std::string>& lines) {
  size_t longest = 0;
  for (const std::string& line : lines) longest = std::max(longest, line.size());
  return {static_cast<double>(longest) * kLetter + 2 * kPadding, static_cast<double>(lines.size()) * kLine + kPadding};
}

std::string box_as_svg(const TapeGraph::Vertex& vertex, const std::vector<std::string>& lines, const Box& box) {
  const Point corner{box.center.x - box.width / 2, box.center.y - box.height / 2};
  std::string svg = fmt::format(
      "<g id=\"{}\"><rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"{}\" fill=\"{}\" "
      "stroke=\"#456\"/>",
      vertex.id, corner.x, corner.y, box.width, box.height, vertex.is_leaf ? 16 : 3,
      vertex.is_leaf ? "#e6f2dd" : "#eef2f8");
  for (size_t i = 0; i < lines.size(); ++i)
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", box.center.x,
                       corner.y + kPadding / 2 + kLine * (static_cast<double>(i) + 0.75), escaped(lines[i]));
  return svg + "</g>\n";
}

std::string edge_as_svg(const TapeGraph& graph, const TapeGraph::Edge& edge, const std::vector<Point>& route) {
  std::string path = fmt::format("M{:.1f} {:.1f}", route[0].x, route[0].y);
  for (size_t i = 1; i < route.size(); ++i) {
    const Point &a = route[i - 1], &b = route[i];
    const double middle = (a.y + b.y) / 2;
    path += fmt::format("C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}", a.x, middle, b.x, middle, b.x, b.y);
  }
  return fmt::format(
      "<path class=\"edge\" data-from=\"{}\" data-to=\"{}\" data-input=\"{}\" d=\"{}\" marker-end=\"url(#arrow)\"/>\n",
      graph.vertices[edge.from].id, graph.vertices[edge.to].id, edge.input, path);
}

}  // namespace

std::string to_svg(const Tape& tape) {
  const TapeGraph graph = graph_of(tape);
  std::vector<std::vector<std::string>> labels;
  std::vector<Box> boxes;
  for (const TapeGraph::Vertex& vertex : graph.vertices) {
    labels.push_back(label_of(vertex, graph.timed));
    boxes.push_back(box_for(labels.back()));
  }
  const GraphLayout places = layout(graph, std::move(boxes));
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
      "font-family=\"monospace\" font-size=\"12\" text-anchor=\"middle\">\n"
      "<style>.edge {{ fill: none; stroke: #456; }}</style>\n"
      "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" "
      "orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#456\"/></marker></defs>\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
      places.width, places.height);
  for (size_t e = 0; e < graph.edges.size(); ++e) svg += edge_as_svg(graph, graph.edges[e], places.routes[e]);
  for (size_t v = 0; v < graph.vertices.size(); ++v) svg += box_as_svg(graph.vertices[v], labels[v], places.boxes[v]);
  return svg + "</svg>\n";
}

}  // namespace weft
