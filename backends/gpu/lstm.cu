// backends/gpu/lstm.cu: one step of a long short-term memory in one pass over its gates, and the way back
//
//   c' = s(f + forget_bias) c + s(i) tanh(g) mask        h' = s(o) tanh(c')          s: the logistic function
//
// A thread has one unit of one sample. It finds the unit's gates in the four quarters of gates [n, 4 h], which are
// tensors [n, h] of their own. The way back works the activations out again: an exponential costs less than a trip to
// memory and back.
#include "backends/gpu/elementwise.h"
#include "backends/gpu/gpu_backend.h"

namespace weft::WEFT_GPU {
namespace {

template <class T>
__device__ __forceinline__ T logistic(T x) {
  return Unary<UnaryOp::sigmoid>::apply(x);
}
template <class T>
__device__ __forceinline__ T tangent(T x) {
  return Unary<UnaryOp::tanh>::apply(x);
}

template <class T>
struct CellState {
  T forget_bias;
  __device__ T operator()(T i, T f, T g, T c, T mask) const {
    return logistic(f + forget_bias) * c + logistic(i) * (tangent(g) * mask);
  }
  __device__ T operator()(T i, T f, T g, T c) const { return (*this)(i, f, g, c, T(1)); }
};

struct HiddenState {
  template <class T>
  __device__ T operator()(T o, T c) const {
    return logistic(o) * tangent(c);
  }
};

/// Tensors of c's shape, at the first of four gates side by side; the others are `quarter` elements on.
enum Operand { kGates, kC, kMask, kDy, kDgates, kDc, kOperands };

template <class T>
__global__ void lstm_cell_state_gradient_kernel(Layout<kOperands> layout, T forget_bias, int64_t quarter,
                                                int64_t quarter_back, bool masked, gp<const T> gates, gp<const T> c,
                                                gp<const T> mask, gp<const T> dy, gp<T> dgates, gp<T> dc) {
  for (int64_t unit = first_item(); unit < layout.numel; unit += item_step()) {
    int64_t at[kOperands];
    layout.locate(unit, at);
    const gp<const T> from = gates + at[kGates];
    const T i = logistic<T>(from[0]), f = logistic<T>(from[quarter] + forget_bias), g = tangent<T>(from[2 * quarter]);
    const T kept = masked ? static_cast<T>(mask[at[kMask]]) : T(1), before = c[at[kC]], d = dy[at[kDy]];
    const gp<T> to = dgates + at[kDgates];
    to[0] = d * (g * kept) * i * (1 - i);
    to[quarter_back] = d * before * f * (1 - f);
    to[2 * quarter_back] = d * (i * kept) * (1 - g * g);
    to[3 * quarter_back] = 0;
    dc[at[kDc]] = d * f;
  }
}

template <class T>
__global__ void lstm_hidden_state_gradient_kernel(Layout<5> layout, gp<const T> o_before, gp<const T> c, gp<const T> dy,
                                                  gp<T> d_o, gp<T> dc) {
  for (int64_t unit = first_item(); unit < layout.numel; unit += item_step()) {
    int64_t at[5];
    layout.locate(unit, at);
    const T o = logistic<T>(o_before[at[0]]), t = tangent<T>(c[at[1]]), d = dy[at[2]];
    d_o[at[3]] = d * t * o * (1 - o);
    dc[at[4]] = d * o * (1 - t * t);
  }
}

/// Gate number k of gates [n, 4 h]: [n, h].
Tensor gate(const Tensor& gates, int64_t k) {
  const int64_t h = gates.size(1) / 4;
  return gates.slice(1, k * h, (k + 1) * h);
}
int64_t quarter_of(const Tensor& gates) { return gates.size(1) / 4 * gates.strides()[1]; }

}  // namespace

void GpuBackend::lstm_cell_state(const Tensor& gates, const Tensor& c, double forget_bias, const Tensor& mask,
                                 const Tensor& y) {
  visit_floating(c.dtype(), [&]<class T>(TypeTag<T>) {
    const CellState<T> f{static_cast<T>(forget_bias)};
    if (mask.defined()) {
      elementwise<T, T, T, T, T, T>(f, y, gate(gates, 0), gate(gates, 1), gate(gates, 2), c, mask);
    } else {
      elementwise<T, T, T, T, T>(f, y, gate(gates, 0), gate(gates, 1), gate(gates, 2), c);
    }
  });
}

void GpuBackend::lstm_cell_state_gradient(const Tensor& gates, const Tensor& c, double forget_bias, const Tensor& mask,
                                          const Tensor& dy, const Tensor& dgates, const Tensor& dc) {
  const bool masked = mask.defined();
  const Tensor& any = masked ? mask : c;
  const Layout<kOperands> layout(
      c.shape(), {gates.strides(), c.strides(), any.strides(), dy.strides(), dgates.strides(), dc.strides()});
  visit_floating(c.dtype(), [&]<class T>(TypeTag<T>) {
    launch(lstm_cell_state_gradient_kernel<T>, grid_of(layout.numel), kBlock, 0, layout, static_cast<T>(forget_bias),
           quarter_of(gates), quarter_of(dgates), masked, gates.data<T>(), c.data<T>(), any.data<T>(), dy.data<T>(),
           dgates.data<T>(), dc.data<T>());
  });
}

void GpuBackend::lstm_hidden_state(const Tensor& gates, const Tensor& c, const Tensor& y) {
  visit_floating(c.dtype(), [&]<class T>(TypeTag<T>) { elementwise<T, T, T>(HiddenState{}, y, gate(gates, 3), c); });
}

void GpuBackend::lstm_hidden_state_gradient(const Tensor& gates, const Tensor& c, const Tensor& dy, const Tensor& d_o,
                                            const Tensor& dc) {
  const Tensor o = gate(gates, 3);
  const Layout<5> layout(c.shape(), {o.strides(), c.strides(), dy.strides(), d_o.strides(), dc.strides()});
  visit_floating(c.dtype(), [&]<class T>(TypeTag<T>) {
    launch(lstm_hidden_state_gradient_kernel<T>, grid_of(layout.numel), kBlock, 0, layout, o.data<T>(), c.data<T>(),
           dy.data<T>(), d_o.data<T>(), dc.data<T>());
  });
}

}  // namespace weft::WEFT_GPU
