// backends/gpu/sort.cu: slices in order, and where their elements stood
#include "backends/gpu/gpu_backend.h"
#include "backends/gpu/sort_entries.h"

namespace weft::WEFT_GPU {
namespace {

template <class T>
using SortKey = std::conditional_t<sizeof(T) <= 4, uint32_t, uint64_t>;

/// x as an unsigned number in the same order: -0 as 0, NaN above all. For a descending order every bit is turned over,
/// and positions still rise among equals.
template <class T>
struct SortKeyOf {
  SortOrder order;

  __device__ SortKey<T> operator()(T x) const {
    using Key = SortKey<T>;
    const Key key = rising(x);
    return order == SortOrder::ascending ? key : static_cast<Key>(~key);
  }

 private:
  __device__ static SortKey<T> rising(T x) {
    using Key = SortKey<T>;
    constexpr Key kSign = Key{1} << (8 * sizeof(Key) - 1);
    if constexpr (std::is_floating_point_v<T>) {
      if (x != x) return static_cast<Key>(~Key{0});
      const Key bits = std::bit_cast<Key>(x == 0 ? T(0) : x);
      return (bits & kSign) != 0 ? static_cast<Key>(~bits) : static_cast<Key>(bits | kSign);
    } else if constexpr (std::is_signed_v<T>) {
      return static_cast<Key>(x) ^ kSign;
    } else {
      return static_cast<Key>(x);
    }
  }
};

/// Where slices lie, and the way along the sorted axis.
struct SortedPlaces {
  Layout<3> slices;  ///< in x, values and indices
  int64_t x_step, value_step, index_step;
  int64_t size, wanted;
};

/// values[slice, i] and indices[slice, i], for the first `wanted` entries of each slice.
template <class T, class Key>
__global__ void write_sorted_kernel(SortedPlaces places, gp<const Entry<Key>> entries, gp<const T> x, gp<T> values,
                                    gp<int64_t> indices) {
  for (int64_t item = first_item(); item < places.slices.numel * places.wanted; item += item_step()) {
    const int64_t slice = item / places.wanted, i = item - slice * places.wanted;
    int64_t at[3];
    places.slices.locate(slice, at);
    const Entry<Key> entry = entries[slice * places.size + i];
    const auto position = static_cast<int64_t>(entry.position);
    const T value = x[at[0] + position * places.x_step];
    values[at[1] + i * places.value_step] = value;
    indices[at[2] + i * places.index_step] = position;
  }
}

}  // namespace

void GpuBackend::sort(SortOrder order, const Tensor& x, int64_t axis, const Tensor& values, const Tensor& indices) {
  const int64_t size = x.shape()[axis], wanted = values.shape()[axis];
  if (size > kLongestLine && size_of(x.dtype()) < 8)
    fail("sort", "axis {} is longer than {}: x is {}; hint: sort it on the cpu", axis, kLongestLine, x.describe());
  Shape slices = x.shape();
  slices[axis] = 1;
  const SortedPlaces places{.slices = Layout<3>(slices, {x.strides(), values.strides(), indices.strides()}),
                            .x_step = x.strides()[axis],
                            .value_step = values.strides()[axis],
                            .index_step = indices.strides()[axis],
                            .size = size,
                            .wanted = wanted};
  const Layout<1> lines(slices, {x.strides()});
  visit_dtype(x.dtype(), [&]<class Stored>(TypeTag<Stored>) {
    using T = std::conditional_t<std::is_same_v<Stored, bool>, uint8_t, Stored>;
    using Key = SortKey<T>;
    const Scratch<Entry<Key>> entries =
        sorted_entries(make_entries<Key>(SortKeyOf<T>{order}, lines, size, places.x_step, x.data<T>(), x.device()),
                       lines.numel, size, wanted);
    launch(write_sorted_kernel<T, Key>, grid_of(lines.numel * wanted), kBlock, 0, places, entries.data(), x.data<T>(),
           values.data<T>(), indices.data<int64_t>());
  });
}

}  // namespace weft::WEFT_GPU
