// tests/fuzz/stroke_npz.cpp: drawings in NumPy's archives
#include "datasets/stroke_files.h"
#include "tensor/create.h"
#include "tensor/npz.h"
#include "tests/datasets/files.h"
#include "tests/fuzz/strokes.h"

namespace weft::fuzz {

std::vector<Bytes> seeds() {
  const test::TempFolder folder;
  const std::filesystem::path path = folder.path / "plain.npz";
  const TensorMap drawings{{"train", tensor<float>({0, 0, 0, 3, -4, 1, 0, 0, 0, 2, 2, 0, 1, 0, 1}, Shape{5, 3})},
                           {"train_lengths", tensor<int64_t>({2, 3})},
                           {"test", tensor<int32_t>({1, 2, 0, 3, 4, 1}, Shape{2, 3})},
                           {"test_lengths", tensor<int32_t>({2})}};
  std::vector<Bytes> files = fixtures_ending("npy", "drawings.npz");
  for (const Compress compress : {Compress::no, Compress::yes}) {
    save_npz(path, drawings, compress);
    std::ifstream file(path, std::ios::binary);
    files.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return files;
}

}  // namespace weft::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  return weft::fuzz::reads_or_refuses_file(
      bytes, size, [](const std::string& path) { weft::fuzz::check(weft::datasets::load_stroke_npz(path)); });
}
