// tests/op_table/gradients.h: the derivatives of a row as the tape has them
#pragma once
#include "tests/op_table/row.h"

namespace weft::op_table {

/// The gradients of f by each of `xs`, leaves or views of leaves on the innermost tape, the upstream gradient random;
/// then, for Order::second, those of a random weighting of all these gradients. The same numbers are drawn for every
/// device and dtype. Nothing when f is not recorded.
Tensors gradients_of(const Call& f, const Vars& xs, Order order = Order::first);

/// The same at `inputs`, on a tape of its own.
Tensors gradients_at(const Call& f, const Tensors& inputs, Order order);

}  // namespace weft::op_table
