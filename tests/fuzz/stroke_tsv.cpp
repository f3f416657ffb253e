// tests/fuzz/stroke_tsv.cpp: drawings in text tables
#include <cmath>

#include "datasets/stroke_files.h"
#include "tests/fuzz/strokes.h"

std::vector<weft::fuzz::Bytes> weft::fuzz::seeds() {
  return {bytes_of("train\ta\t0,0,0 3,-4,0 1.5,2e3,1\nvalid\t\t1,1,0 2,2,1\ntest\tb c\t-1,0,1 0,0,1\n"),
          bytes_of("all\tx\t0,0,1 3,4,1 5,6,0\r\nall\ty\t9,9,1 1,1,0\r\n\r\nall\tz\t0,0,0 1,1,0")};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace weft::datasets;
  const auto kind = size % 2 == 0 ? StrokePoints::offsets : StrokePoints::absolute;
  return weft::fuzz::reads_or_refuses_file(
      bytes, size, [kind](const std::string& path) { weft::fuzz::check(load_stroke_tsv(path, kind)); });
}
