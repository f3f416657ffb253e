// tests/fuzz/safetensors.cpp: safetensors files
#include "tensor/safetensors.h"

#include "tests/fuzz/target.h"

namespace weft::fuzz {

std::vector<Bytes> seeds() {
  std::vector<Bytes> files = fixtures_ending("ops", ".safetensors");
  for (const Bytes& bytes : fixtures_ending("", ".safetensors")) files.push_back(bytes);
  files.resize(std::min<size_t>(files.size(), 6));  // they are all alike
  const std::string header =
      R"({"__metadata__":{"k":"\u00e9\n"},"a":{"dtype":"BF16","shape":[2,1],"data_offsets":[0,4]},)"
      R"("b":{"dtype":"BOOL","shape":[],"data_offsets":[4,5]},"c":{"dtype":"I64","shape":[0,9],"data_offsets":[5,5]}} )";
  Bytes small{static_cast<uint8_t>(header.size()), 0, 0, 0, 0, 0, 0, 0};
  small.insert(small.end(), header.begin(), header.end());
  small.insert(small.end(), {0, 1, 2, 3, 1});
  files.push_back(small);
  return files;
}

}  // namespace weft::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace weft;
  return fuzz::reads_or_refuses([&] {
    const Safetensors read = parse_safetensors({reinterpret_cast<const std::byte*>(bytes), size}, "it", cpu);
    int64_t total = 0;
    for (const auto& [name, tensor] : read.tensors) total += fuzz::bytes_read(tensor);
    fuzz::must(total <= static_cast<int64_t>(size), "tensors are no larger than their file");
  });
}
