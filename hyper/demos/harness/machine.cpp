// hyper/demos/harness/machine.cpp: what a run ran on
#include "hyper/demos/harness/machine.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <thread>

#include "tensor/backend.h"

namespace weft::demo {

std::map<std::string, std::string> machine_facts() {
  const double gib =
      static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 30);
  utsname system{};
  uname(&system);
  return {{"processor", backend_of(cpu).description()},
          {"cores", fmt::format("{}", std::thread::hardware_concurrency())},
          {"memory", fmt::format("{:.1f} GiB", gib)},
          {"system", fmt::format("{} {} {}", system.sysname, system.release, system.machine)}};
}

std::string compiler() {
#ifdef __clang__
  return "clang " __clang_version__;
#else
  return "gcc " __VERSION__;
#endif
}

int64_t peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<int64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace weft::demo
