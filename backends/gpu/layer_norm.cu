// backends/gpu/layer_norm.cu: y = s weight + bias, s = (x - mean) / sqrt(var + eps) over the last axis, and the way
// back
//
//   g = dy weight     dx = (g - mean(g) - s mean(s g)) / sqrt(var + eps)     dweight = sum dy s     dbias = sum dy
//
// A warp or a block has a row, which it reads once from memory and again from the near cache: mean first, then
// variance, since a variance from one pass cancels. Elements are counted from the row's first one, and halved: equal
// elements then give exactly 0, and the largest ones do not overflow.
#include "backends/gpu/column_sums.h"
#include "backends/gpu/gpu_backend.h"
#include "backends/gpu/view.h"

namespace weft::WEFT_GPU {
namespace {

/// What a row becomes: s = (x / 2 - first - mean) r.
template <class T>
struct Standard {
  T first, mean, r;  ///< of halves
  __device__ __forceinline__ T operator()(T x) const { return ((T(0.5) * x - first) - mean) * r; }
};

template <class T>
struct NormalizedRows {
  View<T, 3> x;  ///< [n, groups, width]
  int64_t rows, groups, width;
  double eps;

  __device__ Standard<T> standard(int64_t i, int64_t g) const {
    Standard<T> s{T(0.5) * x(i, g), 0, 1};
    const auto of_x = [&](int64_t j) { return s(x(i, g, j)); };
    s.mean = static_cast<T>(team_sum<T>(RowTeam{}, width, of_x) / static_cast<double>(width));
    const auto squared = [&](int64_t j) {
      const T centred = of_x(j);
      return centred * centred;
    };
    const double square = team_sum<T>(RowTeam{}, width, squared) / static_cast<double>(width);
    s.r = static_cast<T>(1 / std::sqrt(square + eps / 4));
    return s;
  }
};

template <class T>
__global__ void layer_norm_kernel(NormalizedRows<T> norm, View<T, 2> weight, View<T, 2> bias, gp<T> y) {
  for (int64_t row = RowTeam::first_row(); row < norm.rows; row += RowTeam::row_step()) {
    const int64_t i = row / norm.groups, g = row % norm.groups;
    const Standard<T> s = norm.standard(i, g);
    for (int64_t j = RowTeam{}.member(); j < norm.width; j += RowTeam{}.size()) {
      T value = s(norm.x(i, g, j));
      if (weight.defined) value *= weight(g, j);
      if (bias.defined) value += bias(g, j);
      y[row * norm.width + j] = value;
    }
  }
}

/// dx, and each row's Standard for those who sum over rows.
template <class T>
__global__ void layer_norm_dx(NormalizedRows<T> norm, View<T, 2> weight, View<T, 3> dy, gp<T> dx, gp<T> standards) {
  for (int64_t row = RowTeam::first_row(); row < norm.rows; row += RowTeam::row_step()) {
    const int64_t i = row / norm.groups, g = row % norm.groups;
    const Standard<T> s = norm.standard(i, g);
    const auto of_y = [&](int64_t j) { return weight.defined ? dy(i, g, j) * weight(g, j) : dy(i, g, j); };
    const auto of_s = [&](int64_t j) { return s(norm.x(i, g, j)); };
    const double width = static_cast<double>(norm.width);
    const T mean = static_cast<T>(team_sum<T>(RowTeam{}, norm.width, of_y) / width);
    const auto along_s = [&](int64_t j) { return of_s(j) * of_y(j); };
    const T mean_along_s = static_cast<T>(team_sum<T>(RowTeam{}, norm.width, along_s) / width);
    for (int64_t j = RowTeam{}.member(); j < norm.width; j += RowTeam{}.size())
      dx[row * norm.width + j] = T(0.5) * s.r * (of_y(j) - mean - of_s(j) * mean_along_s);
    if (RowTeam{}.member() == 0) {
      standards[3 * row] = s.first;
      standards[3 * row + 1] = s.mean;
      standards[3 * row + 2] = s.r;
    }
  }
}

/// dy[i, column], which sums to dbias.
template <class T>
struct BiasTerms {
  View<T, 3> dy;
  int64_t width;
  __device__ auto column(int64_t column) const {
    return [from = dy.at(0, column / width, column % width), step = dy.stride[0]](int64_t i) -> T {
      return from[i * step];
    };
  }
};

/// dy[i, column] s[i, column], which sums to dweight.
template <class T>
struct WeightTerms {
  View<T, 3> x, dy;
  gp<const T> standards;
  int64_t groups, width;
  __device__ auto column(int64_t column) const {
    const int64_t g = column / width, j = column % width;
    return [=, *this](int64_t i) -> T {
      const int64_t row = 3 * (i * groups + g);
      const Standard<T> s{standards[row], standards[row + 1], standards[row + 2]};
      return dy(i, g, j) * s(x(i, g, j));
    };
  }
};

template <class T>
NormalizedRows<T> normalized_rows(const Tensor& x, double eps) {
  return {View<T, 3>(x), x.size(0) * x.size(1), x.size(1), x.size(2), eps};
}

}  // namespace

void GpuBackend::layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, double eps, const Tensor& y) {
  visit_floating(x.dtype(), [&]<class T>(TypeTag<T>) {
    const NormalizedRows<T> norm = normalized_rows<T>(x, eps);
    const dim3 block = row_block(norm.width);
    launch(layer_norm_kernel<T>, grid_of(norm.rows, block.y), block, 0, norm, View<T, 2>(weight), View<T, 2>(bias),
           y.data<T>());
  });
}

void GpuBackend::layer_norm_gradient(const Tensor& x, const Tensor& weight, double eps, const Tensor& dy,
                                     const Tensor& dx, const Tensor& dweight, const Tensor& dbias) {
  visit_floating(x.dtype(), [&]<class T>(TypeTag<T>) {
    const NormalizedRows<T> norm = normalized_rows<T>(x, eps);
    const Tensor standards = empty({norm.rows, 3}, {.dtype = x.dtype(), .device = x.device()});
    const dim3 block = row_block(norm.width);
    const View<T, 3> from(dy);
    launch(layer_norm_dx<T>, grid_of(norm.rows, block.y), block, 0, norm, View<T, 2>(weight), from, dx.data<T>(),
           standards.data<T>());
    const T* of_rows = standards.data<T>();
    if (dweight.defined()) {
      column_sums<T>(WeightTerms<T>{norm.x, from, of_rows, norm.groups, norm.width}, x.size(0), dweight);
    }
    if (dbias.defined()) column_sums<T>(BiasTerms<T>{from, norm.width}, x.size(0), dbias);
  });
}

}  // namespace weft::WEFT_GPU
