// tests/fuzz/driver.cpp: runs a fuzz target on its seeds and on mutations of them, the same ones every time
//
//   fuzz_npy --runs 100000 --seed 7    mutations 0 to 99,999 of seed 7
//   fuzz_npy --runs 1 --from 4711      one of them again
//   fuzz_npy --write-seeds DIR         for libFuzzer
//   fuzz_npy FILE...                   these files
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <random>
#include <string>

#include "tests/fuzz/target.h"

namespace weft::fuzz {
namespace {

constexpr unsigned kSlow = 20;  // seconds for one file

/// One random way of damaging a file after the other.
class Mutator {
 public:
  Mutator(uint64_t seed, uint64_t run) : engine_(seed * 0x9E3779B97F4A7C15 + run) {}

  Bytes mutated(const std::vector<Bytes>& files) {
    Bytes bytes = files[below(files.size())];
    for (size_t n = 1 + below(6); n > 0; --n) {
      if (bytes.empty()) bytes.push_back(0);
      change(bytes, files[below(files.size())]);
    }
    return bytes;
  }

 private:
  size_t below(size_t bound) { return engine_() % bound; }
  uint8_t byte() { return static_cast<uint8_t>(engine_()); }

  void change(Bytes& bytes, const Bytes& other) {
    const size_t at = below(bytes.size()), length = std::min(1 + below(1 + below(64)), bytes.size() - at);
    const auto place = bytes.begin() + static_cast<ptrdiff_t>(at), end = place + static_cast<ptrdiff_t>(length);
    switch (below(9)) {
      case 0: bytes[at] ^= static_cast<uint8_t>(1 << below(8)); return;
      case 1: bytes[at] = byte(); return;
      case 2: write_number(bytes, at); return;
      case 3: bytes.erase(place, end); return;
      case 4: {
        const Bytes copy(place, end);
        bytes.insert(bytes.begin() + static_cast<ptrdiff_t>(below(bytes.size())), copy.begin(), copy.end());
        return;
      }
      case 5: bytes.insert(place, byte()); return;
      case 6: bytes.resize(at); return;
      case 7: {  // the end of another file
        const size_t from = below(other.size() + 1);
        bytes.resize(at);
        bytes.insert(bytes.end(), other.begin() + static_cast<ptrdiff_t>(from), other.end());
        return;
      }
      case 8: {
        const auto digit = std::find_if(place, bytes.end(), [](uint8_t c) { return c >= '0' && c <= '9'; });
        if (digit == bytes.end()) return;
        const std::string_view number = kTexts[below(kTexts.size())];
        bytes.insert(bytes.erase(digit), number.begin(), number.end());
        return;
      }
    }
  }

  /// 1, 2, 4 or 8 bytes of a number at which something overflows, in either order.
  void write_number(Bytes& bytes, size_t at) {
    constexpr std::array<uint64_t, 9> kEdges{
        0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, ~uint64_t{0} >> 1};
    const uint64_t number = kEdges[below(kEdges.size())] + below(3) - 1;
    const size_t width = size_t{1} << below(4);
    const bool big_endian = below(2) == 0;
    for (size_t i = 0; i < width && at + i < bytes.size(); ++i)
      bytes[at + i] = static_cast<uint8_t>(number >> 8 * (big_endian ? width - 1 - i : i));
  }

  static constexpr std::array<std::string_view, 8> kTexts{
      "-1", "1e999", "2147483648", "4294967296", "9223372036854775807", "18446744073709551616", "nan", "0.5"};
  std::mt19937_64 engine_;
};

std::string repeat;  // how to run what is running again

extern "C" void on_crash(int signal) {
  (void)!write(STDERR_FILENO, repeat.data(), repeat.size());
  std::signal(signal, SIG_DFL);
  raise(signal);
}

/// More memory than this beside what the process has is a file that takes it.
void limit_memory() {
  constexpr rlim_t kMost = rlim_t{512} << 20;
  unsigned long pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlim_t most = pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + kMost;
  const rlimit limit{most, most};
  setrlimit(RLIMIT_AS, &limit);
}

/// Whether the target took it well.
bool run(const Bytes& bytes, const std::string& how) {
  repeat = "fuzz: crash or " + std::to_string(kSlow) + " s; again by " + how + "\n";
  alarm(kSlow);
  try {
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    return true;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fuzz: %s; again by %s\n", error.what(), how.c_str());
    return false;
  }
}

int run_files(const std::vector<std::string>& paths) {
  int failed = 0;
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    failed += !run(Bytes(std::istreambuf_iterator<char>(file), {}), path);
  }
  return failed;
}

void write_seeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  int number = 0;
  for (const Bytes& bytes : seeds())
    std::ofstream(folder / std::to_string(number++), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

int run_mutations(uint64_t seed, uint64_t from, uint64_t runs) {
  const std::vector<Bytes> files = seeds();
  must(!files.empty(), "there are seeds");
  int failed = 0;
  for (size_t i = 0; i < files.size(); ++i) failed += !run(files[i], "--runs 0 (seed file " + std::to_string(i) + ")");
  must(files_read > 0, "a seed is read");
  files_read = 0;
  for (uint64_t i = from; i < from + runs && failed < 10; ++i)
    failed += !run(Mutator(seed, i).mutated(files),
                   "--seed " + std::to_string(seed) + " --from " + std::to_string(i) + " --runs 1");
  std::printf("fuzz: %zu seeds, %llu mutations, %lld of them read, %d failed\n", files.size(),
              static_cast<unsigned long long>(runs), static_cast<long long>(files_read), failed);
  must(runs < 1000 || files_read > 0, "a mutation is read");  // else nothing behind the first check was tried
  return failed;
}

}  // namespace
}  // namespace weft::fuzz

int main(int argc, char** argv) {
  using namespace weft::fuzz;
  uint64_t seed = 1, from = 0, runs = 0;
  std::vector<std::string> paths;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i], value = i + 1 < argc ? argv[i + 1] : "";
    uint64_t* number = word == "--seed" ? &seed : word == "--from" ? &from : word == "--runs" ? &runs : nullptr;
    if (word == "--write-seeds" && !value.empty()) {
      write_seeds(value);
      return 0;
    }
    if (number == nullptr) paths.push_back(word);
    else if (std::from_chars(value.data(), value.data() + value.size(), *number).ptr != value.data() + value.size() ||
             value.empty()) {
      std::fprintf(stderr, "fuzz: %s needs a number\n", word.c_str());
      return 2;
    } else ++i;
  }
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGALRM}) std::signal(signal, on_crash);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  limit_memory();
#endif
  return (paths.empty() ? run_mutations(seed, from, runs) : run_files(paths)) == 0 ? 0 : 1;
}
