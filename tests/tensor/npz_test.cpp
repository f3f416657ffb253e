// tests/tensor/npz_test.cpp: archives of NumPy's, round trips, and archives made to hurt
#include "tensor/npz.h"

#include <doctest/doctest.h>
#include <zip.h>

#include "tensor/create.h"
#include "tests/fixtures/folder.h"
#include "tests/tensor/temp_folder.h"
#include "tests/tensor/throws.h"

using namespace weft;
namespace fs = std::filesystem;

namespace {

TensorMap parse_npz(const std::string& bytes, const NpzLimits& limits = {}) {
  return parse_npz(std::as_bytes(std::span(bytes)), "x.npz", reference, limits);
}

std::string saved(const TensorMap& tensors, Compress compress = Compress::no) {
  const TempFolder folder;
  save_npz(folder.path / "x.npz", tensors, compress);
  CHECK(folder.entries() == 1);
  return contents_of(folder.path / "x.npz");
}

/// An archive with one member whose content is given, packed by `method`, encrypted when `password` is set.
std::string archive_of(const std::string& name, const std::string& content, int method = ZIP_CM_STORE,
                       const char* password = nullptr) {
  const TempFolder folder;
  const std::string path = (folder.path / "x.zip").string();
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE, nullptr);
  REQUIRE(archive != nullptr);
  const zip_int64_t index =
      zip_file_add(archive, name.c_str(), zip_source_buffer(archive, content.data(), content.size(), 0), 0);
  REQUIRE(index == 0);
  REQUIRE(zip_set_file_compression(archive, 0, method, 0) == 0);
  if (password != nullptr) REQUIRE(zip_file_set_encryption(archive, 0, ZIP_EM_AES_256, password) == 0);
  REQUIRE(zip_close(archive) == 0);
  return contents_of(path);
}

/// `bytes` with every `from` replaced by `to`, of one length.
std::string replaced(std::string bytes, const std::string& from, const std::string& to) {
  REQUIRE(from.size() == to.size());
  for (size_t at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at + 1))
    bytes.replace(at, from.size(), to);
  return bytes;
}

std::string four_bytes(uint32_t value) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
  return bytes;
}

}  // namespace

TEST_CASE("npz: archives that NumPy wrote, stored and deflated") {
  for (const char* name : {"stored", "deflated"}) {
    const TensorMap tensors = load_npz(weft::test::fixtures() / "npy" / fmt::format("{}.npz", name));
    REQUIRE(tensors.size() == 3);
    CHECK(tensors.at("weight").shape() == Shape{2, 3});
    CHECK(tensors.at("weight").dtype() == DType::float32);
    CHECK(tensors.at("weight").to_vector<double>() == std::vector<double>{0, 1, 2, 3, 4, 5});
    CHECK(tensors.at("layer.0.bias").numel() == 100);
    CHECK(tensors.at("step").item<int64_t>() == 7);
  }
}

TEST_CASE("npz: what is written is read; the same tensors give the same bytes") {
  for (const Compress compress : {Compress::no, Compress::yes}) {
    const int64_t many = compress == Compress::no ? 700'001 : 1000;  // 5.6 MB: more than is read or written at a time
    const TensorMap tensors = {{"a/b", tensor<float>({1, 2, 3, 4}, Shape{2, 2}).transpose()},
                               {"\xC3\xA9", tensor<bool>({true})},
                               {"empty", zeros({0, 3})},
                               {"many", arange(0, many)}};
    const std::string bytes = saved(tensors, compress);
    CHECK(saved(tensors, compress) == bytes);
    CHECK((static_cast<int64_t>(bytes.size()) > 8 * many) == (compress == Compress::no));
    const TensorMap back = parse_npz(bytes);
    REQUIRE(back.size() == tensors.size());
    for (const auto& [name, x] : tensors) {
      CHECK(back.at(name).shape() == x.shape());
      CHECK(back.at(name).dtype() == x.dtype());
      CHECK(back.at(name).to_vector<double>() == x.to_vector<double>());
    }
  }
}

TEST_CASE("npz: archives that are damaged or not meant for us are refused") {
  const std::string good = saved({{"a", arange(0, 100)}}, Compress::yes);
  const std::string stored = saved({{"abc", arange(0, 100)}, {"abd", arange(0, 100)}});
  CHECK_FAILS(parse_npz(""), "is no sound zip archive");
  CHECK_FAILS(parse_npz("\x93NUMPY no zip"), "is no sound zip archive");
  CHECK_FAILS(parse_npz(archive_of("readme.txt", "hello")), "member 'readme.txt' is no npy file by its name");
  CHECK_FAILS(parse_npz(archive_of(".npy", "hello")), "is no npy file by its name");
  CHECK_FAILS(parse_npz(archive_of("a.npy", "hello")), "'x.npz/a.npy': the magic number needs 8 bytes");
  CHECK_FAILS(parse_npz(archive_of("a.npy", "hello hello")), "'x.npz/a.npy': is no npy file");
  CHECK_FAILS(parse_npz(archive_of("a.npy", "hello", ZIP_CM_STORE, "secret")), "member 'a.npy' is encrypted");
  CHECK_FAILS(parse_npz(archive_of("a.npy", std::string(100, 'x'), ZIP_CM_BZIP2)), "is packed by method 12");
  CHECK_FAILS(parse_npz(replaced(stored, "abd.npy", "abc.npy")), "is no sound zip archive");
  std::string flipped = stored;
  flipped[300] = static_cast<char>(flipped[300] ^ 1);
  CHECK_FAILS(parse_npz(flipped), "cannot be unpacked: CRC error");
  std::string unpackable = good;
  unpackable[30 + 5] = 7;  // behind header and name: a block of deflate's fourth kind, which there is not
  CHECK_FAILS(parse_npz(unpackable), "cannot be unpacked: Zlib error");
  for (size_t size = 0; size < good.size(); size += 7) CHECK_THROWS_AS(parse_npz(good.substr(0, size)), FileError);
}

TEST_CASE("npz: sizes that are lies, and more than is allowed") {
  const std::string bomb = saved({{"zeros", zeros({1 << 20})}}, Compress::yes);
  CHECK(bomb.size() < 10'000);
  CHECK(parse_npz(bomb).at("zeros").numel() == 1 << 20);
  CHECK_FAILS(parse_npz(bomb, {.unpacked_bytes = 1 << 20}), "unpack to more than 1048576 bytes");
  CHECK_FAILS(parse_npz(bomb, {.header_bytes = 16}), "at most 16 are allowed");
  CHECK_FAILS(parse_npz(bomb, {.name_bytes = 8}), "has a name of 9 bytes; at most 8");
  CHECK_FAILS(parse_npz(saved({{"a", ones({1})}, {"b", ones({1})}}), {.members = 1}), "has 2 members; at most 1");
  const uint32_t true_size = (4 << 20) + 128;
  CHECK_FAILS(parse_npz(replaced(bomb, four_bytes(true_size), four_bytes(0xFFFFFF00))), "packed ones cannot hold");
  CHECK_FAILS(parse_npz(replaced(bomb, four_bytes(true_size), four_bytes(true_size + 4))), "the file holds 4194308");
  CHECK_FAILS(parse_npz(replaced(bomb, four_bytes(true_size), four_bytes(true_size - 4))), "the file holds 4194300");
}

TEST_CASE("npz: a failed save leaves the folder as it was") {
  const TempFolder folder;
  const fs::path path = folder.path / "x.npz";
  CHECK_FAILS(save_npz(path, {}), "there are no tensors");
  CHECK_FAILS(save_npz(path, {{"a", Tensor()}}), "x.npz/a': the tensor is undefined");
  CHECK_FAILS(save_npz(path, {{"a", ones({1}).to(DType::bfloat16)}}), "x.npz/a': NumPy has no type for bfloat16");
  CHECK_FAILS(save_npz(path, {{"", ones({1})}}), "cannot name a tensor");
  CHECK_FAILS(save_npz(path, {{"a\n", ones({1})}}), "holds control character 10");
  CHECK_FAILS(save_npz(path, {{"\xFF", ones({1})}}), "the name '\xFF.npy' cannot be used: Invalid argument");
  CHECK_FAILS(save_npz(path, {{std::string(2000, 'n'), ones({1})}}), "cannot name a tensor");
  CHECK_FAILS(save_npz(folder.path, {{"a", ones({1})}}), "is not a plain file");
  CHECK(folder.entries() == 0);
}
