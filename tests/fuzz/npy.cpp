// tests/fuzz/npy.cpp: NumPy's files of one array
#include "tensor/npy.h"

#include "tests/fuzz/target.h"

std::vector<weft::fuzz::Bytes> weft::fuzz::seeds() { return fixtures_ending("npy", ".npy"); }

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace weft;
  return fuzz::reads_or_refuses([&] {
    const Tensor read = parse_npy({reinterpret_cast<const std::byte*>(bytes), size}, "it", cpu);
    fuzz::must(fuzz::bytes_read(read) <= static_cast<int64_t>(size), "an array is no larger than its file");
  });
}
