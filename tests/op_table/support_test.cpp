// tests/op_table/support_test.cpp: the rows' dtypes are the matrix of what is supported: verified here, and printed
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

std::string devices() {
  std::string text;
  for (const Device device : available_devices()) text += (text.empty() ? "" : ", ") + to_string(device);
  return text;
}

void print_function(const std::string& name, const Support& function) {
  fmt::print("| `{}` ", name);
  for (const DType dtype : kStored) {
    const bool fixed = function.dtypes.empty();
    fmt::print("| {} ", fixed ? "-" : function.dtypes.count(dtype) ? "yes" : "");
  }
  fmt::print("| {} | {} | {} |\n", function.order >= Order::first ? "yes" : "",
             function.order >= Order::second ? "yes" : "", devices());
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

// `make docs` runs it by name; doctest's own lines go elsewhere (--out).
TEST_CASE("op table: print the support matrix" * doctest::skip()) {
  fmt::print("# Supported dtypes {{#supported_dtypes}}\n\n");
  fmt::print(
      "What each function computes in, and how often it can be differentiated (in float32 and float64), as the\n"
      "op table declares and tests it on each backend. An empty cell is refused with an Error, which a test\n"
      "checks; a dash: the function takes only indices and masks, of dtype int64 and bool.\n\n");
  fmt::print("| function ");
  for (const DType dtype : kStored) fmt::print("| {} ", name_of(dtype));
  fmt::print("| first derivative | second derivative | backends |\n");
  for (size_t i = 0; i < kStored.size() + 4; ++i) fmt::print("|---");
  fmt::print("|\n");
  for (const auto& [name, function] : support_matrix()) print_function(name, function);
}

}  // namespace weft::op_table
