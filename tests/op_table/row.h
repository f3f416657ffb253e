// tests/op_table/row.h: one row of the op table; every backend, dtype, layout and derivative test is made from it
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/variable.h"
#include "tensor/create.h"
#include "tests/op_table/callable.h"

namespace weft::op_table {

using Vars = std::vector<Variable>;
using Call = Callable<Variable(const Vars&)>;
using S = Shape;
using Shapes = std::vector<Shape>;  ///< one shape an input

/// How often a row can be differentiated.
enum class Order { none, first, second };

/// What an input is filled with. The first four take the dtype under test; where that is an integer, any of them
/// becomes small whole numbers.
struct Values {
  enum class Kind { normal, uniform, distinct, whole, index, mask };
  Kind kind = Kind::normal;
  double a = 0, b = 1;
  double gap = 0;  ///< normal: pushed this far away from 0, where abs and relu have their corner
};
inline Values normal(double mean = 0, double deviation = 1) { return {Values::Kind::normal, mean, deviation}; }
inline Values away_from_zero() { return {Values::Kind::normal, 0, 1, 0.2}; }
inline Values uniform(double low, double high) { return {Values::Kind::uniform, low, high}; }
inline Values distinct() { return {Values::Kind::distinct}; }  ///< no two elements of any input are close
inline Values whole(double low, double high) { return {Values::Kind::whole, low, high}; }   ///< so that equals occur
inline Values index(int64_t bound) { return {Values::Kind::index, 0, double(bound - 1)}; }  ///< int64 in [0, bound)
inline Values mask() { return {Values::Kind::mask}; }                                       ///< bool

/// Which inputs get inf, -inf, nan and -0.0 mixed in, in an extra forward case.
enum class Corners { none, first, all };

/// What an error is measured against: the result's own size, or, where terms cancel, the same op on |inputs|
/// (the sum of |a||b| for a product: the bound that floating-point summation obeys). There the order of the terms also
/// decides which zero is left; elsewhere zeros have the sign that they have on `reference`.
enum class Scale { result, absolute_inputs };

/// The policy; an exception carries its reason.
struct Tolerance {
  double float32 = 1e-6, float64 = 1e-12;
  std::string reason = {};
};

/// A call that must throw weft::Error, and words its text must hold. Tensors made inside land on the device under test.
struct Reject {
  std::vector<std::string> words;
  Callable<void()> call;
  std::string op = {};  ///< what the text starts with, where that is not the row's function
};

inline const std::vector<DType> kFloats = {DType::float32, DType::float64};
inline const std::vector<DType> kNumbers = {DType::float32, DType::float64, DType::int64, DType::int32, DType::uint8};
inline const std::vector<DType> kAll = {DType::float32, DType::float64, DType::int64,
                                        DType::int32,   DType::uint8,   DType::boolean};

/// Also the dtype that nothing computes in.
inline const std::vector<DType> kStored = {DType::float32, DType::float64, DType::int64,   DType::int32,
                                           DType::uint8,   DType::boolean, DType::bfloat16};

struct Row {
  std::string name;  ///< the function, then what sets this row apart: "sum axes=[0, 2]"
  Call call;
  Order order = Order::none;
  std::vector<Shapes> samples;              ///< small enough for finite differences
  std::vector<Shapes> large = {};           ///< forward only
  std::vector<Values> values = {normal()};  ///< an input each; the last one repeats
  Corners corners = Corners::all;
  std::vector<DType> dtypes = kFloats;
  Scale scale = Scale::result;
  Tolerance tolerance = {};
  std::string repeated = {};  ///< why the float32 gradients of an input of equal rows are not compared
  bool makes_dtype = false;   ///< the call mixes the input with floats of its own before the function sees it
  std::vector<Reject> rejects = {};

  std::string_view function() const { return std::string_view(name).substr(0, name.find(' ')); }
  const Values& values_of(size_t input) const { return values[std::min(input, values.size() - 1)]; }
  /// Index and mask inputs are constants: no gradient is asked of them.
  bool is_constant(size_t input) const { return values_of(input).kind >= Values::Kind::index; }
};

/// Every row of every family.
const std::vector<Row>& all_rows();

/// A family adds its rows by defining one of these at file scope; there is no list to keep.
struct Family {
  explicit Family(std::vector<Row> (*make)());
};

/// A function of tensors as the call of a row without derivative.
inline Call on_tensors(Callable<Tensor(const std::vector<Tensor>&)> f) {
  return [f = std::move(f)](const Vars& v) {
    std::vector<Tensor> tensors;
    for (const Variable& x : v) tensors.push_back(x.value());
    return Variable(f(tensors));
  };
}
using Tensors = std::vector<Tensor>;

}  // namespace weft::op_table
