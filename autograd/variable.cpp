// autograd/variable.cpp: leaves, where gradients gather
#include "autograd/variable.h"

namespace weft {
namespace {

Leaf& leaf_of(std::string_view op, const Variable& x) {
  if (!x.is_leaf())
    fail(op, "{} is not a leaf, and only leaves gather gradients; hint: use watch(x), or Tape::gradient for results",
         x.defined() ? x.value().describe() : "an undefined Variable");
  return *x.leaf();
}

}  // namespace

const Tensor& Variable::grad() const { return leaf_of("grad", *this).grad; }

void Variable::zero_grad() const { leaf_of("zero_grad", *this).grad = Tensor(); }

Variable watch(Tensor value, std::string name) {
  if (!value.defined()) fail("watch", "the tensor is undefined; hint: give it a value first");
  if (!is_floating(value.dtype()))
    fail("watch", "{} has no gradient; hint: only float32 and float64 do, convert with to(DType::float32)",
         value.describe());
  return Variable(std::make_shared<Leaf>(Leaf{std::move(value), Tensor(), std::move(name), nullptr}));
}

}  // namespace weft
