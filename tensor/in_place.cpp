// tensor/in_place.cpp: one way to write a result over an operand, and every function that goes it
#include "tensor/in_place.h"

#include "tensor/backend.h"
#include "tensor/checks.h"
#include "tensor/elementwise.h"
#include "tensor/elementwise_plan.h"
#include "tensor/index_put.h"
#include "tensor/indexing.h"
#include "tensor/triangle.h"

namespace weft {
namespace {

/// A result of dtype `result` may be written into x: never to a lower kind (float, integer, bool).
void check_takes(std::string_view op, const Tensor& x, DType result) {
  if (kind_of(result) <= kind_of(x.dtype())) return;
  fail(op, "{} cannot hold a result of {}; hint: use the function without the _, which makes a new tensor",
       x.describe(), name_of(result));
}

/// x = result, where the kernel could not write into x itself.
const Tensor& write_back(std::string_view op, const Tensor& x, const Tensor& result) {
  check_writable(op, x);
  check_takes(op, x, result.dtype());
  return x.copy_(broadcast_to(op, result, x.shape()));
}

/// Whole when both are.
Scalar product(Scalar a, Scalar b) {
  if (is_floating(a.kind()) || is_floating(b.kind())) return a.as<double>() * b.as<double>();
  return Binary<BinaryOp::mul>::apply(a.as<int64_t>(), b.as<int64_t>());
}

std::string in_place_name(std::string_view name) { return std::string(name) + "_"; }

}  // namespace

const Tensor& InPlace::self() const { return static_cast<const Tensor&>(*this); }

const Tensor& InPlace::write(UnaryOp op) const {
  const Tensor& x = self();
  const std::string name = in_place_name(name_of_op(op));
  check_writable(name, x);
  const DType computed = compute_dtype(name, op, x.dtype(), x.describe());
  check_takes(name, x, computed);
  if (x.numel() == 0) return x;
  x.backend().unary(op, x, x);
  x.bump_version();
  return x;
}

const Tensor& InPlace::write(BinaryOp op, const Operand& other) const {
  const Tensor& x = self();
  const std::string name = in_place_name(name_of_op(op));
  check_writable(name, x);
  if (!other.is_scalar()) {
    check_same_device(name, x, other.tensor());
    broadcast_to(name, other.tensor(), x.shape());
  }
  const DType computed = compute_dtype(name, op, result_type(x, other), other.describe());
  check_takes(name, x, computed);
  check_whole_operands(name, op, computed, other);
  if (computed != x.dtype()) return x.copy_(binary(op, x, other));
  const Tensor right = other.is_scalar() ? Tensor() : detached_from(x, other.tensor());
  const Tensor prepared =
      prepare_operand(name, other.is_scalar() ? other : Operand(right), computed, x.shape(), x.device());
  if (x.numel() == 0) return x;
  x.backend().binary(op, x, prepared, x);
  x.bump_version();
  return x;
}

const Tensor& InPlace::neg_() const { return write(UnaryOp::neg); }
const Tensor& InPlace::abs_() const { return write(UnaryOp::abs); }
const Tensor& InPlace::sign_() const { return write(UnaryOp::sign); }
const Tensor& InPlace::square_() const { return write(UnaryOp::square); }
const Tensor& InPlace::reciprocal_() const { return write(UnaryOp::reciprocal); }
const Tensor& InPlace::exp_() const { return write(UnaryOp::exp); }
const Tensor& InPlace::exp2_() const { return write(UnaryOp::exp2); }
const Tensor& InPlace::expm1_() const { return write(UnaryOp::expm1); }
const Tensor& InPlace::log_() const { return write(UnaryOp::log); }
const Tensor& InPlace::log2_() const { return write(UnaryOp::log2); }
const Tensor& InPlace::log10_() const { return write(UnaryOp::log10); }
const Tensor& InPlace::log1p_() const { return write(UnaryOp::log1p); }
const Tensor& InPlace::sqrt_() const { return write(UnaryOp::sqrt); }
const Tensor& InPlace::rsqrt_() const { return write(UnaryOp::rsqrt); }
const Tensor& InPlace::erf_() const { return write(UnaryOp::erf); }
const Tensor& InPlace::erfc_() const { return write(UnaryOp::erfc); }
const Tensor& InPlace::sin_() const { return write(UnaryOp::sin); }
const Tensor& InPlace::cos_() const { return write(UnaryOp::cos); }
const Tensor& InPlace::tan_() const { return write(UnaryOp::tan); }
const Tensor& InPlace::asin_() const { return write(UnaryOp::asin); }
const Tensor& InPlace::acos_() const { return write(UnaryOp::acos); }
const Tensor& InPlace::atan_() const { return write(UnaryOp::atan); }
const Tensor& InPlace::sinh_() const { return write(UnaryOp::sinh); }
const Tensor& InPlace::cosh_() const { return write(UnaryOp::cosh); }
const Tensor& InPlace::tanh_() const { return write(UnaryOp::tanh); }
const Tensor& InPlace::sigmoid_() const { return write(UnaryOp::sigmoid); }
const Tensor& InPlace::relu_() const { return write(UnaryOp::relu); }
const Tensor& InPlace::silu_() const { return write(UnaryOp::silu); }
const Tensor& InPlace::gelu_(GeluForm form) const {
  return write(form == GeluForm::erf ? UnaryOp::gelu : UnaryOp::gelu_tanh);
}
const Tensor& InPlace::selu_() const { return write(UnaryOp::selu); }
const Tensor& InPlace::elu_(double alpha) const { return write(BinaryOp::elu, alpha); }
const Tensor& InPlace::leaky_relu_(double slope) const { return write(BinaryOp::leaky_relu, slope); }
const Tensor& InPlace::floor_() const { return write(UnaryOp::floor); }
const Tensor& InPlace::ceil_() const { return write(UnaryOp::ceil); }
const Tensor& InPlace::round_() const { return write(UnaryOp::round); }
const Tensor& InPlace::trunc_() const { return write(UnaryOp::trunc); }
const Tensor& InPlace::bitwise_not_() const { return write(UnaryOp::bitwise_not); }

const Tensor& InPlace::sub_(const Operand& other) const { return write(BinaryOp::sub, other); }
const Tensor& InPlace::mul_(const Operand& other) const { return write(BinaryOp::mul, other); }
const Tensor& InPlace::div_(const Operand& other) const { return write(BinaryOp::div, other); }
const Tensor& InPlace::pow_(const Operand& other) const { return write(BinaryOp::pow, other); }
const Tensor& InPlace::floor_divide_(const Operand& other) const { return write(BinaryOp::floor_divide, other); }
const Tensor& InPlace::remainder_(const Operand& other) const { return write(BinaryOp::remainder, other); }
const Tensor& InPlace::fmod_(const Operand& other) const { return write(BinaryOp::fmod, other); }
const Tensor& InPlace::atan2_(const Operand& other) const { return write(BinaryOp::atan2, other); }
const Tensor& InPlace::hypot_(const Operand& other) const { return write(BinaryOp::hypot, other); }
const Tensor& InPlace::maximum_(const Operand& other) const { return write(BinaryOp::maximum, other); }
const Tensor& InPlace::minimum_(const Operand& other) const { return write(BinaryOp::minimum, other); }
const Tensor& InPlace::bitwise_and_(const Operand& other) const { return write(BinaryOp::bitwise_and, other); }
const Tensor& InPlace::bitwise_or_(const Operand& other) const { return write(BinaryOp::bitwise_or, other); }
const Tensor& InPlace::bitwise_xor_(const Operand& other) const { return write(BinaryOp::bitwise_xor, other); }
const Tensor& InPlace::left_shift_(const Operand& other) const { return write(BinaryOp::left_shift, other); }
const Tensor& InPlace::right_shift_(const Operand& other) const { return write(BinaryOp::right_shift, other); }

const Tensor& InPlace::add_(const Operand& other, Scalar alpha) const {
  const Tensor& x = self();
  const bool fused =
      !other.is_scalar() && is_floating(x.dtype()) && other.tensor().defined() && other.tensor().dtype() == x.dtype();
  if (!fused && alpha.as<double>() == 1) return write(BinaryOp::add, other);
  if (!fused && other.is_scalar()) return write(BinaryOp::add, product(other.scalar(), alpha));
  if (!fused) return write(BinaryOp::add, mul(other.tensor(), alpha));
  check_writable("add_", x);
  check_same_device("add_", x, other.tensor());
  const Tensor expanded = broadcast_to("add_", detached_from(x, other.tensor()), x.shape());
  if (x.numel() == 0) return x;
  x.backend().axpy(alpha.as<double>(), expanded, x);
  x.bump_version();
  return x;
}

const Tensor& InPlace::softplus_(double beta, double threshold) const {
  return write_back("softplus_", self(), softplus(self(), beta, threshold));
}
const Tensor& InPlace::hardtanh_(Scalar low, Scalar high) const {
  return write_back("hardtanh_", self(), hardtanh(self(), low, high));
}
const Tensor& InPlace::logical_not_() const { return write_back("logical_not_", self(), logical_not(self())); }
const Tensor& InPlace::logical_and_(const Operand& other) const {
  return write_back("logical_and_", self(), logical_and(self(), other));
}
const Tensor& InPlace::logical_or_(const Operand& other) const {
  return write_back("logical_or_", self(), logical_or(self(), other));
}
const Tensor& InPlace::logical_xor_(const Operand& other) const {
  return write_back("logical_xor_", self(), logical_xor(self(), other));
}

const Tensor& InPlace::clamp_(std::optional<Scalar> low, std::optional<Scalar> high) const {
  return write_back("clamp_", self(), clamp(self(), low, high));
}
const Tensor& InPlace::clamp_(const Tensor& low, const Tensor& high) const {
  return write_back("clamp_", self(), clamp(self(), low, high));
}
const Tensor& InPlace::masked_fill_(const Tensor& mask, const Operand& value) const {
  return write_back(
      "masked_fill_", self(),
      value.is_scalar() ? masked_fill(self(), mask, value.scalar()) : masked_fill(self(), mask, value.tensor()));
}
const Tensor& InPlace::lerp_(const Tensor& end, const Operand& weight) const {
  return write_back("lerp_", self(),
                    weight.is_scalar() ? lerp(self(), end, weight.scalar()) : lerp(self(), end, weight.tensor()));
}
const Tensor& InPlace::tril_(int64_t diagonal) const { return write_back("tril_", self(), tril(self(), diagonal)); }
const Tensor& InPlace::triu_(int64_t diagonal) const { return write_back("triu_", self(), triu(self(), diagonal)); }

const Tensor& InPlace::scatter_(int64_t axis, const Tensor& index, const Operand& source) const {
  return write_back("scatter_", self(),
                    source.is_scalar() ? scatter(self(), axis, index, source.scalar())
                                       : scatter(self(), axis, index, source.tensor()));
}
const Tensor& InPlace::scatter_add_(int64_t axis, const Tensor& index, const Tensor& source) const {
  return write_back("scatter_add_", self(), scatter_add(self(), axis, index, source));
}
const Tensor& InPlace::index_add_(int64_t axis, const Tensor& index, const Tensor& source, Scalar alpha) const {
  return write_back("index_add_", self(), index_add(self(), axis, index, source, alpha));
}
const Tensor& InPlace::index_copy_(int64_t axis, const Tensor& index, const Tensor& source) const {
  return write_back("index_copy_", self(), index_copy(self(), axis, index, source));
}
const Tensor& InPlace::index_fill_(int64_t axis, const Tensor& index, Scalar value) const {
  return write_back("index_fill_", self(), index_fill(self(), axis, index, value));
}
const Tensor& InPlace::index_put_(std::span<const Tensor> indices, const Tensor& values, Accumulate accumulate) const {
  return write_back("index_put_", self(), index_put(self(), indices, values, accumulate));
}
const Tensor& InPlace::index_put_(std::initializer_list<Tensor> indices, const Tensor& values,
                                  Accumulate accumulate) const {
  return index_put_(std::span<const Tensor>(indices.begin(), indices.size()), values, accumulate);
}

}  // namespace weft
