// tensor/meshgrid.h: several tensors brought to one shape, as views
#pragma once
#include <span>
#include <vector>

#include "tensor/tensor.h"

namespace weft {

/// Each expanded to the shape that all of them broadcast to; for one shape that is known, see Tensor::expand.
/// Throws: shapes that do not broadcast.
std::vector<Tensor> broadcast_tensors(std::span<const Tensor> tensors);
inline std::vector<Tensor> broadcast_tensors(std::initializer_list<Tensor> tensors) {
  return broadcast_tensors(std::span<const Tensor>(tensors.begin(), tensors.size()));
}

/// The order of the first two axes of a grid: [x0, x1, ...] as matrices count (ij), or [x1, x0, ...] as plots do (xy).
enum class Indexing : bool { ij, xy };

/// The coordinates of every point of the grid that `axes` (each [n] or 0-dim) span: one view of the grid's shape each.
/// Throws: no axes, another rank, dtypes or devices that differ.
std::vector<Tensor> meshgrid(std::span<const Tensor> axes, Indexing indexing = Indexing::ij);
inline std::vector<Tensor> meshgrid(std::initializer_list<Tensor> axes, Indexing indexing = Indexing::ij) {
  return meshgrid(std::span<const Tensor>(axes.begin(), axes.size()), indexing);
}

}  // namespace weft
