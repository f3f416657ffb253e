// autograd/meshgrid.cpp: several tensors brought to one shape; the derivative is that of expand
//
//   y_k = x_k repeated along the axes of the others      dx_k = dy_k summed over those axes
#include "autograd/meshgrid.h"

#include "autograd/values_of.h"
#include "autograd/view.h"

namespace weft {

std::vector<Variable> broadcast_tensors(std::span<const Variable> xs) {
  const std::vector<Tensor> shaped = broadcast_tensors(std::span<const Tensor>(values_of(xs)));
  std::vector<Variable> result;
  for (size_t i = 0; i < xs.size(); ++i) result.push_back(expand(xs[i], shaped[i].shape()));
  return result;
}

std::vector<Variable> meshgrid(std::span<const Variable> axes, Indexing indexing) {
  const std::vector<Tensor> shaped = meshgrid(std::span<const Tensor>(values_of(axes)), indexing);
  std::vector<Variable> grid;
  for (size_t i = 0; i < axes.size(); ++i) {
    const bool swaps = indexing == Indexing::xy && axes.size() > 1 && i < 2;
    Shape along = Shape::filled(std::ssize(axes), 1);
    along[static_cast<int64_t>(swaps ? 1 - i : i)] = axes[i].numel();
    grid.push_back(expand(reshape(axes[i], along), shaped[i].shape()));
  }
  return grid;
}

}  // namespace weft
