// tests/tensor/safetensors_test.cpp: round trips, legal files, and what reading and writing do to the file system
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "tensor/create.h"
#include "tests/tensor/safetensors_bytes.h"
#include "tests/tensor/temp_folder.h"
#include "tests/tensor/throws.h"

using namespace weft;
namespace fs = std::filesystem;

namespace {

bool same_bytes(const Tensor& a, const Tensor& b) {
  const auto bytes = static_cast<size_t>(a.numel() * size_of(a.dtype()));
  return a.numel() == b.numel() && (bytes == 0 || std::memcmp(a.raw_data(), b.raw_data(), bytes) == 0);
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("safetensors: every dtype, 0-dim and empty tensors and metadata come back as they were") {
  const TempFolder folder;
  const fs::path path = folder.path / "m.safetensors";
  const TensorMap tensors = {
      {"bool", tensor<bool>({true, false, true})},
      {"uint8", tensor<uint8_t>({0, 7, 255})},
      {"int32", tensor<int32_t>({-2147483647, 0, 5}, Shape{3, 1})},
      {"int64", tensor<int64_t>({-9007199254740993, 9007199254740993})},
      {"float32", tensor<float>({1.5f, -0.0f, 1e-45f, 3e38f}, Shape{2, 2})},
      {"float64", tensor<double>({0.1, -1e-300, 1e300})},
      {"scalar", scalar(2.25)},
      {"empty", zeros({3, 0, 2})},
      {"../../etc/x \xC3\xA9", ones({1})},
  };
  const std::map<std::string, std::string> metadata = {{"format", "pt"}, {"quote", "\"\\\n\x01"}, {"", ""}};
  save_safetensors(path, tensors, metadata);
  CHECK(folder.entries() == 1);
  const Safetensors loaded = load_safetensors(path);
  CHECK(loaded.metadata == metadata);
  REQUIRE(loaded.tensors.size() == tensors.size());
  for (const auto& [name, saved] : tensors) {
    CAPTURE(name);
    const Tensor& back = loaded.tensors.at(name);
    CHECK(back.dtype() == saved.dtype());
    CHECK(back.shape() == saved.shape());
    CHECK(back.device() == default_device());
    CHECK(same_bytes(back, saved));
  }
  CHECK(load_safetensors(path, reference).tensors.at("float64").device() == reference);
}

TEST_CASE("safetensors: NaN keeps its bits, and a transposed tensor is written in its own order") {
  const TempFolder folder;
  const fs::path path = folder.path / "m.safetensors";
  const Tensor matrix = tensor<float>({1, 2, 3, 4, 5, 6}, Shape{2, 3});
  save_safetensors(path, {{"nan", tensor<float>({std::nanf("7"), INFINITY})}, {"t", matrix.transpose()}});
  const Safetensors loaded = load_safetensors(path);
  CHECK(loaded.tensors.at("t").shape() == Shape{3, 2});
  CHECK(loaded.tensors.at("t").to_vector<float>() == std::vector<float>{1, 4, 2, 5, 3, 6});
  const float nan = std::nanf("7");
  CHECK(std::memcmp(loaded.tensors.at("nan").raw_data(), &nan, 4) == 0);
}

TEST_CASE("safetensors: a tensor larger than one chunk of the reader comes back") {
  const TempFolder folder;
  const fs::path path = folder.path / "m.safetensors";
  const Tensor large = arange(0, 700'001);  // 5.6 MB
  save_safetensors(path, {{"large", large}});
  const Tensor back = load_safetensors(path).tensors.at("large");
  CHECK(same_bytes(back, large));
}

TEST_CASE("safetensors: the file's bytes are those of the format") {
  const TempFolder folder;
  const fs::path path = folder.path / "m.safetensors";
  save_safetensors(path, {{"b", tensor<uint8_t>({1, 2})}, {"a", tensor<uint8_t>({3})}, {"z", tensor<int64_t>({4})}},
                   {{"k", "v"}});
  const std::string json =
      R"({"__metadata__":{"k":"v"},"z":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},)"
      R"("a":{"dtype":"U8","shape":[1],"data_offsets":[8,9]},"b":{"dtype":"U8","shape":[2],"data_offsets":[9,11]}})";
  const std::string padded = json + std::string((8 - json.size() % 8) % 8, ' ');
  CHECK(contents_of(path) == length_prefix(padded.size()) + padded + std::string("\4\0\0\0\0\0\0\0\3\1\2", 11));
  save_safetensors(path, {});
  CHECK(contents_of(path) == length_prefix(8) + "{}      ");
  CHECK(load_safetensors(path).tensors.empty());
}

TEST_CASE("safetensors: unusual but legal files load") {
  CHECK(parse(bytes_at({{4, 8}, {0, 4}}, 8)).tensors.size() == 2);  // data in another order than the names
  CHECK(parse(bytes_at({{0, 4}, {4, 4}, {4, 4}}, 4)).tensors.size() == 3);
  CHECK(parse(one_tensor("\"F32\"", "[0,4611686018427387904]", "[0,0]", 0)).tensors.at("a").numel() == 0);
  CHECK(parse(one_tensor("\"F32\"", "[]", "[0,4]", 4)).tensors.at("a").rank() == 0);
  CHECK(parse(file_of("{ \"__metadata__\" :\n{ } }   ")).metadata.empty());
  CHECK(parse(file_of(R"({"\u0061":{"shape":[0],"data_offsets":[0,0],"dtype":"U8"}})")).tensors.contains("a"));
}

TEST_CASE("safetensors: limits can be set") {
  const std::string two = bytes_at({{0, 1}, {1, 2}}, 2);
  CHECK_NOTHROW(parse(two));
  CHECK(has(error_of([&] { parse(two, {.tensors = 1}); }), "names more than 1 tensors"));
  CHECK(has(error_of([&] { parse(two, {.header_bytes = 16}); }), "at most 16 are allowed"));
  CHECK(has(error_of([&] { parse(file_of(R"({"__metadata__":{"k":"123"}})"), {.metadata_bytes = 3}); }),
            "__metadata__ holds more than 3 bytes"));
  CHECK_NOTHROW(parse(file_of("{\"" + std::string(2000, 'n') + R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})"),
                      {.name_bytes = 2000}));
}

TEST_CASE("safetensors: only plain files are read") {
  const TempFolder folder;
  CHECK(has(error_of([&] { load_safetensors(folder.path); }), "is a folder"));
  CHECK(has(error_of([&] { load_safetensors(folder.path / "missing"); }), "No such file"));
  CHECK(has(error_of([] { load_safetensors("/dev/zero"); }), "is not a plain file"));
  const fs::path pipe = folder.path / "pipe", loop = folder.path / "loop", sparse = folder.path / "sparse";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(has(error_of([&] { load_safetensors(pipe); }), "is not a plain file"));
  fs::create_symlink(loop, loop);
  CHECK(has(error_of([&] { load_safetensors(loop); }), "cannot open"));
  std::ofstream(sparse) << "";
  fs::resize_file(sparse, 1LL << 40);
  CHECK(has(error_of([&] { load_safetensors(sparse); }), "does not start with '{'"));
}

TEST_CASE("safetensors: a failed save leaves the folder as it was") {
  const TempFolder folder;
  const TensorMap tensors = {{"a", ones({2})}};
  CHECK(has(error_of([&] { save_safetensors(folder.path / "missing" / "m", tensors); }), "No such file"));
  CHECK(folder.entries() == 0);

  const fs::path path = folder.path / "m";
  save_safetensors(path, tensors);
  const std::string before = contents_of(path);
  CHECK(has(error_of([&] { save_safetensors(path, {{"\xFF", ones({2})}}); }), "is not valid UTF-8"));
  CHECK(has(error_of([&] { save_safetensors(path, tensors, {{"k", "\xFF"}}); }), "is not valid UTF-8"));
  CHECK(has(error_of([&] { save_safetensors(path, {{"a\nb", ones({2})}}); }), "holds control character 10"));
  CHECK(has(error_of([&] { save_safetensors(path, {{"__metadata__", ones({2})}}); }), "cannot name a tensor"));
  CHECK(has(error_of([&] { save_safetensors(path, {{"", ones({2})}}); }), "cannot name a tensor"));
  CHECK(has(error_of([&] { save_safetensors(path, {{"a", Tensor()}}); }), "tensor 'a' is undefined"));
  CHECK(contents_of(path) == before);
  CHECK(folder.entries() == 1);

  fs::create_directory(folder.path / "d");
  CHECK(has(error_of([&] { save_safetensors(folder.path / "d", tensors); }), "is not a plain file"));
  CHECK(folder.entries() == 2);
  save_safetensors(path, {{"b", zeros({1})}});  // replaces
  CHECK(load_safetensors(path).tensors.contains("b"));
}

TEST_CASE("safetensors: where the folder cannot be synced the old file stays") {
  if (::geteuid() == 0) return;  // root may read every folder
  const TempFolder folder;
  const fs::path path = folder.path / "m";
  save_safetensors(path, {{"a", ones({2})}});
  const std::string before = contents_of(path);
  fs::permissions(folder.path, fs::perms::owner_write | fs::perms::owner_exec);
  CHECK(has(error_of([&] { save_safetensors(path, {{"b", zeros({1})}}); }), "cannot open its folder: Permission"));
  fs::permissions(folder.path, fs::perms::owner_all);
  CHECK(contents_of(path) == before);
  CHECK(folder.entries() == 1);
}

TEST_CASE("safetensors: a file behind symbolic links is replaced, and the links stay") {
  const TempFolder folder;
  fs::create_directory(folder.path / "deep");
  fs::create_symlink("deep/model", folder.path / "link");
  fs::create_symlink(folder.path / "link", folder.path / "absolute");
  for (const char* name : {"link", "absolute", "link"}) {  // the first save finds a link to nothing
    const Tensor x = full({2}, static_cast<double>(std::string_view(name).size()));
    save_safetensors(folder.path / name, {{"x", x}});
    CHECK(fs::is_symlink(folder.path / name));
    CHECK(load_safetensors(folder.path / "deep/model").tensors.at("x").at({1}) == x.at({1}));
  }
  CHECK(folder.entries() == 3);
  fs::create_symlink("round", folder.path / "round");
  CHECK_FAILS(save_safetensors(folder.path / "round", {{"x", ones({1})}}), "round': leads through more than 40");
}
