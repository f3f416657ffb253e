// tensor/in_place.h: functions that write their result over their first operand, as members of Tensor
#pragma once
#include <initializer_list>
#include <optional>
#include <span>

#include "tensor/scalar.h"

namespace weft {

class Operand;
class Tensor;
enum class UnaryOp : uint8_t;
enum class BinaryOp : uint8_t;
enum class GeluForm;
enum class Accumulate : bool;

/// x.exp_() is x.copy_(exp(x)) without the copy. Every function here is the one without the _ of tensor/elementwise.h,
/// indexing.h, index_put.h or triangle.h, bumps the version and returns the tensor. `other` broadcasts to it, and may
/// share its memory.
/// All throw, before anything has changed: elements of the tensor share memory (it was expanded); the shape would have
/// to grow; the result's dtype does not go back: a float into integers or bool, a number into bool. Within a kind it
/// does: float64 into float32 is rounded, integers wrap.
class InPlace {
 public:
  const Tensor& neg_() const;
  const Tensor& abs_() const;
  const Tensor& sign_() const;
  const Tensor& square_() const;
  const Tensor& reciprocal_() const;
  const Tensor& exp_() const;
  const Tensor& exp2_() const;
  const Tensor& expm1_() const;
  const Tensor& log_() const;
  const Tensor& log2_() const;
  const Tensor& log10_() const;
  const Tensor& log1p_() const;
  const Tensor& sqrt_() const;
  const Tensor& rsqrt_() const;
  const Tensor& erf_() const;
  const Tensor& erfc_() const;
  const Tensor& sin_() const;
  const Tensor& cos_() const;
  const Tensor& tan_() const;
  const Tensor& asin_() const;
  const Tensor& acos_() const;
  const Tensor& atan_() const;
  const Tensor& sinh_() const;
  const Tensor& cosh_() const;
  const Tensor& tanh_() const;
  const Tensor& sigmoid_() const;
  const Tensor& relu_() const;
  const Tensor& silu_() const;
  const Tensor& gelu_(GeluForm form = {}) const;
  const Tensor& selu_() const;
  const Tensor& elu_(double alpha = 1) const;
  const Tensor& leaky_relu_(double slope = 0.01) const;
  const Tensor& softplus_(double beta = 1, double threshold = 20) const;
  const Tensor& hardtanh_(Scalar low = -1, Scalar high = 1) const;
  const Tensor& floor_() const;
  const Tensor& ceil_() const;
  const Tensor& round_() const;
  const Tensor& trunc_() const;
  const Tensor& bitwise_not_() const;
  const Tensor& logical_not_() const;

  const Tensor& add_(const Operand& other, Scalar alpha = 1) const;  ///< this += alpha * other
  const Tensor& sub_(const Operand& other) const;
  const Tensor& mul_(const Operand& other) const;
  const Tensor& div_(const Operand& other) const;
  const Tensor& pow_(const Operand& other) const;
  const Tensor& floor_divide_(const Operand& other) const;
  const Tensor& remainder_(const Operand& other) const;
  const Tensor& fmod_(const Operand& other) const;
  const Tensor& atan2_(const Operand& other) const;
  const Tensor& hypot_(const Operand& other) const;
  const Tensor& maximum_(const Operand& other) const;
  const Tensor& minimum_(const Operand& other) const;
  const Tensor& logical_and_(const Operand& other) const;
  const Tensor& logical_or_(const Operand& other) const;
  const Tensor& logical_xor_(const Operand& other) const;
  const Tensor& bitwise_and_(const Operand& other) const;
  const Tensor& bitwise_or_(const Operand& other) const;
  const Tensor& bitwise_xor_(const Operand& other) const;
  const Tensor& left_shift_(const Operand& other) const;
  const Tensor& right_shift_(const Operand& other) const;

  const Tensor& clamp_(std::optional<Scalar> low, std::optional<Scalar> high = {}) const;
  const Tensor& clamp_(const Tensor& low, const Tensor& high) const;
  /// `value` is a number or a 0-dim tensor.
  const Tensor& masked_fill_(const Tensor& mask, const Operand& value) const;
  const Tensor& lerp_(const Tensor& end, const Operand& weight) const;
  const Tensor& tril_(int64_t diagonal = 0) const;
  const Tensor& triu_(int64_t diagonal = 0) const;

  const Tensor& scatter_(int64_t axis, const Tensor& index, const Operand& source) const;
  const Tensor& scatter_add_(int64_t axis, const Tensor& index, const Tensor& source) const;
  const Tensor& index_add_(int64_t axis, const Tensor& index, const Tensor& source, Scalar alpha = 1) const;
  const Tensor& index_copy_(int64_t axis, const Tensor& index, const Tensor& source) const;
  const Tensor& index_fill_(int64_t axis, const Tensor& index, Scalar value) const;
  const Tensor& index_put_(std::span<const Tensor> indices, const Tensor& values, Accumulate accumulate = {}) const;
  const Tensor& index_put_(std::initializer_list<Tensor> indices, const Tensor& values,
                           Accumulate accumulate = {}) const;

 private:
  const Tensor& self() const;
  const Tensor& write(UnaryOp op) const;
  const Tensor& write(BinaryOp op, const Operand& other) const;
};

}  // namespace weft
