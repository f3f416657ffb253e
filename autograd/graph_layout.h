// autograd/graph_layout.h: places for the boxes of a graph without cycles
#pragma once
#include <cstddef>
#include <vector>

#include "autograd/graph.h"

namespace weft {

struct Point {
  double x = 0, y = 0;
};

struct Box {
  double width = 0, height = 0;
  Point center{};  ///< set by the layout
};

struct GraphLayout {
  double width = 0, height = 0;
  std::vector<Box> boxes;                  ///< by vertex
  std::vector<std::vector<Point>> routes;  ///< by edge, from the lower rim of one box to the upper rim of another
};

/// In layers, as Sugiyama, Tagawa and Toda do (*Methods for visual understanding of hierarchical system structures*,
/// 1981): every edge leads down; one that is longer than a layer goes through empty places kept free for it; the order
/// in a layer follows the mean place of the neighbours. `boxes` have their sizes.
GraphLayout layout(const TapeGraph& graph, std::vector<Box> boxes);

}  // namespace weft
