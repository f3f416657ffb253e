// backends/reference/conv.cpp: convolution (without flipping the kernel) and its two gradients
//
// All three walk the same pairs: image row `row` meets kernel row p in output row i when
// row = i stride + p dilation - padding.  Output channel o reads the input channels first(o) + c, first(o) being where
// its group's run of channels starts, and c counts within the run.
#include "backends/reference/accumulator.h"
#include "backends/reference/elements.h"
#include "backends/reference/reference_backend.h"

namespace weft {

namespace {

// Where kernel position p lies in the image for output position i; outside 0 .. size-1 it is padding.
int64_t image_position(int64_t i, int64_t p, const Window2d& window, int axis) {
  return i * window.stride[axis] + p * window.dilation[axis] - window.padding[axis];
}

// The output position i that reads image position `row` through kernel position p, or -1 when there is none.
int64_t output_position(int64_t row, int64_t p, const Window2d& window, int axis, int64_t output_size) {
  const int64_t distance = row + window.padding[axis] - p * window.dilation[axis], stride = window.stride[axis];
  if (distance < 0 || distance % stride != 0 || distance / stride >= output_size) return -1;
  return distance / stride;
}

bool inside(int64_t position, int64_t size) { return position >= 0 && position < size; }

// Calls f(n, c, i, j) for every index of a tensor with four axes.
template <class F>
void for_each_index(const Shape& shape, F&& f) {
  for (int64_t n = 0; n < shape[0]; ++n)
    for (int64_t c = 0; c < shape[1]; ++c)
      for (int64_t i = 0; i < shape[2]; ++i)
        for (int64_t j = 0; j < shape[3]; ++j) f(n, c, i, j);
}

}  // namespace

// y[n, o, i, j] = sum_{c, p, q} x[n, first(o) + c, row(i, p), column(j, q)] weight[o, c, p, q]
void ReferenceBackend::conv2d(const Tensor& x, const Tensor& weight, const Tensor& y, const Window2d& window,
                              int64_t groups) {
  const int64_t channels = weight.size(1), outputs = y.size(1) / groups, height = x.size(2), width = x.size(3);
  const int64_t kernel_h = weight.size(2), kernel_w = weight.size(3);
  visit_floating(y.dtype(), [&]<class T>(TypeTag<T>) {
    const Elements<T> x_(x), weight_(weight), y_(y);
    for_each_index(y.shape(), [&](int64_t n, int64_t o, int64_t i, int64_t j) {
      const int64_t first = o / outputs * channels;
      Accumulator<T> total = 0;
      for (int64_t c = 0; c < channels; ++c)
        for (int64_t p = 0; p < kernel_h; ++p)
          for (int64_t q = 0; q < kernel_w; ++q) {
            const int64_t row = image_position(i, p, window, 0);
            const int64_t column = image_position(j, q, window, 1);
            if (inside(row, height) && inside(column, width))
              total += static_cast<Accumulator<T>>(x_(n, first + c, row, column)) * weight_(o, c, p, q);
          }
      y_(n, o, i, j) = static_cast<T>(total);
    });
  });
}

// dx[n, first(o) + c, row, column] = sum_{o, p, q} dy[n, o, i, j] weight[o, c, p, q],  over the outputs o of the group
// and the (i, j) that read (row, column)
void ReferenceBackend::conv2d_input_gradient(const Tensor& dy, const Tensor& weight, const Tensor& dx,
                                             const Window2d& window, int64_t groups) {
  const int64_t channels = weight.size(1), outputs = dy.size(1) / groups;
  const int64_t output_h = dy.size(2), output_w = dy.size(3);
  const int64_t kernel_h = weight.size(2), kernel_w = weight.size(3);
  visit_floating(dx.dtype(), [&]<class T>(TypeTag<T>) {
    const Elements<T> dy_(dy), weight_(weight), dx_(dx);
    for_each_index(dx.shape(), [&](int64_t n, int64_t c, int64_t row, int64_t column) {
      const int64_t first = c / channels * outputs;
      Accumulator<T> total = 0;
      for (int64_t o = first; o < first + outputs; ++o)
        for (int64_t p = 0; p < kernel_h; ++p)
          for (int64_t q = 0; q < kernel_w; ++q) {
            const int64_t i = output_position(row, p, window, 0, output_h);
            const int64_t j = output_position(column, q, window, 1, output_w);
            if (i >= 0 && j >= 0)
              total += static_cast<Accumulator<T>>(dy_(n, o, i, j)) * weight_(o, c % channels, p, q);
          }
      dx_(n, c, row, column) = static_cast<T>(total);
    });
  });
}

// dw[o, c, p, q] = sum_{n, i, j} x[n, first(o) + c, row(i, p), column(j, q)] dy[n, o, i, j]
void ReferenceBackend::conv2d_weight_gradient(const Tensor& x, const Tensor& dy, const Tensor& dw,
                                              const Window2d& window, int64_t groups) {
  const int64_t channels = dw.size(1), outputs = dw.size(0) / groups;
  const int64_t batch = x.size(0), height = x.size(2), width = x.size(3);
  const int64_t output_h = dy.size(2), output_w = dy.size(3);
  visit_floating(dw.dtype(), [&]<class T>(TypeTag<T>) {
    const Elements<T> x_(x), dy_(dy), dw_(dw);
    for_each_index(dw.shape(), [&](int64_t o, int64_t c, int64_t p, int64_t q) {
      const int64_t first = o / outputs * channels;
      Accumulator<T> total = 0;
      for (int64_t n = 0; n < batch; ++n)
        for (int64_t i = 0; i < output_h; ++i)
          for (int64_t j = 0; j < output_w; ++j) {
            const int64_t row = image_position(i, p, window, 0);
            const int64_t column = image_position(j, q, window, 1);
            if (inside(row, height) && inside(column, width))
              total += static_cast<Accumulator<T>>(x_(n, first + c, row, column)) * dy_(n, o, i, j);
          }
      dw_(o, c, p, q) = static_cast<T>(total);
    });
  });
}

}  // namespace weft
