// tests/demos/synced.cpp: stands before the system's fsync and fdatasync
#include "tests/demos/synced.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>

namespace weft::demo_test {
namespace {

int noted(int descriptor, long call) {
  std::error_code unnamed;
  const std::filesystem::path file =
      std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor), unnamed);
  synced().push_back(file.filename());
  return static_cast<int>(syscall(call, descriptor));
}

}  // namespace

std::vector<std::string>& synced() {
  static std::vector<std::string> files;
  return files;
}

}  // namespace weft::demo_test

extern "C" int fsync(int descriptor) { return weft::demo_test::noted(descriptor, SYS_fsync); }
extern "C" int fdatasync(int descriptor) { return weft::demo_test::noted(descriptor, SYS_fdatasync); }
