// tests/op_table/fixture_test.cpp: values and gradients on `reference` equal those of PyTorch (make_op_fixtures.py)
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <set>

#include "autograd/tape.h"
#include "tensor/safetensors.h"
#include "tensor/scalar_maths.h"
#include "tests/fixtures/folder.h"
#include "tests/op_table/compare.h"
#include "tests/op_table/sample.h"

namespace weft::op_table {

namespace {

constexpr double kTolerance = 1e-12;

/// No two frameworks draw the same numbers: tests/tensor/random_test.cpp and random_discrete_test.cpp hold known
/// answers.
bool is_random(const Row& row) { return row.function().starts_with("random_"); }

/// What follows the name of a row whose inputs are special. They have no gradients.
const char* const kSpecial[] = {" at corners", " of nothing", " of no columns"};

/// Special fixtures where PyTorch ends with the other zero, and why both are right.
const std::map<std::string_view, std::string_view> kEitherZero = {
    {"max axes=[0] at corners", "0 and -0 are equal: either is the largest"},
    {"min axes=[0] at corners", "0 and -0 are equal: either is the smallest"},
    {"cumsum axis=0 at corners", "the first element is itself here, and added to 0 there"},
    {"elu at corners", "expm1(-0) is -0 here; exp(-0) - 1 is 0 there"},
    {"selu at corners", "as elu"},
    {"relu6 at corners", "0 and -0 are equal: either is the larger"},
};

/// Entries "name/0", "name/1", ... are inputs, "name/y" the result, "name/dy" its upstream gradient and "name/d0", ...
/// the gradients of the inputs.
class Fixture {
 public:
  Fixture(const TensorMap& file, const Row& row, const std::string& special = "")
      : file_(file), row_(row), name_(row.name + special) {
    for (int i = 0; has(std::to_string(i)); ++i) inputs_.push_back(at(std::to_string(i)));
  }

  bool exists() const { return has("y"); }

  /// Special inputs: where NaN, infinities and signed zeros come out.
  void check_special() const {
    Vars v;
    for (const Tensor& x : inputs_) v.emplace_back(x);
    INFO(name_);
    const Tensor y = row_.call(v).value();
    REQUIRE(difference(y, at("y"), kTolerance) == "");
    const std::string zeros = difference_of_zeros(y, at("y"));
    CHECK_MESSAGE(zeros.empty() == (kEitherZero.count(name_) == 0), zeros);
  }

  void check() const {
    INFO(row_.name);
    Tape tape;
    Vars v;
    for (size_t i = 0; i < inputs_.size(); ++i)
      v.push_back(row_.order == Order::none || row_.is_constant(i) ? Variable(inputs_[i]) : watch(inputs_[i]));
    const Variable y = row_.call(v);
    CHECK(difference(y.value(), at("y"), kTolerance) == "");
    REQUIRE(has("dy") == (row_.order != Order::none));
    if (!has("dy")) return;
    tape.backward(y, at("dy"));
    for (size_t i = 0; i < v.size(); ++i) {
      if (!v[i].is_leaf()) continue;
      INFO("gradient of input ", i);
      REQUIRE(v[i].grad().defined());
      CHECK(difference(v[i].grad(), at(fmt::format("d{}", i)), kTolerance) == "");
    }
  }

 private:
  bool has(const std::string& part) const { return file_.count(name_ + "/" + part) == 1; }
  const Tensor& at(const std::string& part) const { return file_.at(name_ + "/" + part); }

  const TensorMap& file_;
  const Row& row_;
  std::string name_;
  Tensors inputs_;
};

template <class Op>
void check_every_op_has_corners(const TensorMap& file) {
  for (size_t i = 0; i < static_cast<size_t>(Op::count); ++i)
    visit_op(static_cast<Op>(i), [&](auto maths) {
      if (maths.types == OpTypes::bits || maths.types == OpTypes::integer) return;
      CHECK_MESSAGE(file.count(fmt::format("{} at corners/y", maths.name)) == 1, maths.name,
                    " has no case of corners: see tests/fixtures/ops/corners.py");
    });
}

/// The files of every family as one map, with who made them as the keys of the metadata.
Safetensors all_fixtures() {
  Safetensors all;
  for (const auto& entry : std::filesystem::directory_iterator(test::fixtures() / "ops")) {
    if (entry.path().extension() != ".safetensors") continue;
    Safetensors file = load_safetensors(entry.path().string(), reference);
    for (const auto& [name, value] : file.tensors)
      CHECK_MESSAGE(all.tensors.emplace(name, value).second, name, " stands in two files");
    all.metadata[file.metadata.at("made_by")];
  }
  return all;
}

std::string made_by(const Safetensors& all) {
  std::string text;
  for (const auto& [maker, nothing] : all.metadata) text += (text.empty() ? "" : " and ") + maker;
  return text;
}

}  // namespace

TEST_CASE("op table: reference agrees with an independent framework") {
  const Safetensors file = all_fixtures();
  int64_t cases = 0;
  std::set<std::string_view> covered;
  for (const Row& row : all_rows()) {
    const Fixture fixture(file.tensors, row);
    if (!fixture.exists()) continue;
    fixture.check();
    covered.insert(row.function());
    ++cases;
  }
  for (const Row& row : all_rows()) {
    if (!is_random(row)) CHECK_MESSAGE(covered.count(row.function()) == 1, row.name, " has no fixture");
  }
  MESSAGE(fmt::format("{} cases made by {}", cases, made_by(file)));
  CHECK(cases > 470);
}

TEST_CASE("op table: reference agrees with an independent framework about NaN, infinities, zeros and nothing") {
  const Safetensors file = all_fixtures();
  int64_t cases = 0;
  for (const Row& row : all_rows())
    for (const char* special : kSpecial) {
      const Fixture fixture(file.tensors, row, special);
      if (!fixture.exists()) continue;
      fixture.check_special();
      ++cases;
    }
  check_every_op_has_corners<UnaryOp>(file.tensors);
  check_every_op_has_corners<BinaryOp>(file.tensors);
  MESSAGE(fmt::format("{} cases made by {}", cases, made_by(file)));
  CHECK(cases > 200);
}

TEST_CASE("op table: every fixture belongs to a row") {
  std::set<std::string> names;
  for (const Row& row : all_rows()) {
    names.insert(row.name);
    for (const char* special : kSpecial) names.insert(row.name + special);
  }
  for (const auto& [key, value] : all_fixtures().tensors)
    CHECK_MESSAGE(names.count(key.substr(0, key.rfind('/'))) == 1, key);
}

}  // namespace weft::op_table
