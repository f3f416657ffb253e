// tests/autograd/graph.cpp: a tape as a picture: well formed, and complete
#include "autograd/graph.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <thread>

#include "autograd/autograd.h"
#include "autograd/graph_layout.h"
#include "tensor/create.h"

using namespace weft;

namespace {

struct Element {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;  ///< with that of its children
};

/// Elements in the order of their ends.  Fails: not well-formed XML.
class Xml {
 public:
  explicit Xml(std::string_view text) : rest_(text) {
    element();
    while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_[0]))) rest_.remove_prefix(1);
    REQUIRE(rest_.empty());
  }
  std::vector<Element> elements;

  std::vector<Element> all(std::string_view name, std::string_view attribute) const {
    std::vector<Element> found;
    for (const Element& element : elements)
      if (element.name == name && element.attributes.contains(std::string(attribute))) found.push_back(element);
    return found;
  }

 private:
  void expect(std::string_view token) {
    REQUIRE(rest_.starts_with(token));
    rest_.remove_prefix(token.size());
  }
  std::string until(std::string_view stops) {
    const size_t end = rest_.find_first_of(stops);
    REQUIRE(end != std::string_view::npos);
    const std::string_view raw = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return std::string(raw);
  }
  std::string unescaped(std::string_view raw) {
    static const std::map<std::string, char> entities{{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}};
    const auto is_forbidden = [](char c) { return c == '<' || (c != '\n' && static_cast<unsigned char>(c) < ' '); };
    REQUIRE(std::none_of(raw.begin(), raw.end(), is_forbidden));
    std::string text;
    for (size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] != '&') {
        text += raw[i];
        continue;
      }
      const size_t end = raw.find(';', i);
      REQUIRE(end != std::string_view::npos);
      text += entities.at(std::string(raw.substr(i + 1, end - i - 1)));
      i = end;
    }
    return text;
  }
  std::string element() {
    Element element;
    expect("<");
    element.name = until(" />");
    while (rest_.starts_with(" ")) {
      expect(" ");
      const std::string key = until("=");
      expect("=\"");
      const bool is_new = element.attributes.emplace(key, unescaped(until("\""))).second;
      REQUIRE(is_new);
      expect("\"");
    }
    if (rest_.starts_with("/>")) {
      expect("/>");
    } else {
      expect(">");
      while (true) {
        element.text += unescaped(until("<"));
        if (rest_.starts_with("</")) break;
        element.text += this->element();
      }
      expect("</" + element.name + ">");
    }
    elements.push_back(element);
    return element.text;
  }

  std::string_view rest_;
};

using EdgeKey = std::tuple<std::string, std::string, int>;

std::multiset<EdgeKey> edges_of(const TapeGraph& graph) {
  std::multiset<EdgeKey> edges;
  for (const auto& edge : graph.edges)
    edges.emplace(graph.vertices[edge.from].id, graph.vertices[edge.to].id, edge.input);
  return edges;
}

void expect_complete(const Tape& tape) {
  const TapeGraph graph = graph_of(tape);
  const std::string svg = to_svg(tape);
  const Xml xml(svg);
  const auto groups = xml.all("g", "id");
  REQUIRE(groups.size() == graph.vertices.size());
  for (size_t v = 0; v < groups.size(); ++v) {
    CHECK(groups[v].attributes.at("id") == graph.vertices[v].id);
    std::string label;
    for (const std::string& line : label_of(graph.vertices[v], graph.timed)) label += line;
    std::replace_if(
        label.begin(), label.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    CHECK(groups[v].text == label);
  }
  std::multiset<EdgeKey> edges;
  for (const Element& path : xml.all("path", "data-from"))
    edges.emplace(path.attributes.at("data-from"), path.attributes.at("data-to"),
                  std::stoi(path.attributes.at("data-input")));
  CHECK(edges == edges_of(graph));

  const std::string dot = to_dot(tape);
  int64_t lines = std::count(dot.begin(), dot.end(), '\n');
  CHECK(lines == static_cast<int64_t>(3 + graph.vertices.size() + graph.edges.size()));
  for (const auto& [from, to, input] : edges)
    CHECK(dot.find(fmt::format("  {} -> {} [headlabel=\"{}\"];\n", from, to, input)) != std::string::npos);
}

/// A recurrent net: `steps` uses of one weight.
Variable unroll(const Variable& w, int steps) {
  Variable h = ones({1, 4});
  for (int i = 0; i < steps; ++i) h = tanh(linear(h, w)) + h;
  return sum(h);
}

}  // namespace

TEST_CASE("the graph of a tape: every record, leaf and edge") {
  const Variable x = watch(ones({2, 3}), "x"), w = watch(ones({2, 3}), "layer.weight");
  Tape tape;
  const Variable y = sum(x * w + x);
  const TapeGraph graph = graph_of(tape);
  std::string ids;
  for (const auto& vertex : graph.vertices) ids += vertex.id + ":" + vertex.name + " ";
  CHECK(ids == "leaf0:x leaf1:layer.weight record0:mul record1:add record2:sum ");
  CHECK(edges_of(graph) == std::multiset<EdgeKey>{{"leaf0", "record0", 0},
                                                  {"leaf1", "record0", 1},
                                                  {"record0", "record1", 0},
                                                  {"leaf0", "record1", 1},
                                                  {"record1", "record2", 0}});
  CHECK(label_of(graph.vertices[1], false) == std::vector<std::string>{"layer.weight", "[2, 3] float32"});
  CHECK(label_of(graph.vertices[2], false) == std::vector<std::string>{"mul", "[2, 3] float32", "saves 0 B"});
  CHECK(y.value().item() == 12);
  expect_complete(tape);
}

TEST_CASE("bytes saved are those that are held now") {
  const Variable x = watch(ones({4}));
  Tape tape;
  const Variable y = sum(exp(x));
  CHECK(graph_of(tape).vertices[1].bytes_saved == 16);
  tape.backward(y);
  CHECK(graph_of(tape).vertices[1].bytes_saved == 0);
  expect_complete(tape);
}

TEST_CASE("names are escaped, a nameless leaf shows its number") {
  const Variable a = watch(ones({2}), "a<b> & \"c\\d\"\n</text>"), b = watch(ones({2}));
  Tape tape;
  const Variable y = a * b;
  CHECK(label_of(graph_of(tape).vertices[1], false)[0] == "leaf1");
  expect_complete(tape);
  CHECK(to_dot(tape).find("leaf0 [label=\"a<b> & \\\"c\\\\d\\\" </text>\\n[2] float32\", shape=ellipse];") !=
        std::string::npos);
}

TEST_CASE("an empty tape is an empty picture") {
  Tape tape;
  expect_complete(tape);
}

TEST_CASE("boxes of one layer do not overlap, and arrows lead down") {
  const Variable w = watch(ones({4, 4}), "a weight with quite a long name");
  Tape tape({.time = true});
  const Variable y = unroll(w, 40) * sum(w) + unroll(w, 3);
  expect_complete(tape);
  const TapeGraph graph = graph_of(tape);
  const GraphLayout places = layout(graph, std::vector<Box>(graph.vertices.size(), Box{80, 40}));
  for (size_t a = 0; a < places.boxes.size(); ++a) {
    const Point p = places.boxes[a].center;
    const bool is_inside = p.x >= 40 && p.y >= 20 && p.x <= places.width - 40 && p.y <= places.height - 20;
    CHECK(is_inside);
    const auto overlaps = [&p](const Box& box) {
      return std::abs(p.x - box.center.x) < 80 && std::abs(p.y - box.center.y) < 40;
    };
    CHECK(std::count_if(places.boxes.begin(), places.boxes.end(), overlaps) == 1);  // itself
  }
  for (size_t e = 0; e < graph.edges.size(); ++e) {
    const std::vector<Point>& route = places.routes[e];
    CHECK(route.front().x == places.boxes[graph.edges[e].from].center.x);
    CHECK(route.back().x == places.boxes[graph.edges[e].to].center.x);
    for (size_t i = 1; i < route.size(); ++i) CHECK(route[i].y >= route[i - 1].y);
  }
}

TEST_CASE("records are timed when the tape is asked to") {
  const Variable x = watch(ones({4}), "x");
  const auto slow = [](Node& n, const Variable& dy) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    n.add_grad(0, dy);
  };
  const auto graph_when = [&](bool time) {
    Tape tape({.time = time});
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    tape.backward(sum(record("slow", {x}, x.value().clone(), Saves::nothing(), slow)));
    expect_complete(tape);
    return graph_of(tape);
  };
  const TapeGraph timed = graph_when(true), untimed = graph_when(false);
  CHECK(timed.vertices[1].forward_seconds >= 0.002);
  CHECK(timed.vertices[1].backward_seconds >= 0.002);
  CHECK(timed.vertices[2].backward_seconds > 0);
  CHECK(label_of(timed.vertices[1], true).size() == 4);
  CHECK(untimed.vertices[1].forward_seconds == 0);
  CHECK(untimed.vertices[1].backward_seconds == 0);
}
