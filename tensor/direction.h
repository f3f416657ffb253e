// tensor/direction.h: which way scans and sorts go
#pragma once
#include <cstdint>

namespace weft {

/// A scan goes from the first element to the last, or back.
enum class From : uint8_t { first, last };
enum class SortOrder : uint8_t { ascending, descending };

}  // namespace weft
