// tests/fuzz/target.cpp: seeds from the fixtures, files in memory, checks
#include "tests/fuzz/target.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "tests/fixtures/folder.h"

namespace weft::fuzz {

int64_t files_read = 0;

std::vector<Bytes> fixtures_ending(std::string_view folder, std::string_view ending) {
  constexpr uintmax_t kLarge = 16 << 10;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(test::fixtures() / folder))
    if (entry.path().string().ends_with(ending) && entry.file_size() <= kLarge) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Bytes> files;
  for (const std::filesystem::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    files.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return files;
}

int reads_or_refuses(const std::function<void()>& parse) {
  try {
    parse();
    ++files_read;
  } catch (const FileError& error) {
    must(std::string_view(error.what()).size() > 10, "an error says what is wrong");
  }
  return 0;
}

int reads_or_refuses_file(const uint8_t* bytes, size_t size,
                          const std::function<void(const std::string& path)>& parse) {
  const int file = memfd_create("fuzz", 0);
  must(file >= 0 && write(file, bytes, size) == static_cast<ssize_t>(size), "there is memory for a file");
  struct Closed {
    int file;
    ~Closed() { close(file); }
  } const closed{file};
  return reads_or_refuses([&] { parse("/proc/self/fd/" + std::to_string(file)); });
}

void must(bool holds, std::string_view what) {
  if (!holds) throw std::logic_error("this does not hold: " + std::string(what));
}

int64_t bytes_read(const Tensor& tensor) {
  const Tensor own = tensor.contiguous();
  const int64_t bytes = own.numel() * size_of(own.dtype());
  const auto* data = reinterpret_cast<const volatile uint8_t*>(own.raw_data());
  for (int64_t i = 0; i < bytes; ++i) (void)data[i];
  return bytes;
}

}  // namespace weft::fuzz
