// backends/gpu/indexing.h: what gather and scatter share
#pragma once
#include <string_view>

#include "backends/gpu/layout.h"

namespace weft::WEFT_GPU {

/// Throws: an index outside 0 .. size-1, the size of x along `axis`. A kernel looks for the first one, and the answer
/// is waited for, so that nothing has changed.
void check_indices_on_card(std::string_view op, const Tensor& index, int64_t axis, int64_t size);

/// Calls f(TypeTag<Bits>{}) with the unsigned integer as large as an element, for kernels that only move elements.
template <class F>
void visit_bits(DType dtype, F&& f) {
  switch (size_of(dtype)) {
    case 1: return f(TypeTag<uint8_t>{});
    case 2: return f(TypeTag<uint16_t>{});
    case 4: return f(TypeTag<uint32_t>{});
    case 8: break;
  }
  f(TypeTag<uint64_t>{});
}

}  // namespace weft::WEFT_GPU
