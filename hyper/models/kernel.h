// hyper/models/kernel.h: where a model's weights come from
#pragma once

namespace weft::hyper {

/// Learnt themselves, or made by a network that is learnt.
enum class Kernel : bool { free, generated };

}  // namespace weft::hyper
