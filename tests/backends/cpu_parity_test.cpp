// tests/backends/cpu_parity_test.cpp: the fast kernels against the plain loops, over geometries and layouts
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "backends/cpu/isa.h"
#include "tensor/backend.h"
#include "tensor/conv.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/indexing.h"
#include "tensor/matmul.h"
#include "tensor/pool.h"
#include "tensor/random.h"
#include "tensor/reduce.h"
#include "tensor/scaled_gates.h"
#include "tensor/softmax.h"
#include "tests/backends/against_reference.h"
#include "tests/backends/relative_error.h"

using namespace weft;
using namespace weft::test;

namespace {

double tolerance(DType dtype) { return dtype == DType::float32 ? 2e-5 : 1e-12; }

struct Geometry {
  int64_t images, channels, height, width, outputs, kernel_h, kernel_w;
};

void check_convolutions(const Geometry& g, const Window2d& window, DType dtype) {
  CAPTURE(window.stride[0]);
  CAPTURE(window.stride[1]);
  CAPTURE(window.padding[0]);
  CAPTURE(window.padding[1]);
  CAPTURE(g.kernel_h);
  CAPTURE(g.kernel_w);
  CAPTURE(g.channels);
  CAPTURE(g.outputs);
  CAPTURE(name_of(dtype));
  const Tensor x = normal({g.images, g.channels, g.height, g.width}, dtype);
  const Tensor weight = normal({g.outputs, g.channels, g.kernel_h, g.kernel_w}, dtype);
  const Tensor y = conv2d(x, weight, window);
  CHECK(relative_error(y, conv2d(plain(x), plain(weight), window)) < tolerance(dtype));
  const Tensor dy = normal(y.shape(), dtype);
  CHECK(relative_error(conv2d_input_gradient(dy, weight, {g.height, g.width}, window),
                       conv2d_input_gradient(plain(dy), plain(weight), {g.height, g.width}, window)) <
        tolerance(dtype));
  CHECK(relative_error(conv2d_weight_gradient(x, dy, {g.kernel_h, g.kernel_w}, window),
                       conv2d_weight_gradient(plain(x), plain(dy), {g.kernel_h, g.kernel_w}, window)) <
        tolerance(dtype));
}

const std::vector<Geometry> kGeometries = {
    {2, 1, 9, 9, 16, 7, 7},  {3, 16, 7, 6, 16, 3, 3}, {17, 3, 8, 5, 17, 1, 1},
    {1, 2, 7, 11, 33, 5, 2}, {2, 5, 6, 6, 1, 2, 4},
};

}  // namespace

TEST_CASE("cpu convolutions equal the reference for every stride, padding and kernel") {
  for (const Geometry& g : kGeometries) {
    for (const int64_t stride : {1, 2, 3}) {
      for (const int64_t padding : {0, 1, 3}) {
        check_convolutions(g, {{stride, stride}, {padding, padding}}, DType::float32);
      }
    }
    check_convolutions(g, {{1, 2}, {2, 0}}, DType::float32);
    check_convolutions(g, {{2, 1}, {0, 2}}, DType::float64);
  }
}

TEST_CASE("cpu convolutions equal the reference on every instruction set") {
  const RestoreIsa restore;
  for (const auto isa : {cpu_kernels::Isa::baseline, cpu_kernels::Isa::avx2, cpu_kernels::Isa::avx512}) {
    if (isa > cpu_kernels::best_isa()) continue;
    CAPTURE(cpu_kernels::name_of(isa));
    cpu_kernels::set_active_isa(isa);
    check_convolutions({3, 5, 9, 7, 18, 3, 3}, {{1, 1}, {1, 1}}, DType::float32);
  }
}

TEST_CASE("cpu convolutions take operands of any strides") {
  const Tensor x = normal({3, 9, 8, 4}).permute({0, 3, 2, 1});
  const Tensor weight = normal({3, 3, 4, 5}).permute({3, 2, 1, 0});
  const Tensor dy = normal({3, 5, 1, 1}).expand({3, 5, 8, 9});
  const Window2d window{{1, 1}, {1, 1}};
  CHECK(relative_error(conv2d(x, weight, window), conv2d(plain(x), plain(weight), window)) < 2e-5);
  CHECK(relative_error(conv2d_input_gradient(dy, weight, {8, 9}, window),
                       conv2d_input_gradient(plain(dy), plain(weight), {8, 9}, window)) < 2e-5);
  CHECK(relative_error(conv2d_weight_gradient(x, dy, {3, 3}, window),
                       conv2d_weight_gradient(plain(x), plain(dy), {3, 3}, window)) < 2e-5);
}

TEST_CASE("cpu matmul equals the reference for every layout of its operands") {
  struct Layout {
    const char* name;
    std::function<Tensor(int64_t, int64_t, DType)> make;
  };
  const std::vector<Layout> layouts = {
      {"rows dense",
       [](int64_t r, int64_t c, DType t) {
         return normal({r, c}, t);
       }},
      {"transposed",
       [](int64_t r, int64_t c, DType t) {
         return normal({c, r}, t).transpose();
       }},
      {"sliced",
       [](int64_t r, int64_t c, DType t) {
         return normal({r, c + 5}, t).slice(1, 2, 2 + c);
       }},
      {"every other",
       [](int64_t r, int64_t c, DType t) {
         return normal({r, 2 * c}, t).slice(1, 0, 2 * c, 2);
       }},
      {"expanded",
       [](int64_t r, int64_t c, DType t) {
         return normal({1, c}, t).expand({r, c});
       }},
      {"batch",
       [](int64_t r, int64_t c, DType t) {
         return normal({3, r, c}, t);
       }},
      {"expanded batch",
       [](int64_t r, int64_t c, DType t) {
         return normal({r, c}, t).expand({3, r, c});
       }},
  };
  const std::vector<Shape> sizes = {{5, 7, 9}, {1, 40, 33}, {40, 1, 33}, {1, 1, 100}, {33, 65, 1}, {130, 257, 300}};
  for (const Layout& left : layouts) {
    for (const Layout& right : layouts) {
      CAPTURE(left.name);
      CAPTURE(right.name);
      for (const Shape& s : sizes) {
        CAPTURE(to_string(s));
        for (const DType dtype : {DType::float32, DType::float64}) {
          if (dtype == DType::float64 && s[0] == 130) continue;  // the sizes that are cut differ in nothing by dtype
          if (s[0] == 130 && (left.name != layouts[0].name || right.name != layouts[0].name)) continue;
          const Tensor a = left.make(s[0], s[2], dtype), b = right.make(s[2], s[1], dtype);
          CHECK(relative_error(matmul(a, b), matmul(plain(a), plain(b))) < tolerance(dtype));
        }
      }
    }
  }
}

TEST_CASE("cpu matmul cuts long products of few outputs") {
  const Tensor a = normal({9, 120000}), b = normal({120000, 20});
  CHECK(relative_error(matmul(a, b), matmul(plain(a), plain(b))) < 2e-5);
}

TEST_CASE("cpu reductions equal the reference over every choice of axes and layout") {
  const Tensor dense = normal({3, 70, 1, 40});
  for (const Tensor& x : {dense, dense.permute({3, 0, 2, 1}), dense.slice(3, 1, 39, 3), dense.slice(1, 0, 70, 2),
                          normal({3, 1, 1, 40}).expand({3, 70, 2, 40})}) {
    for (const Axes& axes : std::vector<Axes>{{0}, {1}, {3}, {0, 1}, {0, 3}, {1, 3}, {0, 2, 3}, {0, 1, 2, 3}}) {
      CAPTURE(to_string(x.strides()));
      CAPTURE(to_string(axes));
      CHECK(relative_error(sum(x, axes), sum(plain(x), axes)) < 2e-6);
      CHECK(relative_error(max(x, axes), max(plain(x), axes)) == 0);
      CHECK(relative_error(min(x, axes), min(plain(x), axes)) == 0);
      const Tensor near_one = x * 0.01 + 1, small = (x * 3).to(DType::int32);
      CHECK(relative_error(prod(near_one, axes), prod(plain(near_one), axes)) < 2e-6);
      CHECK(relative_error(sum(small, axes), sum(plain(small), axes)) == 0);
    }
    CHECK(relative_error(argmax(x, 1), argmax(plain(x), 1)) == 0);
    CHECK(relative_error(argmin(x, 3), argmin(plain(x), 3)) == 0);
  }
}

TEST_CASE("reductions in every order: no inf - inf and no 0 inf that the elements did not hold") {
  RandomStream stream(8, 1);
  const auto near = [](double value, double wanted) {
    return std::isnan(wanted) ? std::isnan(value) : value == wanted || std::fabs(value / wanted - 1) < 1e-6;
  };
  struct Case {
    double a, b, c, product;  ///< `product`: of 600 ones among which stand two of a, two of b and c
  };
  for (const auto& [a, b, c, product] : std::vector<Case>{{1e30, 1e30, 0, 0},
                                                          {1e30, 1e-30, -2, -2},
                                                          {INFINITY, 1e-30, 2, INFINITY},
                                                          {INFINITY, 1e30, 0, NAN},
                                                          {1e30, 1e30, NAN, NAN}}) {
    for (const DType dtype : {DType::float32, DType::float64}) {
      const double power = dtype == DType::float64 ? 9 : 1;  // 1e270, twice, is beyond float64
      for (const Device device : {cpu, reference}) {
        CAPTURE(fmt::format("{} {} {} {} {}", a, b, c, name_of(dtype), to_string(device)));
        const Tensor x = ones({600}, {.dtype = dtype, .device = cpu});
        x.slice(0, 0, 2).fill_(std::pow(a, power));
        x.slice(0, 2, 4).fill_(std::pow(b, power));
        x.slice(0, 4, 5).fill_(c);
        const Tensor mixed = index_select(x, 0, random_permutation(600, stream, cpu)).to(device);
        CHECK(near(prod(mixed).item(), product));
        CHECK(
            near(prod(mixed.reshape({60, 10}), {0}).to_vector<double>()[0], prod(mixed.slice(0, 0, kEnd, 10)).item()));
      }
    }
  }
  const Tensor large = cat({full({40}, 3e38), full({40}, -3e38)});
  CHECK(sum(large).item() == 0);
  CHECK(sum(index_select(large, 0, random_permutation(80, stream))).item() == 0);
}

TEST_CASE("cpu reductions: NaN wins wherever it stands") {
  for (const int64_t at : {0, 15, 16, 600, 1002}) {
    const Tensor x = normal({1003}).clone();
    x.set({at}, NAN);
    CHECK(std::isnan(max(x).item()));
    CHECK(std::isnan(min(x).item()));
    CHECK(std::isnan(sum(x).item()));
    CHECK(argmax(x, 0).item<int64_t>() == at);
  }
}

TEST_CASE("cpu pooling, indexing and copies equal the reference") {
  for (const Shape& shape : std::vector<Shape>{{2, 3, 8, 10}, {2, 3, 7, 9}}) {
    const Tensor x = normal(shape);
    for (const Window2d& window : {Window2d{{2, 2}, {0, 0}}, Window2d{{1, 2}, {1, 1}}, Window2d{{3, 1}, {1, 0}}}) {
      const MaxPooled fast = max_pool2d(x, 2, 2, window), slow = max_pool2d(plain(x), 2, 2, window);
      CHECK(relative_error(fast.values, slow.values) == 0);
      CHECK(relative_error(fast.indices, slow.indices) == 0);
    }
  }
  const Tensor x = normal({40, 30}), index = arange(0, 39, 2, {.dtype = DType::int64, .device = cpu});
  CHECK(relative_error(index_select(x, 0, index), index_select(plain(x), 0, plain(index))) == 0);
  const Tensor columns = index.reshape({4, 5}), source = normal({4, 5});
  CHECK(relative_error(gather(x, 0, columns), gather(plain(x), 0, plain(columns))) == 0);
  CHECK(relative_error(scatter_add(x, 0, columns, source), scatter_add(plain(x), 0, plain(columns), plain(source))) ==
        0);
  const Tensor cube = normal({37, 41, 43});
  for (const Axes& order : std::vector<Axes>{{2, 1, 0}, {1, 2, 0}, {0, 2, 1}, {1, 0, 2}}) {
    CHECK(relative_error(cube.permute(order).contiguous(), plain(cube).permute(order).contiguous()) == 0);
  }
  CHECK(relative_error(log_softmax(cube, 2), log_softmax(plain(cube), 2)) < 2e-6);
  CHECK(relative_error(log_softmax(cube, 1), log_softmax(plain(cube), 1)) < 2e-6);
}

TEST_CASE("casts of floats that no integer can hold are the same everywhere: held at the limits, NaN to 0") {
  const Tensor x = tensor<float>({NAN, INFINITY, -INFINITY, 3e10f, -7.9f, 300.5f});
  for (const Device device : {reference, cpu}) {
    const Tensor here = x.to(device);
    CHECK(here.to(DType::uint8).to_vector<int64_t>() == std::vector<int64_t>{0, 255, 0, 255, 0, 255});
    CHECK(here.to(DType::int32).to_vector<int64_t>() ==
          std::vector<int64_t>{0, INT32_MAX, INT32_MIN, INT32_MAX, -7, 300});
  }
}

TEST_CASE("cpu pooling of 2 x 2: the first of equals, the first NaN") {
  // Every window of values among 0, 1 and NaN.
  std::vector<float> values;
  for (int code = 0; code < 81; ++code) {
    for (int rest = code, place = 0; place < 4; ++place, rest /= 3) values.push_back(rest % 3 == 2 ? NAN : rest % 3);
  }
  const Tensor x = from_data(values, {81, 1, 2, 2}, cpu);
  const MaxPooled fast = max_pool2d(x, 2, 2, {{2, 2}, {0, 0}}), slow = max_pool2d(plain(x), 2, 2, {{2, 2}, {0, 0}});
  CHECK(fast.indices.to_vector<int64_t>() == slow.indices.to_vector<int64_t>());
  for (int64_t i = 0; i < 81; ++i) {
    const float a = fast.values.at<float>({i, 0, 0, 0}), b = slow.values.at<float>({i, 0, 0, 0});
    CHECK((a == b || (std::isnan(a) && std::isnan(b))));
  }
}

TEST_CASE("cpu adam_step equals the composed default") {
  const AdamStep step{0.9, 0.999, 1e-8, 0.01, 0.5, 0.1};
  for (const DType dtype : {DType::float32, DType::float64}) {
    Tensor state[2][4];
    for (const int plainly : {0, 1}) {
      for (int i = 0; i < 4; ++i) {
        const Tensor start = i == 3 ? square(normal({1003}, dtype)) : normal({1003}, dtype) * (i + 1);
        state[plainly][i] = (plainly ? start.to(reference) : start).clone();
      }
      Tensor* s = state[plainly];
      s[0].backend().adam_step(s[0], s[1], s[2], s[3], step);
    }
    for (const int i : {0, 2, 3}) CHECK(relative_error(state[0][i], state[1][i]) < tolerance(dtype));
  }
}

TEST_CASE("adam_step without weight decay leaves an infinite parameter out of the moments") {
  const AdamStep step{0.9, 0.999, 1e-8, 0.01, 0.5, 0};
  for (const Device device : {reference, cpu}) {
    const TensorOptions options{.device = device};
    const Tensor parameter = full({5}, INFINITY, options), gradient = ones({5}, options);
    const Tensor mean = zeros({5}, options), square = zeros({5}, options);
    parameter.backend().adam_step(parameter, gradient, mean, square, step);
    CHECK(parameter.at({4}) == INFINITY);
    CHECK(mean.at({4}) == doctest::Approx(0.1));
    CHECK(square.at({4}) == doctest::Approx(0.001));
  }
}

TEST_CASE("scaled_gates and its gradient, where a gate is cut into several runs of columns") {
  const Shape sizes[] = {{129, 4, 151, 5}, {6, 1, 300, 1}, {7, 2, 140, 8}, {5, 3, 187, 16}, {5, 3, 87, 33}};
  for (const DType dtype : {DType::float32, DType::float64}) {
    for (const Shape& size : sizes) {
      const int64_t n = size[0], gates = size[1], hidden = size[2], e = size[3], rows = gates * hidden;
      CAPTURE(hidden);
      CAPTURE(name_of(dtype));
      const Tensor by_h = normal({n, rows}, dtype), by_x = normal({n, rows + 3}, dtype).slice(1, 1, rows + 1);
      const Tensor z = normal({n, 3, gates, e}, dtype), scale_weight = normal({3, gates, hidden, e}, dtype);
      const Tensor bias = normal({rows}, dtype), dy = normal({n + 1, rows}, dtype).slice(0, 1);
      CHECK(relative_error(scaled_gates(by_h, by_x, z, scale_weight, bias),
                           scaled_gates(plain(by_h), plain(by_x), plain(z), plain(scale_weight), plain(bias))) <
            tolerance(dtype));
      const ScaledGatesGradient fast = scaled_gates_gradient(by_h, by_x, z, scale_weight, dy, true);
      const ScaledGatesGradient slow =
          scaled_gates_gradient(plain(by_h), plain(by_x), plain(z), plain(scale_weight), plain(dy), true);
      CHECK(relative_error(fast.by_h, slow.by_h) < tolerance(dtype));
      CHECK(relative_error(fast.by_x, slow.by_x) < tolerance(dtype));
      CHECK(relative_error(fast.z, slow.z) < tolerance(dtype));
      CHECK(relative_error(fast.scale_weight, slow.scale_weight) < tolerance(dtype));
      CHECK(relative_error(fast.bias, slow.bias) < tolerance(dtype));
    }
  }
}

TEST_CASE("cpu description names processor level, library and threads") {
  const std::string text = backend_of(cpu).description();
  CHECK(text.find("OpenBLAS") != std::string::npos);
  CHECK(text.find(std::string(cpu_kernels::name_of(cpu_kernels::active_isa()))) != std::string::npos);
  CHECK(text.find("threads") != std::string::npos);
}

TEST_CASE("cpu: a level that the processor lacks is refused by name") {
  if (cpu_kernels::best_isa() == cpu_kernels::Isa::avx512) return;
  CHECK_THROWS_WITH_AS(cpu_kernels::set_active_isa(cpu_kernels::Isa::avx512),
                       doctest::Contains("avx512 is not available"), Error);
}
