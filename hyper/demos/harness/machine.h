// hyper/demos/harness/machine.h: what a run ran on
#pragma once
#include <cstdint>
#include <map>
#include <string>

namespace weft::demo {

/// Processor, cores, memory, system: name -> value, as far as they can be told.
std::map<std::string, std::string> machine_facts();
std::string compiler();
/// The most memory this process has held, in bytes.
int64_t peak_memory();

}  // namespace weft::demo
