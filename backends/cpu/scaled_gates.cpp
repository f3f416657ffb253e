// backends/cpu/scaled_gates.cpp: the gate sums of a HyperLSTM in one pass over its products
//
// A tile is a run of columns of one gate. Its part of the scale weights is laid out with the columns innermost, where
// it stays in the near caches, and each row's scales are worked out in registers: a product of a depth of 4 to 16 costs
// less than a trip to memory and back. On the way back a tile has the weight gradient of its columns to itself and adds
// the rows up in order. Only dz, a sum over columns, comes in parts, one a tile, which are added in order, too.
#include <cstring>

#include "backends/cpu/backend_class.h"
#include "backends/cpu/dense_rows.h"
#include "backends/cpu/gemm/vector_of.h"
#include "backends/cpu/isa.h"
#include "backends/cpu/strided_pieces.h"
#include "backends/cpu/thread_pool.h"
#include "tensor/scaled_gates.h"

namespace weft::cpu_kernels {
namespace {

constexpr int64_t kScaleLanes = 16;         ///< a tile's room for columns is a multiple
constexpr int64_t kMostScaleColumns = 128;  ///< of a tile
constexpr int64_t kRowsAtOnce = 4;          ///< that a weight gradient takes up between load and store
constexpr int64_t kRoles = 3;               ///< h, x and b

// Embeddings above these go the composed way, whose scales are a packed product. Time over that of the composed form,
// 128 rows, 128 to 1000 units, AMD Zen 3:
//   embedding            4             8             12            16
//   forward, 1 thread    0.5 to 0.7    0.6 to 1.7    0.8 to 1.5    1.1 to 1.7
//            2 threads   0.3 to 0.6    0.5 to 0.7    0.8 to 1.0    1.0
//   back,    1 thread    0.4 to 0.6    0.5 to 0.8    0.7 to 1.0    0.8 to 1.2
//            2 threads   0.4 to 0.6    0.5 to 0.6    0.6 to 0.7    0.7 to 0.8
constexpr int64_t kMostForward = 8, kMostBack = 16;

/// Some columns side by side in registers: the compiler takes loops over so few apart. Passed by reference only, since
/// how a register is passed depends on the instruction set.
template <class T>
struct Columns {
  using Type = typename VectorOf<T, 32>::type;
  static constexpr int64_t kCount = sizeof(Type) / sizeof(T);

  Type v = {};
  /// The first `count` of them; Whole: all.
  template <bool Whole>
  void load(const T* from, int64_t count) {
    std::memcpy(&v, from, Whole ? sizeof v : static_cast<size_t>(count) * sizeof(T));
  }
  template <bool Whole>
  void store(T* to, int64_t count) const {
    std::memcpy(to, &v, Whole ? sizeof v : static_cast<size_t>(count) * sizeof(T));
  }
};

/// How [n, gates, hidden] is cut into tiles: by shape alone.
struct ScaleTiles {
  int64_t n, gates, hidden, embedding;
  int64_t per_gate, width;  ///< tiles, and columns of each, room for which is a multiple of kScaleLanes

  ScaleTiles(const Tensor& z, const Tensor& scale_weight)
      : n(z.size(0)), gates(z.size(2)), hidden(scale_weight.size(2)), embedding(z.size(3)) {
    per_gate = ceil_div(hidden, kMostScaleColumns);
    width = ceil_div(ceil_div(hidden, per_gate), kScaleLanes) * kScaleLanes;
    per_gate = ceil_div(hidden, width);
  }

  int64_t weights() const { return kRoles * embedding * width; }
  int64_t sizes_of_z() const { return kRoles * gates * embedding; }

  /// f(tile, gate, its first column, its number of columns) for all tiles, from several threads where it pays.
  template <class F>
  void run(const F& f) const {
    const int64_t work = (n + 1) * (weights() + kRoles * width);
    parallel_ranges(gates * per_gate, ceil_div(4 * kTileElements, work), [&](int64_t begin, int64_t end) {
      for (int64_t tile = begin; tile < end; ++tile) {
        const int64_t first = tile % per_gate * width;
        f(tile, tile / per_gate, first, std::min(width, hidden - first));
      }
    });
  }
};

/// One tile's view of the operands.
template <class T>
struct ScaleTile {
  const ScaleTiles& all;
  int64_t gate, first, columns;
  T* weight;  ///< [3, embedding, width], 0 behind the tile's columns

  int64_t first_row() const { return gate * all.hidden + first; }  ///< in by_h and its like
  const T* weight_of(int64_t role) const { return weight + role * all.embedding * all.width; }
  /// [embedding], of row i.
  template <class Z>
  Z* z_of(Z* z, int64_t i, int64_t role) const {
    return z + i * all.sizes_of_z() + (role * all.gates + gate) * all.embedding;
  }

  /// Adds the scales of columns j, j + 1, ... for one row's z to d.
  void scale(const T* z, int64_t role, int64_t j, Columns<T>& d) const {
    const T* from = weight_of(role) + j;
    for (int64_t k = 0; k < all.embedding; ++k, from += all.width) {
      Columns<T> w;
      w.template load<true>(from, 0);
      d.v += z[k] * w.v;
    }
  }

  /// f.template operator()<Whole>(j, count) for all columns, as many at a time as a register holds.
  template <class F>
  void for_columns(const F& f) const {
    constexpr int64_t kCount = Columns<T>::kCount;
    int64_t j = 0;
    for (; j + kCount <= columns; j += kCount) f.template operator()<true>(j, kCount);
    if (j < columns) f.template operator()<false>(j, columns - j);
  }

  /// f(an element [role, gate, column, k] of scale_weight, its place in the tile's [role, k, column]).
  template <class F>
  void for_weights(const F& f) const {
    for (int64_t role = 0; role < kRoles; ++role) {
      const int64_t from = ((role * all.gates + gate) * all.hidden + first) * all.embedding;
      for (int64_t k = 0; k < all.embedding; ++k) {
        const int64_t to = (role * all.embedding + k) * all.width;
        for (int64_t j = 0; j < columns; ++j) f(from + j * all.embedding + k, to + j);
      }
    }
  }

  void load(const T* scale_weight) const {
    if (columns < all.width) std::fill(weight, weight + all.weights(), T(0));
    for_weights([&](int64_t from, int64_t to) { weight[to] = scale_weight[from]; });
  }
};

template <class T>
struct ScaledGatesForward {
  Rows<T> by_h, by_x, y;
  const T *z, *bias;

  void row(const ScaleTile<T>& tile, int64_t i) const {
    const T *z_h = tile.z_of(z, i, 0), *z_x = tile.z_of(z, i, 1), *z_b = tile.z_of(z, i, 2);
    tile.for_columns([&]<bool Whole>(int64_t j, int64_t count) {
      const int64_t at = tile.first_row() + j;
      Columns<T> d_h, d_x, d_b, h, x, b;
      tile.scale(z_h, 0, j, d_h);
      tile.scale(z_x, 1, j, d_x);
      tile.scale(z_b, 2, j, d_b);
      h.template load<Whole>(by_h[i] + at, count);
      x.template load<Whole>(by_x[i] + at, count);
      h.v = d_h.v * h.v + d_x.v * x.v + d_b.v;
      if (bias != nullptr) {
        b.template load<Whole>(bias + at, count);
        h.v += b.v;
      }
      h.template store<Whole>(y[i] + at, count);
    });
  }
};

/// Room of one tile on the way back.
template <class T>
struct ScaleScratch {
  T *weight, *dweight;  ///< [3, embedding, width]
  T* dd;                ///< [kRowsAtOnce, 3, width], 0 behind the tile's columns
  T* dbias;             ///< [width]

  static int64_t size(const ScaleTiles& all) { return 2 * all.weights() + (kRowsAtOnce * kRoles + 1) * all.width; }
  ScaleScratch(T* room, const ScaleTiles& all)
      : weight(room),
        dweight(weight + all.weights()),
        dd(dweight + all.weights()),
        dbias(dd + kRowsAtOnce * kRoles * all.width) {
    std::fill(dweight, room + size(all), T(0));
  }
};

template <class T>
struct ScaledGatesBack {
  Rows<T> by_h, by_x, dy, dby_h, dby_x;
  const T* z;
  T *dscale_weight, *dbias;  ///< dbias may be null

  void tile(const ScaleTile<T>& tile, const ScaleScratch<T>& scratch, T* dz_part) const {
    const int64_t n = tile.all.n;
    for (int64_t i = 0; i < n; i += kRowsAtOnce) {
      const int64_t rows = std::min(kRowsAtOnce, n - i);
      for (int64_t row = 0; row < rows; ++row) {
        T* dd = scratch.dd + row * kRoles * tile.all.width;
        products(tile, i + row, dd);
        embedding(tile, i + row, dd, dz_part);
      }
      weights(tile, i, rows, scratch);
    }
    tile.for_weights([&](int64_t to, int64_t from) { dscale_weight[to] = scratch.dweight[from]; });
    if (dbias != nullptr) std::copy(scratch.dbias, scratch.dbias + tile.columns, dbias + tile.first_row());
  }

 private:
  /// dby_h and dby_x of row i, and dd, the gradients of its scales.
  void products(const ScaleTile<T>& tile, int64_t i, T* dd) const {
    const T *z_h = tile.z_of(z, i, 0), *z_x = tile.z_of(z, i, 1);
    tile.for_columns([&]<bool Whole>(int64_t j, int64_t count) {
      const int64_t at = tile.first_row() + j, width = tile.all.width;
      Columns<T> d_h, d_x, g, h, x;
      tile.scale(z_h, 0, j, d_h);
      tile.scale(z_x, 1, j, d_x);
      g.template load<Whole>(dy[i] + at, count);
      h.template load<Whole>(by_h[i] + at, count);
      x.template load<Whole>(by_x[i] + at, count);
      d_h.v *= g.v;
      d_x.v *= g.v;
      h.v *= g.v;
      x.v *= g.v;
      d_h.template store<Whole>(dby_h[i] + at, count);
      d_x.template store<Whole>(dby_x[i] + at, count);
      h.template store<Whole>(dd + j, count);
      x.template store<Whole>(dd + width + j, count);
      g.template store<Whole>(dd + 2 * width + j, count);
    });
  }

  /// dz of row i, as far as these columns go.
  static void embedding(const ScaleTile<T>& tile, int64_t i, const T* dd, T* dz_part) {
    const int64_t width = tile.all.width;
    for (int64_t role = 0; role < kRoles; ++role) {
      T* to = tile.z_of(dz_part, i, role);
      for (int64_t k = 0; k < tile.all.embedding; ++k) {
        to[k] = sum_of_products(dd + role * width, tile.weight_of(role) + k * width, width);
      }
    }
  }

  static T sum_of_products(const T* a, const T* b, int64_t width) {
    constexpr int64_t kCount = Columns<T>::kCount;
    Columns<T> even, odd, left, right;
    for (int64_t j = 0; j < width; j += 2 * kCount) {
      left.template load<true>(a + j, 0);
      right.template load<true>(b + j, 0);
      even.v += left.v * right.v;
      left.template load<true>(a + j + kCount, 0);
      right.template load<true>(b + j + kCount, 0);
      odd.v += left.v * right.v;
    }
    even.v += odd.v;
    T total = 0;
    for (int64_t lane = 0; lane < kCount / 2; ++lane) total += even.v[lane] + even.v[lane + kCount / 2];
    return total;
  }

  /// Adds what rows i .. i + rows - 1 have to say to the gradients of weight and bias.
  void weights(const ScaleTile<T>& tile, int64_t i, int64_t rows, const ScaleScratch<T>& scratch) const {
    const int64_t width = tile.all.width, embedding = tile.all.embedding;
    for (int64_t role = 0; role < kRoles; ++role) {
      const T* of_z[kRowsAtOnce] = {};
      for (int64_t row = 0; row < rows; ++row) of_z[row] = tile.z_of(z, i + row, role);
      for (int64_t k = 0; k < embedding; ++k) {
        T factors[kRowsAtOnce] = {};
        for (int64_t row = 0; row < rows; ++row) factors[row] = of_z[row][k];
        add_rows(scratch.dd + role * width, factors, rows, width, scratch.dweight + (role * embedding + k) * width);
      }
    }
    if (dbias == nullptr) return;
    const T ones[kRowsAtOnce] = {1, 1, 1, 1};
    add_rows(scratch.dd + 2 * width, ones, rows, width, scratch.dbias);
  }

  /// total += sum of factors[row] dd[row], in order.
  static void add_rows(const T* dd, const T* factors, int64_t rows, int64_t width, T* total) {
    for (int64_t j = 0; j < width; j += Columns<T>::kCount) {
      Columns<T> sum, from;
      sum.template load<true>(total + j, 0);
      for (int64_t row = 0; row < rows; ++row) {
        from.template load<true>(dd + row * kRoles * width + j, 0);
        sum.v += factors[row] * from.v;
      }
      sum.template store<true>(total + j, 0);
    }
  }
};

bool takes_scales(const Tensor& z, const Tensor& scale_weight, int64_t most_embedding) {
  return z.size(3) <= most_embedding && z.is_contiguous() && scale_weight.is_contiguous();
}

}  // namespace

void CpuBackend::scaled_gates(const Tensor& by_h, const Tensor& by_x, const Tensor& z, const Tensor& scale_weight,
                              const Tensor& bias, const Tensor& y) {
  if (!dense_rows({&by_h, &by_x}) || !takes_scales(z, scale_weight, kMostForward) ||
      (bias.defined() && !bias.is_contiguous())) {
    return Backend::scaled_gates(by_h, by_x, z, scale_weight, bias, y);
  }
  visit_floating(y.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const ScaleTiles all(z, scale_weight);
    const ScaledGatesForward<T> forward{Rows<T>(by_h), Rows<T>(by_x), Rows<T>(y), z.data<T>(),
                                        bias.defined() ? bias.data<T>() : nullptr};
    const Workspace<T> space(*this, all.gates * all.per_gate * all.weights());
    all.run([&](int64_t number, int64_t gate, int64_t first, int64_t columns) {
      const ScaleTile<T> tile{all, gate, first, columns, space.data() + number * all.weights()};
      tile.load(scale_weight.data<T>());
      run_for_isa([&] {
        for (int64_t i = 0; i < all.n; ++i) forward.row(tile, i);
      });
    });
  });
}

void CpuBackend::scaled_gates_gradient(const Tensor& by_h, const Tensor& by_x, const Tensor& z,
                                       const Tensor& scale_weight, const Tensor& dy,
                                       const ScaledGatesGradient& gradient) {
  if (!dense_rows({&by_h, &by_x, &dy}) || !takes_scales(z, scale_weight, kMostBack)) {
    return Backend::scaled_gates_gradient(by_h, by_x, z, scale_weight, dy, gradient);
  }
  visit_floating(dy.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const ScaleTiles all(z, scale_weight);
    T* const dz = gradient.z.data<T>();
    const ScaledGatesBack<T> back{Rows<T>(by_h),
                                  Rows<T>(by_x),
                                  Rows<T>(dy),
                                  Rows<T>(gradient.by_h),
                                  Rows<T>(gradient.by_x),
                                  z.data<T>(),
                                  gradient.scale_weight.data<T>(),
                                  gradient.bias.defined() ? gradient.bias.data<T>() : nullptr};
    const int64_t room = ScaleScratch<T>::size(all), tiles = all.gates * all.per_gate;
    const Workspace<T> space(*this, tiles * room + (all.per_gate - 1) * z.numel());
    T* const parts = space.data() + tiles * room;  // of dz, those of the second run of columns and on
    all.run([&](int64_t number, int64_t gate, int64_t first, int64_t columns) {
      const ScaleScratch<T> scratch(space.data() + number * room, all);
      const ScaleTile<T> tile{all, gate, first, columns, scratch.weight};
      tile.load(scale_weight.data<T>());
      const int64_t run = number % all.per_gate;
      run_for_isa([&] { back.tile(tile, scratch, run == 0 ? dz : parts + (run - 1) * z.numel()); });
    });
    for (int64_t run = 1; run < all.per_gate; ++run) {
      const T* part = parts + (run - 1) * z.numel();
      for (int64_t i = 0; i < z.numel(); ++i) dz[i] += part[i];
    }
  });
}

}  // namespace weft::cpu_kernels
