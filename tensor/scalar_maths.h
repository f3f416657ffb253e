// tensor/scalar_maths.h: the scalar maths of every element-wise op, written once; each backend lifts it to tensors
#pragma once
#include <cstddef>
#include <utility>

#include "tensor/maths/activation.h"
#include "tensor/maths/arithmetic.h"
#include "tensor/maths/bits.h"
#include "tensor/maths/exponential.h"
#include "tensor/maths/logic.h"
#include "tensor/maths/rounding.h"
#include "tensor/maths/trigonometric.h"

namespace weft {

/// Calls f(Maths<op>{}) for the run-time value `op`: every enumerator below `count` is tried once.
template <template <auto> class Maths, class Op, class F, size_t... I>
void visit_op_among(Op op, F&& f, std::index_sequence<I...>) {
  ((op == static_cast<Op>(I) ? (f(Maths<static_cast<Op>(I)>{}), true) : false) || ...);
}

template <auto op>
using UnaryMaths = Unary<op>;
template <auto op>
using BinaryMaths = Binary<op>;

template <class F>
void visit_op(UnaryOp op, F&& f) {
  visit_op_among<UnaryMaths>(op, f, std::make_index_sequence<static_cast<size_t>(UnaryOp::count)>{});
}
template <class F>
void visit_op(BinaryOp op, F&& f) {
  visit_op_among<BinaryMaths>(op, f, std::make_index_sequence<static_cast<size_t>(BinaryOp::count)>{});
}

template <class Op>
std::string_view name_of_op(Op op) {
  std::string_view name;
  visit_op(op, [&](auto maths) { name = maths.name; });
  return name;
}

}  // namespace weft
