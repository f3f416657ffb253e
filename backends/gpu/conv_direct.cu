// backends/gpu/conv_direct.cu: the sums of a convolution as they are defined, all indices in 64 bits
//
// Image row `row` meets kernel row p in output row i when row = i stride + p dilation - padding. Output channel o reads
// the input channels first(o) + c, first(o) being where its group's run of channels starts.
#include "backends/gpu/conv_direct.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "backends/gpu/layout.h"

namespace weft::WEFT_GPU {
namespace {

/// A tensor of four axes: x(n, c, i, j).
template <class T>
struct Planes {
  gp<T> data;
  int64_t size[4], stride[4];
  explicit Planes(const Tensor& x) : data(x.data<std::remove_const_t<T>>()) {
    for (int axis = 0; axis < 4; ++axis) size[axis] = x.size(axis), stride[axis] = x.strides()[axis];
  }
  __device__ int64_t numel() const { return size[0] * size[1] * size[2] * size[3]; }
  __device__ T read(int64_t n, int64_t c, int64_t i, int64_t j) const {
    return data[n * stride[0] + c * stride[1] + i * stride[2] + j * stride[3]];
  }
};

/// Row-major number `at`, taken apart into an index of four axes.
struct Index4 {
  int64_t n, c, i, j;
  __device__ Index4(int64_t at, const int64_t (&size)[4]) {
    j = at % size[3], at /= size[3];
    i = at % size[2], at /= size[2];
    c = at % size[1], n = at / size[1];
  }
};

/// Where kernel position p lies in the image for output position i; outside 0 .. size - 1 it is padding.
__device__ int64_t image_position(int64_t i, int64_t p, const Window2d& window, int axis) {
  return i * window.stride[axis] + p * window.dilation[axis] - window.padding[axis];
}

/// The output position that reads image position `row` through kernel position p, or -1 when there is none.
__device__ int64_t output_position(int64_t row, int64_t p, const Window2d& window, int axis, int64_t output_size) {
  const int64_t distance = row + window.padding[axis] - p * window.dilation[axis], stride = window.stride[axis];
  if (distance < 0 || distance % stride != 0 || distance / stride >= output_size) return -1;
  return distance / stride;
}

__device__ bool is_inside(int64_t position, int64_t size) { return position >= 0 && position < size; }

// y[n, o, i, j] = sum_{c, p, q} x[n, first(o) + c, row(i, p), column(j, q)] weight[o, c, p, q], a thread each.
template <class T>
__global__ void conv_each_output(Planes<const T> x, Planes<const T> weight, Planes<T> y, Window2d window,
                                 int64_t outputs) {
  for (int64_t at = first_item(); at < y.numel(); at += item_step()) {
    const Index4 out(at, y.size);
    const int64_t first = out.c / outputs * weight.size[1];
    T total = 0;
    for (int64_t c = 0; c < weight.size[1]; ++c)
      for (int64_t p = 0; p < weight.size[2]; ++p) {
        const int64_t row = image_position(out.i, p, window, 0);
        if (!is_inside(row, x.size[2])) continue;
        for (int64_t q = 0; q < weight.size[3]; ++q) {
          const int64_t column = image_position(out.j, q, window, 1);
          if (is_inside(column, x.size[3]))
            total = std::fma(x.read(out.n, first + c, row, column), weight.read(out.c, c, p, q), total);
        }
      }
    y.data[at] = total;
  }
}

// dx[n, c, row, column] = sum over p, q and the o of c's group of dy[n, o, i, j] weight[o, c - first(o), p, q], a
// thread each.
template <class T>
__global__ void conv_each_input(Planes<const T> dy, Planes<const T> weight, Planes<T> dx, Window2d window,
                                int64_t outputs) {
  for (int64_t at = first_item(); at < dx.numel(); at += item_step()) {
    const Index4 in(at, dx.size);
    const int64_t group = in.c / weight.size[1], c = in.c - group * weight.size[1];
    T total = 0;
    for (int64_t o = group * outputs; o < (group + 1) * outputs; ++o)
      for (int64_t p = 0; p < weight.size[2]; ++p) {
        const int64_t i = output_position(in.i, p, window, 0, dy.size[2]);
        if (i < 0) continue;
        for (int64_t q = 0; q < weight.size[3]; ++q) {
          const int64_t j = output_position(in.j, q, window, 1, dy.size[3]);
          if (j >= 0) total = std::fma(dy.read(in.n, o, i, j), weight.read(o, c, p, q), total);
        }
      }
    dx.data[at] = total;
  }
}

// dw[o, c, p, q] = sum_{n, i, j} x[n, first(o) + c, row(i, p), column(j, q)] dy[n, o, i, j], a block each: the threads
// take the sites in turns, then add up in a tree. A power of two of them, at most kBlock.
template <class T>
__global__ void __launch_bounds__(kBlock)
    conv_each_weight(Planes<const T> x, Planes<const T> dy, Planes<T> dw, Window2d window, int64_t outputs) {
  WEFT_SHARED(T, totals, kBlock);
  const int thread = static_cast<int>(threadIdx.x);
  const int64_t sites = dy.size[0] * dy.size[2] * dy.size[3];
  const int64_t site_sizes[4] = {dy.size[0], 1, dy.size[2], dy.size[3]};
  for (int64_t at = blockIdx.x; at < dw.numel(); at += gridDim.x) {
    const Index4 tap(at, dw.size);  // n counts outputs
    const int64_t first = tap.n / outputs * dw.size[1];
    T total = 0;
    for (int64_t number = thread; number < sites; number += blockDim.x) {
      const Index4 site(number, site_sizes);
      const int64_t row = image_position(site.i, tap.i, window, 0);
      const int64_t column = image_position(site.j, tap.j, window, 1);
      if (is_inside(row, x.size[2]) && is_inside(column, x.size[3]))
        total = std::fma(x.read(site.n, first + tap.c, row, column), dy.read(site.n, tap.n, site.i, site.j), total);
    }
    totals[thread] = total;
    for (int half = static_cast<int>(blockDim.x) / 2; half > 0; half /= 2) {
      __syncthreads();
      if (thread < half) totals[thread] += totals[thread + half];
    }
    if (thread == 0) dw.data[at] = totals[0];
    __syncthreads();
  }
}

}  // namespace

void conv2d_direct(const Tensor& x, const Tensor& weight, const Tensor& y, const Window2d& window, int64_t groups) {
  visit_floating(y.dtype(), [&]<class T>(TypeTag<T>) {
    launch(conv_each_output<T>, grid_of(y.numel()), kBlock, 0, Planes<const T>(x), Planes<const T>(weight),
           Planes<T>(y), window, y.size(1) / groups);
  });
}

void conv2d_input_gradient_direct(const Tensor& dy, const Tensor& weight, const Tensor& dx, const Window2d& window,
                                  int64_t groups) {
  visit_floating(dx.dtype(), [&]<class T>(TypeTag<T>) {
    launch(conv_each_input<T>, grid_of(dx.numel()), kBlock, 0, Planes<const T>(dy), Planes<const T>(weight),
           Planes<T>(dx), window, dy.size(1) / groups);
  });
}

void conv2d_weight_gradient_direct(const Tensor& x, const Tensor& dy, const Tensor& dw, const Window2d& window,
                                   int64_t groups) {
  visit_floating(dw.dtype(), [&]<class T>(TypeTag<T>) {
    const int64_t sites = dy.size(0) * dy.size(2) * dy.size(3);
    const auto threads =
        static_cast<unsigned>(std::clamp<uint64_t>(std::bit_ceil(static_cast<uint64_t>(sites)), 32, kBlock));
    launch(conv_each_weight<T>, grid_of(dw.numel(), 1), threads, 0, Planes<const T>(x), Planes<const T>(dy),
           Planes<T>(dw), window, dw.size(0) / groups);
  });
}

}  // namespace weft::WEFT_GPU
