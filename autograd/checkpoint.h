// autograd/checkpoint.h: memory bought with time, a segment computed again on the way back
#pragma once
#include <functional>
#include <vector>

#include "autograd/variable.h"

namespace weft {

using Segment = std::function<Variable(const std::vector<Variable>& inputs)>;

/// segment(inputs), of which only `inputs` are saved (Chen et al., *Training Deep Nets with Sublinear Memory Cost*,
/// arXiv 1604.06174). A walk computes the segment again and takes its derivative then. Leaves used inside (parameters)
/// get their gradients; a value recorded outside must come in as an input. Segments may hold segments.
///
/// The segment runs twice: counters and running statistics inside move on twice. Random streams do not: each stream
/// that the segment draws from, on the calling thread, is found, and set back for the second run, so that dropout draws
/// the same mask; afterwards it stands where it stood before.
///
/// On a tape with higher_order the segment is recorded as it stands, without saving memory: derivatives of any order
/// are right. On any other tape CreateGraph::yes through it throws, naming that remedy. Throws: as the segment; during
/// the walk: an input or a leaf used inside was changed in place or replaced since, or the segment computed another
/// shape or dtype, or drew from other streams, the second time.
Variable checkpoint(const Segment& segment, const std::vector<Variable>& inputs);

}  // namespace weft
