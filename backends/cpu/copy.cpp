// backends/cpu/copy.cpp: copies between any strides and dtypes, and fill
//
// A permuted copy reads along one axis and writes along another. It is cut into square tiles, so that the cache lines
// of both sides are used whole.
#include <cstring>

#include "backends/cpu/backend_class.h"
#include "backends/cpu/ceil_div.h"
#include "backends/cpu/elementwise_loops.h"
#include "tensor/cast.h"

namespace weft::cpu_kernels {
namespace {

constexpr int64_t kSquare = 32;

/// The axis along which x lies dense, when it is not the innermost; else -1.
int64_t dense_axis(const Pieces<2>& pieces) {
  const int64_t inner = pieces.rank - 1;
  if (pieces.strides[0][inner] <= 1 || pieces.strides[1][inner] != 1 || pieces.shape[inner] < 4) return -1;
  for (int64_t axis = 0; axis < inner; ++axis) {
    if (pieces.strides[0][axis] == 1 && pieces.shape[axis] >= 4) return axis;
  }
  return -1;
}

/// Copies kSquare rows of `dense` for one position of the other axes.
template <class T>
void copy_transposed(const Pieces<2>& pieces, int64_t dense, const T* from, T* to) {
  const int64_t inner = pieces.rank - 1;
  const int64_t rows = pieces.shape[dense], columns = pieces.shape[inner];
  const int64_t from_column = pieces.strides[0][inner], to_row = pieces.strides[1][dense];
  const int64_t bands = ceil_div(rows, kSquare);
  // The other axes, with the two of the square taken out.
  Shape outer;
  Strides outer_from, outer_to;
  for (int64_t axis = 0; axis < inner; ++axis) {
    if (axis == dense) continue;
    outer.push_back(pieces.shape[axis]);
    outer_from.push_back(pieces.strides[0][axis]);
    outer_to.push_back(pieces.strides[1][axis]);
  }
  const Pieces<2> others(outer, {outer_from, outer_to});
  const int64_t grain = std::max<int64_t>(1, kTileElements / (kSquare * columns));
  parallel_ranges(others.numel * bands, grain, [&](int64_t begin, int64_t end) {
    for (int64_t item = begin; item < end; ++item) {
      const int64_t first = item % bands * kSquare, last = std::min(rows, first + kSquare);
      others.visit(item / bands, item / bands + 1, [&](const auto& offsets, int64_t) {
        for (int64_t column0 = 0; column0 < columns; column0 += kSquare) {
          const int64_t column1 = std::min(columns, column0 + kSquare);
          for (int64_t row = first; row < last; ++row) {
            const T* source = from + offsets[0] + row;
            T* target = to + offsets[1] + row * to_row;
            for (int64_t column = column0; column < column1; ++column) target[column] = source[column * from_column];
          }
        }
      });
    }
  });
}

template <class T>
void copy_same_type(const Tensor& x, const Tensor& y) {
  const Pieces<2> pieces(y.shape(), {x.strides(), y.strides()});
  const T* from = reinterpret_cast<const T*>(x.raw_data());
  T* to = reinterpret_cast<T*>(y.raw_data());
  if (const int64_t dense = dense_axis(pieces); dense >= 0) return copy_transposed(pieces, dense, from, to);
  const int64_t from_stride = pieces.inner_stride(0), to_stride = pieces.inner_stride(1);
  parallel_ranges(pieces.numel, 4 * kTileElements, [&](int64_t begin, int64_t end) {
    pieces.visit(begin, end, [&](const auto& offsets, int64_t count) {
      copy_run(from + offsets[0], from_stride, to + offsets[1], to_stride, count);
    });
  });
}

}  // namespace

void CpuBackend::copy_from_host(std::byte* destination, const std::byte* source, int64_t bytes) {
  std::memcpy(destination, source, static_cast<size_t>(bytes));
}

void CpuBackend::copy_to_host(std::byte* destination, const std::byte* source, int64_t bytes) {
  std::memcpy(destination, source, static_cast<size_t>(bytes));
}

void CpuBackend::copy(const Tensor& x, const Tensor& y) {
  if (x.dtype() == y.dtype()) {
    switch (size_of(x.dtype())) {
      case 1: return copy_same_type<uint8_t>(x, y);
      case 2: return copy_same_type<uint16_t>(x, y);
      case 4: return copy_same_type<uint32_t>(x, y);
      default: return copy_same_type<uint64_t>(x, y);
    }
  }
  visit_stored(x.dtype(), [&](auto from) {
    visit_stored(y.dtype(), [&](auto to) {
      using X = typename decltype(from)::type;
      using Y = typename decltype(to)::type;
      if constexpr (!std::is_same_v<X, Y>) {
        map_elements<Y, X>({&x}, y, [](X value) { return cast_element<Y>(value); });
      }
    });
  });
}

void CpuBackend::fill(const Tensor& y, Scalar value) {
  const Pieces<1> pieces(y.shape(), {y.strides()});
  visit_stored(y.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* to = y.data<T>();
    const T filler = value.as<T>();
    parallel_ranges(pieces.numel, 4 * kTileElements, [&](int64_t begin, int64_t end) {
      pieces.visit(begin, end, [&](const auto& offsets, int64_t count) {
        T* run = to + offsets[0];
        if (pieces.inner_stride(0) == 1) std::fill(run, run + count, filler);
        else
          for (int64_t i = 0; i < count; ++i) run[i * pieces.inner_stride(0)] = filler;
      });
    });
  });
}

}  // namespace weft::cpu_kernels
