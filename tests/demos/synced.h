// tests/demos/synced.h: which files this program asked the system to put on the disk
#pragma once
#include <string>
#include <vector>

namespace weft::demo_test {

/// Names, without folders, of what fsync and fdatasync were called on, in order.
std::vector<std::string>& synced();

}  // namespace weft::demo_test
