// tests/tensor/allclose_test.cpp: agreement of tensors, and what the report names
#include "tensor/allclose.h"

#include <cmath>
#include <limits>

#include "tensor/create.h"
#include "tests/tensor/throws.h"

using namespace weft;

TEST_CASE("allclose measures against the second tensor") {
  CHECK(allclose(tensor<double>({1, 100}), tensor<double>({1 + 1e-6, 100.0009})));
  CHECK_FALSE(allclose(tensor<double>({1, 100}), tensor<double>({1, 100.002})));
  CHECK(allclose(tensor<double>({1e-9}), tensor<double>({0})));
  CHECK_FALSE(allclose(tensor<double>({1e-7}), tensor<double>({0})));
  CHECK(allclose(tensor<double>({10}), tensor<double>({11}), 0.0, 1.0));
  CHECK(allclose(tensor<double>({10}), tensor<double>({12}), 0.17, 0.0));
  CHECK_FALSE(allclose(tensor<double>({12}), tensor<double>({10}), 0.17, 0.0));
  CHECK(allclose(tensor<float>({1, 2}), tensor<int64_t>({1, 2})));
  CHECK(allclose(zeros({0, 3}), zeros({0, 3})));
  CHECK(allclose(scalar(2).to(reference), scalar(2)));
}

TEST_CASE("NaN agrees with NaN when asked, infinities with themselves") {
  const Tensor x = tensor<double>({NAN, INFINITY, -INFINITY});
  CHECK_FALSE(allclose(x, x));
  CHECK(allclose(x, x, 1e-5, 1e-8, true));
  CHECK_FALSE(allclose(tensor<double>({INFINITY}), tensor<double>({-INFINITY})));
  CHECK_FALSE(allclose(tensor<double>({1}), tensor<double>({INFINITY})));
  CHECK_FALSE(allclose(tensor<double>({INFINITY}), tensor<double>({1}), 1, INFINITY));
  CHECK_FALSE(allclose(tensor<double>({NAN}), tensor<double>({1}), 1, 1, true));
}

TEST_CASE("the report names the worst element, and how many differ") {
  const Tensor expected = tensor<float>({1, 2, 3, 4, 5, 8}, Shape{2, 3});
  const Tensor actual = tensor<float>({1, 2, 3.5, 4, 5.25, 8}, Shape{2, 3});
  const Comparison found = compare(actual, expected);
  CHECK_FALSE(found.ok);
  CHECK(found.report.find("2 of 6 elements of [2, 3] float32 cpu differ") == 0);
  CHECK(found.report.find("worst at [0, 2]: 3.5, expected 3: error 0.5 absolute, 0.167 relative") != std::string::npos);
  CHECK(compare(actual, actual).ok);
  CHECK(compare(actual, actual).report.empty());
  CHECK(compare(tensor<float>({1, NAN}), tensor<float>({1.5, 2})).report.find("worst at [1]: nan") !=
        std::string::npos);
  CHECK(compare(scalar(1), scalar(2)).report.find("worst at []: 1, expected 2") != std::string::npos);
}

TEST_CASE("whole numbers are compared exactly, beyond what a double holds") {
  const int64_t large = int64_t{1} << 62;
  const Comparison found = compare(tensor<int64_t>({large + 1}), tensor<int64_t>({large}), {.rtol = 0, .atol = 0.5});
  CHECK(found.report.find("4611686018427387905, expected 4611686018427387904: error 1 absolute") != std::string::npos);
  constexpr int64_t low = std::numeric_limits<int64_t>::min(), high = std::numeric_limits<int64_t>::max();
  CHECK_FALSE(compare(tensor<int64_t>({low}), tensor<int64_t>({high})).ok);
  CHECK_FALSE(compare(tensor<bool>({true}), tensor<bool>({false})).ok);
}

TEST_CASE("shapes and dtypes that differ are reported or refused") {
  CHECK(compare(zeros({2}), zeros({3})).report == "result is [2] float32 cpu, expected [3] float32 cpu");
  CHECK(compare(zeros({2}), zeros({2}, {.dtype = DType::float64})).report.find("float64") != std::string::npos);
  CHECK_FAILS(allclose(zeros({2}), zeros({3})), "allclose: shapes differ: [2] float32 cpu and [3] float32 cpu");
  CHECK_FAILS(compare(zeros({2}), Tensor()), "compare: the tensor is undefined");
  CHECK_FAILS(compare_within(zeros({2}), zeros({2}), zeros({1})), "compare_within: the allowed error is [1]");
}

TEST_CASE("an error of its own may be allowed for each element") {
  const Tensor allowed = tensor<double>({0, 1});
  CHECK(compare_within(tensor<double>({1, 2}), tensor<double>({1, 3}), allowed).ok);
  CHECK(compare_within(tensor<double>({1, NAN}), tensor<double>({1, NAN}), allowed).ok);
  CHECK_FALSE(compare_within(tensor<double>({1.5, 2}), tensor<double>({1, 3}), allowed).ok);
}
