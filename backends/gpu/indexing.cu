// backends/gpu/indexing.cu: reading at computed positions, and the check of those positions
#include "backends/gpu/indexing.h"

#include "backends/check_index.h"
#include "backends/gpu/gpu_backend.h"
#include "backends/gpu/reduce_slices.h"

namespace weft::WEFT_GPU {
namespace {

constexpr int64_t kNone = INT64_MAX;

struct Stray {
  int64_t position;
};

/// The first position whose index is out of range.
struct FirstStray {
  using Total = Stray;
  int64_t size;

  __device__ Total start() const { return {kNone}; }
  __device__ Total load(int64_t index, int64_t i) const { return {index < 0 || index >= size ? i : kNone}; }
  __device__ Total load(Total total, int64_t) const { return total; }
  __device__ Total combine(Total a, Total b) const { return a.position < b.position ? a : b; }
  template <class Out>
  __device__ Out result(Total total) const {
    return total;
  }
};

/// y[i] = x[i, off the axis, and index[i] along it]. Neighbours write neighbours.
template <class Bits>
__global__ void gather_kernel(Layout<3> layout, int64_t step, gp<const Bits> x, gp<const int64_t> index, gp<Bits> y) {
  for (int64_t i = first_item(); i < layout.numel; i += item_step()) {
    int64_t at[3];
    layout.locate(i, at);
    const int64_t position = index[at[1]];
    const Bits value = x[at[0] + position * step];
    y[at[2]] = value;
  }
}

/// Waits for all kernels so far.
template <class T>
T read_back(const T* from) {
  T value{};
  copy_to_host(reinterpret_cast<std::byte*>(&value), reinterpret_cast<const std::byte*>(from), sizeof value);
  return value;
}

}  // namespace

void check_indices_on_card(std::string_view op, const Tensor& index, int64_t axis, int64_t size) {
  const Shape distinct = distinct_shape(index);
  const Layout<1> positions(distinct, {index.strides()});
  const Scratch<Stray> verdict(1, index.device());
  reduce_slices(FirstStray{size}, Layout<2>(Shape{}, {Strides{}, Strides{}}), positions, index.data<int64_t>(),
                verdict.data(), index.device());
  const int64_t first = read_back(verdict.data()).position;
  if (first == kNone) return;
  const Dims place = unravel(first, distinct);
  int64_t at = 0;
  for (int64_t i = 0; i < place.size(); ++i) at += place[i] * index.strides()[i];
  fail_out_of_range(op, place, read_back(index.data<int64_t>() + at), axis, size);
}

// y[i, j, k] = x[i, index[i, j, k], k]   for axis 1
void GpuBackend::gather(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& y) {
  check_indices_on_card("gather", index, axis, x.size(axis));
  const Layout<3> layout(index.shape(), {strides_without(x, axis), index.strides(), y.strides()});
  visit_bits(y.dtype(), [&]<class Bits>(TypeTag<Bits>) {
    launch(gather_kernel<Bits>, grid_of(layout.numel), kBlock, 0, layout, x.strides()[axis], x.data<Bits>(),
           index.data<int64_t>(), y.data<Bits>());
  });
}

}  // namespace weft::WEFT_GPU
