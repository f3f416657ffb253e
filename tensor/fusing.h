// tensor/fusing.h: whether a function may run as one kernel, or only as the primitives that it is made of
#pragma once

namespace weft {

/// One process-wide setting, on at the start. While it is off no fused kernel runs and no fused record is made: each
/// primitive has a record of its own, for teaching and for finding faults. Results agree up to rounding.
void set_fusing(bool on);
bool fusing();

}  // namespace weft
