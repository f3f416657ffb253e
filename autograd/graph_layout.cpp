// autograd/graph_layout.cpp: which layer, in which order, at which place
#include "autograd/graph_layout.h"

#include <algorithm>
#include <map>

namespace weft {
namespace {

constexpr double kGapX = 24, kGapY = 44, kMargin = 16, kEmptyWidth = 8;
constexpr int kSweeps = 8;

/// A box, or an empty place that an edge passes through.
struct Slot {
  size_t layer;
  double width;
  double x = 0;
  std::vector<size_t> above{}, below{};
};

using Layers = std::vector<std::vector<size_t>>;  ///< slots, from left to right

/// Records stand one below the lowest of their inputs, leaves one above their first use.
std::vector<size_t> layers_of(const TapeGraph& graph) {
  std::vector<size_t> layer(graph.vertices.size(), 0);
  for (size_t v = 0; v < layer.size(); ++v) layer[v] = graph.vertices[v].is_leaf ? 0 : 1;
  for (const TapeGraph::Edge& edge : graph.edges)
    if (!graph.vertices[edge.from].is_leaf) layer[edge.to] = std::max(layer[edge.to], layer[edge.from] + 1);
  std::vector<bool> is_placed(layer.size(), false);
  for (const TapeGraph::Edge& edge : graph.edges) {
    if (!graph.vertices[edge.from].is_leaf) continue;
    const size_t place = layer[edge.to] - 1;
    layer[edge.from] = is_placed[edge.from] ? std::min(layer[edge.from], place) : place;
    is_placed[edge.from] = true;
  }
  return layer;
}

class Layout {
 public:
  Layout(const TapeGraph& graph, const std::vector<Box>& boxes) {
    const std::vector<size_t> layer = layers_of(graph);
    for (size_t v = 0; v < boxes.size(); ++v) add_slot(layer[v], boxes[v].width);
    for (const TapeGraph::Edge& edge : graph.edges) add_edge(edge.from, edge.to);
    pack();
    for (int i = 0; i < kSweeps; ++i) sweep(i % 2 == 0, [this](auto& slots, bool down) { order(slots, down); });
    for (int i = 0; i < kSweeps; ++i) sweep(i % 2 == 0, [this](auto& slots, bool down) { align(slots, down); });
  }

  const Layers& layers() const { return layers_; }
  const std::vector<Slot>& slots() const { return slots_; }
  std::vector<Slot>& slots() { return slots_; }
  const std::vector<size_t>& path(size_t edge) const { return paths_[edge]; }

 private:
  size_t add_slot(size_t layer, double width) {
    slots_.push_back({layer, width});
    if (layers_.size() <= layer) layers_.resize(layer + 1);
    layers_[layer].push_back(slots_.size() - 1);
    return slots_.size() - 1;
  }

  /// Long edges of one vertex share their empty places.
  void add_edge(size_t from, size_t to) {
    std::vector<size_t> path{from};
    for (size_t layer = slots_[from].layer + 1; layer < slots_[to].layer; ++layer) {
      const auto [place, is_new] = empty_.try_emplace({from, layer}, slots_.size());
      if (is_new) connect(path.back(), add_slot(layer, kEmptyWidth));
      path.push_back(place->second);
    }
    connect(path.back(), to);
    path.push_back(to);
    paths_.push_back(std::move(path));
  }

  void connect(size_t above, size_t below) {
    slots_[above].below.push_back(below);
    slots_[below].above.push_back(above);
  }

  template <class Step>
  void sweep(bool down, const Step& step) {
    if (down) std::for_each(layers_.begin(), layers_.end(), [&](auto& slots) { step(slots, true); });
    else std::for_each(layers_.rbegin(), layers_.rend(), [&](auto& slots) { step(slots, false); });
  }

  /// The mean place of the neighbours above (or below), or where it is.
  double wished(const Slot& slot, bool down) const {
    const std::vector<size_t>& neighbours = down ? slot.above : slot.below;
    double total = 0;
    for (const size_t neighbour : neighbours) total += slots_[neighbour].x;
    return neighbours.empty() ? slot.x : total / static_cast<double>(neighbours.size());
  }

  static double distance(const Slot& left, const Slot& right) { return (left.width + right.width) / 2 + kGapX; }

  /// Side by side, as they come.
  void pack() {
    for (const auto& slots : layers_)
      for (size_t i = 1; i < slots.size(); ++i)
        slots_[slots[i]].x = slots_[slots[i - 1]].x + distance(slots_[slots[i - 1]], slots_[slots[i]]);
  }

  void order(std::vector<size_t>& slots, bool down) {
    std::vector<std::pair<double, size_t>> keys;
    for (const size_t slot : slots) keys.emplace_back(wished(slots_[slot], down), slot);
    std::stable_sort(keys.begin(), keys.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (size_t i = 0; i < slots.size(); ++i) slots[i] = keys[i].second;
    align(slots, down);
  }

  /// As near to the wished places as the widths allow, the layer as a whole where its wishes are on average.
  void align(const std::vector<size_t>& slots, bool down) {
    double shift = 0;
    std::vector<double> places;
    for (size_t i = 0; i < slots.size(); ++i) {
      const double wish = wished(slots_[slots[i]], down);
      double place = wish;
      if (i > 0) place = std::max(wish, places.back() + distance(slots_[slots[i - 1]], slots_[slots[i]]));
      shift += wish - place;
      places.push_back(place);
    }
    for (size_t i = 0; i < slots.size(); ++i)
      slots_[slots[i]].x = places[i] + shift / static_cast<double>(slots.size());
  }

  std::vector<Slot> slots_;  ///< the boxes first
  Layers layers_;
  std::map<std::pair<size_t, size_t>, size_t> empty_;  ///< (vertex, layer) -> slot
  std::vector<std::vector<size_t>> paths_;             ///< by edge
};

/// Where the layers stand, from top to bottom, each as high as its highest box.
struct Rows {
  std::vector<double> tops, heights;
  double end = kMargin;
};

Rows rows_of(const Layers& layers, const std::vector<Box>& boxes) {
  Rows rows;
  for (const auto& slots : layers) {
    double height = 0;
    for (const size_t slot : slots)
      if (slot < boxes.size()) height = std::max(height, boxes[slot].height);
    if (!rows.tops.empty()) rows.end += kGapY;
    rows.tops.push_back(rows.end);
    rows.heights.push_back(height);
    rows.end += height;
  }
  return rows;
}

/// Moves all to the right of the margin; the width that they take.
double move_to_margin(std::vector<Slot>& slots) {
  if (slots.empty()) return 0;
  double left = slots[0].x, right = slots[0].x;
  for (const Slot& slot : slots) {
    left = std::min(left, slot.x - slot.width / 2);
    right = std::max(right, slot.x + slot.width / 2);
  }
  for (Slot& slot : slots) slot.x += kMargin - left;
  return right - left;
}

/// From rim to rim, straight down through the empty places.
std::vector<Point> route(const Layout& places, const Rows& rows, const Box& from, const Box& to,
                         const std::vector<size_t>& path) {
  std::vector<Point> points{{from.center.x, from.center.y + from.height / 2}};
  for (size_t i = 1; i + 1 < path.size(); ++i) {
    const Slot& slot = places.slots()[path[i]];
    points.push_back({slot.x, rows.tops[slot.layer]});
    points.push_back({slot.x, rows.tops[slot.layer] + rows.heights[slot.layer]});
  }
  points.push_back({to.center.x, to.center.y - to.height / 2});
  return points;
}

}  // namespace

GraphLayout layout(const TapeGraph& graph, std::vector<Box> boxes) {
  Layout places(graph, boxes);
  const double width = move_to_margin(places.slots());
  const Rows rows = rows_of(places.layers(), boxes);
  for (size_t v = 0; v < boxes.size(); ++v) {
    const Slot& slot = places.slots()[v];
    boxes[v].center = {slot.x, rows.tops[slot.layer] + rows.heights[slot.layer] / 2};
  }
  GraphLayout result{width + 2 * kMargin, rows.end + kMargin, {}, {}};
  for (size_t e = 0; e < graph.edges.size(); ++e)
    result.routes.push_back(route(places, rows, boxes[graph.edges[e].from], boxes[graph.edges[e].to], places.path(e)));
  result.boxes = std::move(boxes);
  return result;
}

}  // namespace weft
