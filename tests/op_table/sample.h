// tests/op_table/sample.h: inputs for a row, in every layout
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "tests/op_table/row.h"

namespace weft::op_table {

enum class Layout { contiguous, transposed, sliced, expanded };
std::string_view name_of(Layout layout);

/// Contiguous inputs on `reference`. The same row and shapes give the same numbers.
Tensors make_inputs(const Row& row, const Shapes& shapes, DType dtype, bool corners = false);

/// The elements of `x` in another layout; `expanded` repeats the first element of one axis, so its values differ.
/// Nothing when the shape does not permit it.
std::optional<Tensor> with_layout(const Tensor& x, Layout layout);

Vars as_variables(const Tensors& tensors);
Tensors on_device(const Tensors& tensors, Device device);

/// "add, inputs [2, 3] float32 cpu and [3] float32 cpu".
std::string describe(const Row& row, const Tensors& inputs);

/// `row` as a function of the inputs it can be differentiated by; the others are held at their value.
Call differentiable_part(const Row& row, const Tensors& inputs);
Tensors differentiable_inputs(const Row& row, const Tensors& inputs);

}  // namespace weft::op_table
