// tensor/fusing.h: whether a function may run as one kernel, or only as the primitives that it is made of
#pragma once

namespace weft {

/// One process-wide setting, on at the start. While it is off every function that records does so in its composed form,
/// a record for each primitive, and log_softmax and Adam run as the primitives they are made of: for teaching and for
/// finding faults. Results agree up to rounding. Tensor functions that are one fused kernel, as those of tensor/lstm.h,
/// stay what they are.
void set_fusing(bool on);
bool fusing();

}  // namespace weft
