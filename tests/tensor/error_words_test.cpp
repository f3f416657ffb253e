// tests/tensor/error_words_test.cpp: the words of errors that other tests bring about for another reason, or not at all
#include <limits>

#include "tensor/conv.h"
#include "tensor/create.h"
#include "tensor/einsum.h"
#include "tensor/embedding.h"
#include "tensor/indexing.h"
#include "tensor/logic.h"
#include "tensor/meshgrid.h"
#include "tensor/norm.h"
#include "tensor/pad.h"
#include "tensor/random_discrete.h"
#include "tensor/rearrange.h"
#include "tensor/sort.h"
#include "tensor/split.h"
#include "tensor/threads.h"
#include "tensor/triangle.h"
#include "tensor/window.h"
#include "tests/tensor/throws.h"

using namespace weft;

TEST_CASE("words of errors: counting and sorting") {
  const Tensor x = ones({2, 3}), numbers = tensor<int64_t>({1, 2});
  CHECK_FAILS(one_hot(numbers, 0),
              "one_hot: 0 classes: there must be 1 or more, or -1 to count them: the index is [2]");
  CHECK_FAILS(one_hot(numbers, -2), "one_hot: -2 classes: there must be 1 or more");
  CHECK_FAILS(bincount(tensor<int64_t>({3, -4})), "bincount: x holds -4, and must be 0 or more: x is [2] int64");
  CHECK_FAILS(bincount(tensor<int64_t>({3, INT64_MAX})),
              "bincount: x holds 9223372036854775807, which is too large: x is [2] int64");
  CHECK_FAILS(histc(x, 0), "histc: bins is 0, and must be 1 or more");
  CHECK_FAILS(searchsorted(ones({2, 2}), ones({3, 2})),
              "float32 cpu; hint: sorted is [n], or has the leading axes of values");
  CHECK_FAILS(searchsorted(ones({2, 2}), ones({3, 2})),
              "searchsorted: sorted is [2, 2] float32 cpu, values are [3, 2]");
  CHECK_FAILS(norm(x, std::numeric_limits<double>::quiet_NaN()), "norm: p is NaN: x is [2, 3] float32");
}

TEST_CASE("words of errors: shapes and views") {
  const Tensor x = ones({2, 3});
  CHECK_FAILS(meshgrid({ones({2}), x}), "meshgrid: an axis of a grid needs 1 axis: it is [2, 3] float32");
  CHECK_FAILS(movedim(x, {0, 1}, {1}), "movedim: 2 axes cannot go to 1 places: [0, 1] and [1]: x is [2, 3] float32");
  CHECK_FAILS(repeat(x, {2}),
              "repeat: [2] needs a number an axis: x is [2, 3] float32 cpu; hint: tile fills up with ones");
  CHECK_FAILS(repeat_interleave(tensor<int64_t>({2, -1})),
              "repeat_interleave: repeats hold -1, and must be 0 or more: they are [2] int64");
  CHECK_FAILS(Shape(std::vector<int64_t>(9, 1)), "shape: 9 axes, but a tensor has at most 8");
  CHECK_FAILS(Shape::filled(9, 1), "shape: 9 axes, but a tensor has 0 to 8");
  CHECK_FAILS(Shape::filled(-1, 1), "shape: -1 axes, but a tensor has 0 to 8");
  CHECK_FAILS(ones(Shape::filled(8, 1)).unsqueeze(0),
              "[1, 1, 1, 1, 1, 1, 1, 1] has 8 axes, and a tensor has at most 8");
  CHECK_FAILS(split(ones({1}).expand({1 << 25}), 1),
              "split: gives 33554432 parts, and at most 16777216 fit a list: x is");
  CHECK_FAILS(chunk(x, 0), "chunk: 0 chunks: there must be 1 or more: x is [2, 3] float32");
  CHECK_FAILS(x.at({1}), "at: [1] has 1 indices, but x has 2 axes: x is [2, 3] float32");
  CHECK_FAILS(x.slice(0, 0, 2, 0), "slice: step is 0, and must be 1 or more: x is [2, 3] float32");
  CHECK_FAILS(x.flatten(1, 0), "flatten: first axis 1 is behind last axis 0: x is [2, 3] float32");
  CHECK_FAILS(window_positions("conv", {-1, 2}, {1, 1}, {}), "conv: the image is [-1, 2], and no size may be negative");
  CHECK_FAILS(check_two_sizes("fold", "image", {3}), "fold: image is [3], and must be {height, width}");
  CHECK_FAILS(set_num_threads(0), "set_num_threads: 0 threads; hint: use 1 or more");
}

TEST_CASE("words of errors: parts, planes and places") {
  const Tensor x = ones({2, 3}), none = ones({0, 3}), at = tensor<int64_t>({0}, Shape{1, 1});
  CHECK_FAILS(narrow(x, 1, 2, 2), "narrow: start 2 and length 2 reach outside axis 1 of size 3: x is [2, 3] float32");
  CHECK_FAILS(split(x, 0), "split: parts of 0 elements do not make axis 0 of size 2: x is [2, 3] float32");
  CHECK_FAILS(split(x, {1, 3}), "split: sizes [1, 3] do not add up to axis 0 of size 2: x is [2, 3] float32");
  CHECK_FAILS(tril(ones({3})), "tril: needs 2 axes or more: x is [3] float32");
  CHECK_FAILS(pad(x, {{-1, 2}}), "pad: padding {-1, 2} is negative: x is [2, 3] float32 cpu; hint: slice cuts off");
  CHECK_FAILS(pad(x, {{3, 0}}, PadMode::reflect),
              "pad: padding {3, 0} is more than reflect finds on axis 1 of size 3: x is [2, 3] float32");
  CHECK_FAILS(gather(none, 0, at), "gather: every index is out of range: axis 0 is empty: x is [0, 3] float32");
  CHECK_FAILS(scatter_add(less(x, 0), 0, at, less(ones({1, 1}), 0)), "scatter_add: needs numbers: x is [2, 3] bool");
  CHECK_FAILS(tensordot(x, x, {0, 0}, {0, 1}), "tensordot: an axis is named twice: axes [0, 0] of a, [0, 1] of b");
  CHECK_FAILS(bincount(tensor<int64_t>({1, 2}), ones({3})),
              "bincount: weights are [3] float32 cpu, x is [2] int64 cpu; hint: weights are numbers of x's shape");
  CHECK_FAILS(conv2d(ones({1, 1, 3, 3}), ones({1, 1, 3, 3}), {}, 0), "conv2d: groups is 0, and must be 1 or more");
  CHECK_FAILS(full({2}, 300, {.dtype = DType::uint8}), "full: 300 does not fit uint8; hint: use a wider dtype");
  const std::string text = error_of([] { backend_of(Device{DeviceKind::cuda, 99}); });
  CHECK_MESSAGE((text.find("device: cuda:99 is not built in; available: ") == 0 ||
                 text.find("device: cuda:99 cannot be used here: ") == 0 ||
                 text.find("device: cuda:99 is not there: the number of cuda devices is ") == 0),
                text);
}

TEST_CASE("words of errors: random numbers") {
  RandomStream stream(1, 0);
  const Tensor mean = zeros({2});
  CHECK_FAILS(random_normal({2}, stream, 0, -1),
              "random_normal: mean 0 and deviation -1 must be finite, the deviation 0 or more");
  CHECK_FAILS(random_multinomial(ones({1, 1, 1}), 1, stream),
              "random_multinomial: weights are [1, 1, 1] float32 cpu; hint: [n] or [m, n]");
  CHECK_FAILS(random_exponential({2}, stream, 0), "random_exponential: the rate is 0, and must be above 0");
  CHECK_FAILS(
      random_multivariate_normal(mean, ones({2, 3}), 1, stream),
      "random_multivariate_normal: mean is [2] float32 cpu, cholesky is [2, 3] float32 cpu; hint: they are [d] and");
  CHECK_FAILS(random_multivariate_normal(mean, eye(2), -1, stream), "count is -1, and must be 0 or more");
  CHECK_FAILS(random_multinomial(ones({3}), -2, stream), "random_multinomial: count is -2, and must be 0 or more");
  CHECK_FAILS(random_permutation(-3, stream), "random_permutation: n is -3, and must be 0 or more");
  CHECK_FAILS(random_bernoulli({2}, stream, 1.5), "random_bernoulli: p is 1.5, and must be in [0, 1]");
  CHECK_FAILS(random_integers({2}, stream, 4, 4), "random_integers: low 4 must be below high 4");
  CHECK_FAILS(random_integers({2}, stream, 0, INT64_MAX),
              "random_integers: there are more than 2^53 integers from 0 to 9223372036854775807");
  CHECK_FAILS(random_categorical(full({1, 2}, NAN), stream),
              "random_categorical: a row holds NaN or inf, or only -inf: logits are [1, 2] float32");
}
