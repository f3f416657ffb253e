// autograd/logic.h: comparisons of Variables; they are of values, and give constants
#pragma once
#include <concepts>

#include "autograd/variable.h"
#include "tensor/logic.h"

namespace weft {

/// Two operands of a comparison: a Variable, and another one, a tensor or a number.
template <class A, class B>
concept WithVariable = std::derived_from<A, Variable> || std::derived_from<B, Variable>;

template <class A>
Operand compared(const A& x) {
  if constexpr (std::derived_from<A, Variable>) return x.value();
  else return x;
}

// These give bool, without a record: no gradient comes from them.
template <class A, class B>
requires WithVariable<A, B> Tensor equal(const A& a, const B& b) { return equal(compared(a), compared(b)); }
template <class A, class B>
requires WithVariable<A, B> Tensor not_equal(const A& a, const B& b) { return not_equal(compared(a), compared(b)); }
template <class A, class B>
requires WithVariable<A, B> Tensor less(const A& a, const B& b) { return less(compared(a), compared(b)); }
template <class A, class B>
requires WithVariable<A, B> Tensor less_equal(const A& a, const B& b) { return less_equal(compared(a), compared(b)); }
template <class A, class B>
requires WithVariable<A, B> Tensor greater(const A& a, const B& b) { return greater(compared(a), compared(b)); }
template <class A, class B>
requires WithVariable<A, B> Tensor greater_equal(const A& a, const B& b) {
  return greater_equal(compared(a), compared(b));
}

}  // namespace weft
