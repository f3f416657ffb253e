// tests/op_table/support_test.cpp: function x dtype x backend: what the rows list runs, what they do not is refused
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <set>

#include "tests/op_table/sample.h"

namespace weft::op_table {

namespace {

/// What the rows of one function say together.
struct Support {
  std::set<DType> dtypes;
  Order order = Order::none;
  std::vector<const Row*> rows;
};

/// Of a row whose inputs are all indices or masks, the dtypes say nothing.
bool has_fixed_dtypes(const Row& row) {
  for (size_t i = 0; i < row.samples.front().size(); ++i)
    if (!row.is_constant(i)) return false;
  return true;
}

std::map<std::string, Support> support_matrix() {
  std::map<std::string, Support> matrix;
  for (const Row& row : all_rows()) {
    Support& function = matrix[std::string(row.function())];
    function.order = std::max(function.order, row.order);
    function.rows.push_back(&row);
    if (!has_fixed_dtypes(row)) function.dtypes.insert(row.dtypes.begin(), row.dtypes.end());
  }
  return matrix;
}

/// Empty when the row's function refuses inputs of `dtype` with an Error about dtypes.
std::string accepted(const Row& row, DType dtype, Device device) {
  const Tensors inputs = on_device(make_inputs(row, row.samples.back(), dtype), device);
  try {
    return "gave " + row.call(as_variables(inputs)).value().describe();
  } catch (const Error& error) {
    const std::string_view text = error.what();
    const bool says_why =
        text.find(name_of(dtype)) != std::string_view::npos || text.find("dtype") != std::string_view::npos;
    return says_why ? "" : fmt::format("does not name it: {}", text);
  } catch (const std::exception& error) {
    return fmt::format("threw another exception: {}", error.what());
  }
}

std::string joined(const std::set<DType>& dtypes) {
  std::string text;
  for (const DType dtype : dtypes) text += fmt::format("{}{}", text.empty() ? "" : ", ", name_of(dtype));
  return text;
}

/// In a word where there is one; the page explains them.
std::string shortly(const std::set<DType>& dtypes) {
  const auto are = [&](const std::vector<DType>& those) {
    return dtypes == std::set<DType>(those.begin(), those.end());
  };
  return are(kAll) ? "all" : are(kNumbers) ? "numbers" : are(kFloats) ? "floats" : joined(dtypes);
}

/// Empty when the row's function computes in `dtype`, on the device of its inputs.
std::string refused(const Row& row, DType dtype, Device device) {
  const Tensors inputs = on_device(make_inputs(row, row.samples.back(), dtype), device);
  try {
    const Device place = row.call(as_variables(inputs)).value().device();
    return place == device ? "" : "gave its result to " + to_string(place);
  } catch (const std::exception& error) {
    return fmt::format("threw: {}", error.what());
  }
}

/// The dtypes that the function's rows list and that `device` then computes in.
std::set<DType> dtypes_on(Device device, const Support& function) {
  std::set<DType> dtypes;
  for (const Row* row : function.rows)
    for (const DType dtype : row->dtypes)
      if (function.dtypes.count(dtype) == 1 && refused(*row, dtype, device).empty()) dtypes.insert(dtype);
  return dtypes;
}

void print_function(const std::string& name, const Support& function) {
  fmt::print("| `{}` ", name);
  for (const Device device : available_devices()) {
    fmt::print("| {} ", function.dtypes.empty() ? "-" : shortly(dtypes_on(device, function)));
  }
  fmt::print("| {} | {} |\n", function.order >= Order::first ? "yes" : "",
             function.order >= Order::second ? "yes" : "");
}

}  // namespace

TEST_CASE("op table: a dtype that no row of a function lists is refused on every device") {
  int64_t cases = 0;
  for (const auto& [name, function] : support_matrix())
    for (const Row* row : function.rows)
      for (const DType dtype : kStored) {
        if (has_fixed_dtypes(*row) || function.dtypes.count(dtype) || row->makes_dtype) continue;
        for (const Device device : available_devices()) {
          const std::string text = accepted(*row, dtype, device);
          CHECK_MESSAGE(text.empty(), row->name, " of ", name_of(dtype), " on ", to_string(device), " ", text,
                        "; listed: ", joined(function.dtypes));
          ++cases;
        }
      }
  MESSAGE(fmt::format("{} calls with a dtype that is not listed", cases));
  CHECK(cases > 2900);
}

TEST_CASE("op table: a dtype that a row lists is computed in on every device") {
  int64_t cases = 0;
  for (const Row& row : all_rows())
    for (const DType dtype : row.dtypes)
      for (const Device device : available_devices()) {
        const std::string text = refused(row, dtype, device);
        CHECK_MESSAGE(text.empty(), row.name, " of ", name_of(dtype), " on ", to_string(device), " ", text);
        ++cases;
      }
  MESSAGE(fmt::format("{} calls with a dtype that is listed", cases));
  CHECK(cases > 3000);
}

// `make docs` runs it by name; doctest's own lines go elsewhere (--out).
TEST_CASE("op table: print the support matrix" * doctest::skip()) {
  fmt::print("# Supported dtypes {{#supported_dtypes}}\n\n");
  fmt::print(
      "What each function computes in on each backend, as it was tried when this page was made, and how often it can\n"
      "be differentiated, in float32 and float64. A dtype that is not there is refused with an Error: tests check "
      "each\n"
      "function, dtype and backend. Floats are float32 and float64; numbers, these and int64, int32 and uint8; all, "
      "these\n"
      "and bool; bfloat16 only holds elements. A dash: the function takes only indices and masks, of dtype int64 and\n"
      "bool. `cuda` runs the kernels of `emulated`.\n\n");
  fmt::print("| function ");
  for (const Device device : available_devices()) fmt::print("| {} ", to_string(device));
  fmt::print("| first derivative | second derivative |\n");
  for (size_t i = 0; i < available_devices().size() + 3; ++i) fmt::print("|---");
  fmt::print("|\n");
  for (const auto& [name, function] : support_matrix()) print_function(name, function);
}

}  // namespace weft::op_table
