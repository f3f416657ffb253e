// backends/cpu/layer_norm.cpp: layer norm with each row read once from memory, and the way back
//
// The composed form makes eight passes over memory forwards and more on the way back; here a row stays in the first
// cache while it is read three times. Elements are counted from the row's first one, and halved: equal elements then
// give exactly 0, and the largest ones do not overflow: centred_half of tensor/statistics.h.
#include <cmath>

#include "backends/cpu/backend_class.h"
#include "backends/cpu/isa.h"
#include "backends/cpu/strided_pieces.h"
#include "backends/cpu/thread_pool.h"

namespace weft::cpu_kernels {
namespace {

constexpr int64_t kSumLanes = 16;
constexpr int64_t kRowTiles = 16;  ///< of the sums over rows; fixed, so that their bits are

/// The sum of f(i) over [0, count): 16 lanes, which meet in float64.
template <class T, class F>
inline double lane_sum(int64_t count, const F& f) {
  constexpr int64_t kBlock = 1024;
  double total = 0;
  for (int64_t begin = 0; begin < count; begin += kBlock) {
    const int64_t end = std::min(begin + kBlock, count);
    T lanes[kSumLanes] = {};
    int64_t i = begin;
    for (; i + kSumLanes <= end; i += kSumLanes) {
      for (int64_t lane = 0; lane < kSumLanes; ++lane) lanes[lane] += f(i + lane);
    }
    for (; i < end; ++i) total += f(i);
    for (const T lane : lanes) total += lane;
  }
  return total;
}

/// s = (x - mean) r, into `s`; returns r.
template <class T>
inline T standardize_row(const T* x, int64_t width, double eps, T* s) {
  const T first = T(0.5) * x[0];
  const T mean = T(lane_sum<T>(width, [&](int64_t i) { return T(0.5) * x[i] - first; }) / double(width));
  for (int64_t i = 0; i < width; ++i) s[i] = (T(0.5) * x[i] - first) - mean;
  const double square = lane_sum<T>(width, [&](int64_t i) { return s[i] * s[i]; }) / double(width);
  const T r = T(1 / std::sqrt(square + eps / 4));  // of halves
  for (int64_t i = 0; i < width; ++i) s[i] *= r;
  return T(0.5) * r;
}

template <class T>
struct LayerNorm {
  const T *x, *weight, *bias;
  T* y;
  int64_t groups, width;
  double eps;

  void row(int64_t row) const {
    T* to = y + row * width;
    standardize_row(x + row * width, width, eps, to);
    const int64_t group = row % groups * width;
    if (weight != nullptr) {
      for (int64_t i = 0; i < width; ++i) to[i] *= weight[group + i];
    }
    if (bias != nullptr) {
      for (int64_t i = 0; i < width; ++i) to[i] += bias[group + i];
    }
  }
};

template <class T>
struct LayerNormBack {
  const T *x, *weight, *dy;
  T* dx;
  int64_t groups, width;
  double eps;

  /// Also adds this row's part to dweight and dbias [groups, width], where they are wanted.
  void row(int64_t row, T* s, T* g, T* dweight, T* dbias) const {
    const int64_t at = row * width, group = row % groups * width;
    const T* from = dy + at;
    const T r = standardize_row(x + at, width, eps, s);
    if (dweight != nullptr) {
      for (int64_t i = 0; i < width; ++i) dweight[group + i] += from[i] * s[i];
    }
    if (dbias != nullptr) {
      for (int64_t i = 0; i < width; ++i) dbias[group + i] += from[i];
    }
    for (int64_t i = 0; i < width; ++i) g[i] = weight == nullptr ? from[i] : from[i] * weight[group + i];
    const T mean_g = T(lane_sum<T>(width, [&](int64_t i) { return g[i]; }) / double(width));
    const T mean_sg = T(lane_sum<T>(width, [&](int64_t i) { return s[i] * g[i]; }) / double(width));
    T* to = dx + at;
    for (int64_t i = 0; i < width; ++i) to[i] = r * (g[i] - mean_g - s[i] * mean_sg);
  }
};

template <class T>
const T* data_or_null(const Tensor& x) {
  return x.defined() ? x.data<T>() : nullptr;
}

bool dense(std::initializer_list<const Tensor*> tensors) {
  for (const Tensor* x : tensors) {
    if (x->defined() && !x->is_contiguous()) return false;
  }
  return true;
}

}  // namespace

void CpuBackend::layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, double eps, const Tensor& y) {
  if (!dense({&x, &weight, &bias})) return Backend::layer_norm(x, weight, bias, eps, y);
  const int64_t groups = x.size(1), width = x.size(2), rows = x.size(0) * groups;
  visit_floating(x.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const LayerNorm<T> norm{x.data<T>(), data_or_null<T>(weight), data_or_null<T>(bias), y.data<T>(), groups, width,
                            eps};
    parallel_ranges(rows, std::max<int64_t>(1, kTileElements / width), [&](int64_t begin, int64_t end) {
      run_for_isa([&] {
        for (int64_t row = begin; row < end; ++row) norm.row(row);
      });
    });
  });
}

void CpuBackend::layer_norm_gradient(const Tensor& x, const Tensor& weight, double eps, const Tensor& dy,
                                     const Tensor& dx, const Tensor& dweight, const Tensor& dbias) {
  if (!dense({&x, &weight, &dy})) return Backend::layer_norm_gradient(x, weight, eps, dy, dx, dweight, dbias);
  const int64_t groups = x.size(1), width = x.size(2), rows = x.size(0) * groups, parameters = groups * width;
  visit_floating(x.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const LayerNormBack<T> norm{x.data<T>(), data_or_null<T>(weight), dy.data<T>(), dx.data<T>(), groups, width, eps};
    // A tile of rows sums its part of dweight and dbias beside those of the others; they are added in order.
    const int64_t grain = ceil_div(rows, std::clamp<int64_t>(x.numel() / kTileElements, 1, kRowTiles));
    const int64_t tiles = ceil_div(rows, grain), room = 2 * width + 2 * parameters;
    const Workspace<T> space(*this, tiles * room);
    parallel_ranges(rows, grain, [&](int64_t begin, int64_t end) {
      T* s = space.data() + begin / grain * room;
      T *g = s + width, *dw = g + width, *db = dw + parameters;
      std::fill(dw, db + parameters, T(0));
      run_for_isa([&] {
        for (int64_t row = begin; row < end; ++row) {
          norm.row(row, s, g, dweight.defined() ? dw : nullptr, dbias.defined() ? db : nullptr);
        }
      });
    });
    const auto add_parts = [&](const Tensor& gradient, int64_t offset) {
      if (!gradient.defined()) return;
      T* to = gradient.data<T>();
      std::fill(to, to + parameters, T(0));
      for (int64_t tile = 0; tile < tiles; ++tile) {
        const T* part = space.data() + tile * room + offset;
        for (int64_t i = 0; i < parameters; ++i) to[i] += part[i];
      }
    };
    add_parts(dweight, 2 * width);
    add_parts(dbias, 2 * width + parameters);
  });
}

}  // namespace weft::cpu_kernels
