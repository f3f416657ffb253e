// tests/fuzz/npz.cpp: NumPy's archives
#include "tensor/npz.h"

#include "tests/fuzz/target.h"

std::vector<weft::fuzz::Bytes> weft::fuzz::seeds() { return fixtures_ending("npy", ".npz"); }

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace weft;
  constexpr int64_t kMost = 16 << 20;
  return fuzz::reads_or_refuses([&] {
    int64_t total = 0;
    for (const auto& [name, tensor] :
         parse_npz({reinterpret_cast<const std::byte*>(bytes), size}, "it", cpu, {.unpacked_bytes = kMost}))
      total += fuzz::bytes_read(tensor);
    fuzz::must(total <= kMost, "arrays are no larger than was allowed");
  });
}
