// tests/tensor/inplace_test.cpp: changes in place, their version, and what they refuse
#include <functional>
#include <string>

#include "tensor/allclose.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/index_put.h"
#include "tensor/indexing.h"
#include "tensor/scalar_maths.h"
#include "tensor/triangle.h"
#include "tests/tensor/throws.h"

using namespace weft;

TEST_CASE("every change in place is counted once, on the shared storage") {
  const Tensor x = zeros({2, 3});
  const Tensor view = x.select(0, 0);
  CHECK(x.version() == 0);
  view.fill_(2);
  CHECK(x.version() == 1);
  x.add_(ones({3}), 0.5);
  CHECK(x.version() == 2);
  x.mul_(2);
  CHECK(x.version() == 3);
  x.select(0, 1).copy_(tensor<int64_t>({7, 8, 9}));
  CHECK(view.version() == 4);
  x.set({0, 0}, -1);
  CHECK(x.version() == 5);
  CHECK(x.to_vector<float>() == std::vector<float>{-1, 5, 5, 7, 8, 9});
}

TEST_CASE("a refused change leaves values and version alone") {
  const Tensor x = ones({1, 3});
  CHECK_FAILS(x.add_(ones({2, 3})), "add_: cannot broadcast [2, 3] to [1, 3]");
  CHECK_FAILS(x.copy_(ones({4})), "copy_: cannot broadcast");
  CHECK_FAILS(x.add_(ones({3}).to(reference)), "devices differ");
  CHECK_FAILS(ones({3}, {.dtype = DType::int64}).mul_(0.5),
              "mul_: [3] int64 cpu cannot hold a result of float32; hint: use the function without the _");
  CHECK_FAILS(ones({3}, {.dtype = DType::int64}).add_(ones({3})),
              "add_: [3] int64 cpu cannot hold a result of float32");
  CHECK_FAILS(tensor<bool>({true}).mul_(true), "needs numbers");
  CHECK_FAILS(zeros({1}, {.dtype = DType::uint8}).fill_(-1), "does not fit");
  CHECK(x.version() == 0);
  CHECK(x.to_vector<float>() == std::vector<float>{1, 1, 1});
}

TEST_CASE("expanded and overlapping tensors are refused") {
  const Tensor x = zeros({3, 1});
  const Tensor wide = x.expand({3, 4});
  CHECK_FAILS(wide.fill_(1), "fill_: elements of [3, 4] float32 cpu share memory (strides [1, 0])");
  CHECK_FAILS(wide.copy_(ones({4})), "share memory");
  CHECK_FAILS(wide.add_(ones({4})), "share memory");
  CHECK_FAILS(wide.mul_(2), "share memory");
  CHECK_FAILS(zeros({4}).as_strided({3, 2}, {1, 1}, 0).fill_(1), "share memory");
  x.expand({1, 3, 1}).fill_(1);  // a new axis of size 1 repeats nothing
  CHECK(x.to_vector<float>() == std::vector<float>{1, 1, 1});
}

TEST_CASE("a source on the same storage is read before it is overwritten") {
  const Tensor x = arange(0, 5, 1, {.dtype = DType::float32});
  x.slice(0, 1, 5).copy_(x.slice(0, 0, 4));
  CHECK(x.to_vector<float>() == std::vector<float>{0, 0, 1, 2, 3});
  x.add_(x.select(0, 4));
  CHECK(x.to_vector<float>() == std::vector<float>{3, 3, 4, 5, 6});
  x.add_(x);
  CHECK(x.to_vector<float>() == std::vector<float>{6, 6, 8, 10, 12});
  const Tensor square = tensor<float>({1, 2, 3, 4}, Shape{2, 2});
  square.copy_(square.transpose());
  CHECK(square.to_vector<float>() == std::vector<float>{1, 3, 2, 4});
}

TEST_CASE("strided targets, other devices, 0-dim and empty tensors") {
  const Tensor x = zeros({2, 3});
  x.transpose().copy_(tensor<float>({1, 2, 3, 4, 5, 6}, Shape{3, 2}).to(reference));
  CHECK(x.to_vector<float>() == std::vector<float>{1, 3, 5, 2, 4, 6});
  CHECK(scalar(2).add_(scalar(3), 2).item() == 8);
  const Tensor nothing = zeros({0, 3});
  nothing.fill_(1).add_(ones({3})).mul_(2).copy_(ones({1, 3}));
  CHECK(nothing.numel() == 0);
}

TEST_CASE("a result goes back into a narrower dtype of its kind, never into a lower kind") {
  const TensorOptions int32{.dtype = DType::int32}, float64{.dtype = DType::float64};
  const Tensor x = ones({2});
  CHECK(x.add_(full({2}, 0.5, float64)).to_vector<float>() == std::vector<float>{1.5, 1.5});
  CHECK(x.sub_(full({2}, 1, int32)).to_vector<float>() == std::vector<float>{0.5, 0.5});
  const Tensor n = full({2}, 7, int32);
  CHECK(n.mul_(full({2}, int64_t{1} << 31, {.dtype = DType::int64})).dtype() == DType::int32);
  CHECK(n.to_vector<int32_t>() == std::vector<int32_t>{INT32_MIN, INT32_MIN});
  CHECK_FAILS(n.div_(2), "div_: [2] int32 cpu cannot hold a result of float32");
  CHECK_FAILS(n.exp_(), "exp_: [2] int32 cpu cannot hold a result of float32");
  CHECK_FAILS(n.clamp_(0.5), "clamp_: [2] int32 cpu cannot hold a result of float32");
  CHECK_FAILS(n.add_(1, 0.5), "add_: [2] int32 cpu cannot hold");
  CHECK_FAILS(tensor<bool>({true}).add_(1), "add_: [1] bool cpu cannot hold a result of int64");
  CHECK_FAILS(tensor<bool>({true}).neg_(), "neg_: needs numbers, not bool");
  CHECK(n.version() == 1);
}

TEST_CASE("every function in place gives the bits of its function, on every device and through views") {
  using InPlaceFunction = const Tensor& (Tensor::*)() const;
  const std::pair<InPlaceFunction, Tensor (*)(const Tensor&)> pairs[] = {{&Tensor::neg_, neg},
                                                                         {&Tensor::abs_, abs},
                                                                         {&Tensor::sign_, sign},
                                                                         {&Tensor::square_, square},
                                                                         {&Tensor::reciprocal_, reciprocal},
                                                                         {&Tensor::exp_, exp},
                                                                         {&Tensor::exp2_, exp2},
                                                                         {&Tensor::expm1_, expm1},
                                                                         {&Tensor::log_, log},
                                                                         {&Tensor::log2_, log2},
                                                                         {&Tensor::log10_, log10},
                                                                         {&Tensor::log1p_, log1p},
                                                                         {&Tensor::sqrt_, sqrt},
                                                                         {&Tensor::rsqrt_, rsqrt},
                                                                         {&Tensor::erf_, erf},
                                                                         {&Tensor::erfc_, erfc},
                                                                         {&Tensor::sin_, sin},
                                                                         {&Tensor::cos_, cos},
                                                                         {&Tensor::tan_, tan},
                                                                         {&Tensor::asin_, asin},
                                                                         {&Tensor::acos_, acos},
                                                                         {&Tensor::atan_, atan},
                                                                         {&Tensor::sinh_, sinh},
                                                                         {&Tensor::cosh_, cosh},
                                                                         {&Tensor::tanh_, tanh},
                                                                         {&Tensor::sigmoid_, sigmoid},
                                                                         {&Tensor::relu_, relu},
                                                                         {&Tensor::silu_, silu},
                                                                         {&Tensor::selu_, selu},
                                                                         {&Tensor::floor_, floor},
                                                                         {&Tensor::ceil_, ceil},
                                                                         {&Tensor::round_, round},
                                                                         {&Tensor::trunc_, trunc}};
  for (const Device device : {reference, cpu}) {
    for (const auto& [in_place, function] : pairs) {
      const Tensor x = tensor<double>({0.5, 1.5, -0.25, 2, 3, 0.75}, Shape{2, 3}, device);
      const Tensor turned = x.transpose(), expected = function(turned);
      const Comparison found = compare((turned.*in_place)(), expected, {.rtol = 0, .atol = 0, .equal_nan = true});
      CHECK_MESSAGE(found.ok, found.report);
      CHECK(x.version() == 1);
    }
  }
}

TEST_CASE("every function of two operands in place gives the bits of its function") {
  using InPlaceFunction = const Tensor& (Tensor::*)(const Operand&) const;
  using Pair = std::pair<InPlaceFunction, BinaryOp>;
  const Pair of_floats[] = {{&Tensor::sub_, BinaryOp::sub},
                            {&Tensor::mul_, BinaryOp::mul},
                            {&Tensor::div_, BinaryOp::div},
                            {&Tensor::pow_, BinaryOp::pow},
                            {&Tensor::floor_divide_, BinaryOp::floor_divide},
                            {&Tensor::remainder_, BinaryOp::remainder},
                            {&Tensor::fmod_, BinaryOp::fmod},
                            {&Tensor::atan2_, BinaryOp::atan2},
                            {&Tensor::hypot_, BinaryOp::hypot},
                            {&Tensor::maximum_, BinaryOp::maximum},
                            {&Tensor::minimum_, BinaryOp::minimum}};
  const Pair of_integers[] = {{&Tensor::bitwise_and_, BinaryOp::bitwise_and},
                              {&Tensor::bitwise_or_, BinaryOp::bitwise_or},
                              {&Tensor::bitwise_xor_, BinaryOp::bitwise_xor},
                              {&Tensor::left_shift_, BinaryOp::left_shift},
                              {&Tensor::right_shift_, BinaryOp::right_shift},
                              {&Tensor::floor_divide_, BinaryOp::floor_divide},
                              {&Tensor::remainder_, BinaryOp::remainder},
                              {&Tensor::fmod_, BinaryOp::fmod},
                              {&Tensor::pow_, BinaryOp::pow}};
  const auto check = [](const Pair& pair, const Tensor& x, const Tensor& other) {
    const Tensor expected = binary(pair.second, x, other);
    const Comparison found = compare((x.*pair.first)(other), expected, {.rtol = 0, .atol = 0, .equal_nan = true});
    CHECK_MESSAGE(found.ok, name_of_op(pair.second), ": ", found.report);
    CHECK(x.version() == 1);
  };
  for (const Device device : {reference, cpu}) {
    for (const Pair& pair : of_floats) {
      check(pair, tensor<double>({0.5, -1.5, 7, 2}, Shape{2, 2}, device), tensor<double>({2, -3}, {}, device));
    }
    for (const Pair& pair : of_integers) {
      check(pair, tensor<int64_t>({5, -15, 7, 2}, Shape{2, 2}, device), tensor<int64_t>({2, 3}, {}, device));
    }
    CHECK(tensor<int64_t>({0, 5}, {}, device).bitwise_not_().to_vector<int64_t>() == std::vector<int64_t>{-1, -6});
  }
}

TEST_CASE("functions with parameters, of truth, of triangles and of positions in place give what the functions give") {
  for (const Device device : {reference, cpu}) {
    const Tensor at = tensor<int64_t>({2, 0}, {}, device), rows = ones({2, 2}, {DType::float64, device});
    const Tensor places = tensor<int64_t>({0, 1, 1, 0}, Shape{2, 2}, device),
                 truth = tensor<bool>({true, false}, {}, device);
    struct Pair {
      std::string name;
      std::function<const Tensor&(const Tensor&)> in_place;
      std::function<Tensor(const Tensor&)> function;
    };
    using T = const Tensor&;
    const Pair pairs[] = {
        {"gelu", [](T x) -> T { return x.gelu_(); }, [](T x) { return gelu(x); }},
        {"gelu tanh", [](T x) -> T { return x.gelu_(GeluForm::tanh); }, [](T x) { return gelu(x, GeluForm::tanh); }},
        {"elu", [](T x) -> T { return x.elu_(0.5); }, [](T x) { return elu(x, 0.5); }},
        {"leaky_relu", [](T x) -> T { return x.leaky_relu_(0.3); }, [](T x) { return leaky_relu(x, 0.3); }},
        {"softplus", [](T x) -> T { return x.softplus_(2, 1); }, [](T x) { return softplus(x, 2, 1); }},
        {"hardtanh", [](T x) -> T { return x.hardtanh_(-2, 1); }, [](T x) { return hardtanh(x, -2, 1); }},
        {"not", [](T x) -> T { return x.logical_not_(); }, [](T x) { return logical_not(x); }},
        {"and", [&](T x) -> T { return x.logical_and_(truth); }, [&](T x) { return logical_and(x, truth); }},
        {"or", [&](T x) -> T { return x.logical_or_(truth); }, [&](T x) { return logical_or(x, truth); }},
        {"xor", [](T x) -> T { return x.logical_xor_(1); }, [](T x) { return logical_xor(x, 1); }},
        {"tril", [](T x) -> T { return x.tril_(-1); }, [](T x) { return tril(x, -1); }},
        {"triu", [](T x) -> T { return x.triu_(1); }, [](T x) { return triu(x, 1); }},
        {"scatter", [&](T x) -> T { return x.scatter_(0, places, rows); },
         [&](T x) { return scatter(x, 0, places, rows); }},
        {"scatter number", [&](T x) -> T { return x.scatter_(0, places, 7); },
         [&](T x) { return scatter(x, 0, places, 7); }},
        {"scatter_add", [&](T x) -> T { return x.scatter_add_(0, places, rows); },
         [&](T x) { return scatter_add(x, 0, places, rows); }},
        {"index_add", [&](T x) -> T { return x.index_add_(0, at, rows, 2); },
         [&](T x) { return index_add(x, 0, at, rows, 2); }},
        {"index_copy", [&](T x) -> T { return x.index_copy_(0, at, rows); },
         [&](T x) { return index_copy(x, 0, at, rows); }},
        {"index_fill", [&](T x) -> T { return x.index_fill_(0, at, 7); }, [&](T x) { return index_fill(x, 0, at, 7); }},
        {"index_put", [&](T x) -> T { return x.index_put_({at}, rows, Accumulate::yes); },
         [&](T x) { return index_put(x, {at}, rows, Accumulate::yes); }},
    };
    for (const Pair& pair : pairs) {
      CAPTURE(pair.name);
      const Tensor x = tensor<double>({0.5, 0, -0.25, 2, -3, 0.75}, Shape{2, 3}, device), turned = x.transpose();
      const Tensor expected = pair.function(turned).to(DType::float64);
      CHECK(pair.in_place(turned).to_vector<double>() == expected.to_vector<double>());
      CHECK(x.version() == 1);
      const Tensor wide = ones({3, 1}, {DType::float64, device}).expand({3, 2});
      CHECK_FAILS(pair.in_place(wide), "share memory");
    }
    CHECK_FAILS(ones({2}, {DType::int64, device}).elu_(), "elu_: [2] int64");
    CHECK_FAILS(ones({2}, {DType::int64, device}).softplus_(), "softplus_: [2] int64");
  }
}

TEST_CASE("two operands in place: numbers, broadcasting, one storage read before it is written") {
  for (const Device device : {reference, cpu}) {
    const Tensor x = tensor<float>({1, 2, 3, 4}, Shape{2, 2}, device);
    x.add_(2, 3).sub_(tensor<float>({1, 0}, {}, device)).mul_(0.5).div_(scalar(0.25, {.device = device}));
    CHECK(x.to_vector<float>() == std::vector<float>{12, 16, 16, 20});
    x.sub_(x.transpose());
    CHECK(x.to_vector<float>() == std::vector<float>{0, 0, 0, 0});
    x.copy_(tensor<float>({1, 2, 3, 4}, Shape{2, 2}));
    x.mul_(x).pow_(x.select(0, 0));
    CHECK(x.to_vector<float>() == std::vector<float>{1, 256, 9, 65536});
    x.clamp_(2, 100).masked_fill_(equal(x, 9), -1);
    CHECK(x.to_vector<float>() == std::vector<float>{2, 100, -1, 100});
    x.clamp_(zeros({2}, {.device = device}), Tensor()).masked_fill_(equal(x, 0), scalar(2, {.device = device}));
    CHECK(x.to_vector<float>() == std::vector<float>{2, 100, 2, 100});
    x.lerp_(zeros({2, 2}, {.device = device}), 0.5)
        .lerp_(ones({2, 2}, {.device = device}), scalar(1, {.device = device}));
    CHECK(x.to_vector<float>() == std::vector<float>{1, 1, 1, 1});
    x.zero_();
    CHECK(x.to_vector<float>() == std::vector<float>{0, 0, 0, 0});
    const Tensor n = tensor<int64_t>({7, -7}, {}, device);
    CHECK(n.remainder_(4).left_shift_(2).to_vector<int64_t>() == std::vector<int64_t>{12, 4});
    CHECK_FAILS(n.fmod_(0), "fmod_: integers cannot be divided by 0");
    CHECK_FAILS(n.pow_(-1), "pow_: integers have no power -1");
    CHECK_FAILS(n.sub_(zeros({3, 2}, {DType::int64, device})), "sub_: cannot broadcast [3, 2] to [2]");
  }
}
