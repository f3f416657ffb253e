// tests/fuzz/idx.cpp: IDX files, plain and gzip
#include "datasets/idx.h"

#include "tests/datasets/files.h"
#include "tests/fuzz/target.h"

namespace weft::fuzz {

std::vector<Bytes> seeds() {
  using test::operator+;
  const Bytes pixels(24, 7), bytes = test::idx_header(0x08, {2, 3, 4}) + pixels;
  return {bytes,
          test::gzip(bytes),
          test::idx_header(0x0C, {6}) + pixels,
          test::idx_header(0x0D, {1, 2, 3, 1}) + pixels,
          test::idx_header(0x0E, {3, 1}) + pixels,
          test::idx_header(0x08, {0, 5})};
}

}  // namespace weft::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  return weft::fuzz::reads_or_refuses_file(bytes, size, [](const std::string& path) {
    weft::fuzz::must(weft::fuzz::bytes_read(weft::datasets::load_idx(path)) >= 0, "elements can be read");
  });
}
