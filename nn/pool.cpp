// nn/pool.cpp: pooling layers
#include "nn/pool.h"

#include "autograd/pool.h"

namespace weft::nn {

MaxPool2d::MaxPool2d(int64_t kernel_size, int64_t stride, int64_t padding) : kernel_size_(kernel_size) {
  if (kernel_size < 1 || stride < 0 || padding < 0 || padding > kernel_size / 2) {
    fail("MaxPool2d",
         "kernel_size is {}, stride {}, padding {}; hint: kernel_size is at least 1, stride at least 0 (0: "
         "kernel_size), "
         "padding at most half of kernel_size",
         kernel_size, stride, padding);
  }
  const int64_t step = stride == 0 ? kernel_size : stride;
  window_ = {{step, step}, {padding, padding}};
}

Variable MaxPool2d::operator()(const Variable& x) { return max_pool2d(x, kernel_size_, kernel_size_, window_); }

}  // namespace weft::nn
