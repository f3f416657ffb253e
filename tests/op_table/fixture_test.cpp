// tests/op_table/fixture_test.cpp: values and gradients on `reference` equal those of PyTorch (make_op_fixtures.py)
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "autograd/tape.h"
#include "tensor/safetensors.h"
#include "tests/fixtures/folder.h"
#include "tests/op_table/compare.h"
#include "tests/op_table/sample.h"

namespace weft::op_table {

namespace {

constexpr double kTolerance = 1e-12;

/// Entries "name/0", "name/1", ... are inputs, "name/y" the result, "name/dy" its upstream gradient and "name/d0", ...
/// the gradients of the inputs.
class Fixture {
 public:
  Fixture(const TensorMap& file, const Row& row) : file_(file), row_(row) {
    for (int i = 0; has(std::to_string(i)); ++i) inputs_.push_back(at(std::to_string(i)));
  }

  bool exists() const { return has("y"); }

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
  bool has(const std::string& part) const { return file_.count(row_.name + "/" + part) == 1; }
  const Tensor& at(const std::string& part) const { return file_.at(row_.name + "/" + part); }

  const TensorMap& file_;
  const Row& row_;
  Tensors inputs_;
};

/// The files of every family as one map.
Safetensors all_fixtures() {
  Safetensors all;
  for (const auto& entry : std::filesystem::directory_iterator(test::fixtures() / "ops")) {
    if (entry.path().extension() != ".safetensors") continue;
    Safetensors file = load_safetensors(entry.path().string(), reference);
    for (const auto& [name, value] : file.tensors)
      CHECK_MESSAGE(all.tensors.emplace(name, value).second, name, " stands in two files");
    all.metadata = std::move(file.metadata);
  }
  return all;
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
  for (const Row& row : all_rows())
    if (row.order != Order::none) CHECK_MESSAGE(covered.count(row.function()) == 1, row.name);
  MESSAGE(fmt::format("{} cases made by {}", cases, file.metadata.at("made_by")));
  CHECK(cases > 80);
}

TEST_CASE("op table: every fixture belongs to a row") {
  std::set<std::string> names;
  for (const Row& row : all_rows()) names.insert(row.name);
  for (const auto& [key, value] : all_fixtures().tensors)
    CHECK_MESSAGE(names.count(key.substr(0, key.rfind('/'))) == 1, key);
}

}  // namespace weft::op_table
