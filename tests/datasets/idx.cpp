// tests/datasets/idx.cpp: IDX files that are right, and how every damaged one is refused
#include "datasets/idx.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/datasets/files.h"

namespace weft::test {
namespace {

using datasets::load_idx;

Bytes image_bytes() {
  Bytes pixels(2 * 3 * 4);
  for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<uint8_t>(10 * i);
  return idx_header(0x08, {2, 3, 4}) + pixels;
}

Bytes noise(size_t count) {
  Bytes bytes(count);
  uint32_t state = 1;
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

Bytes flipped(Bytes bytes, size_t position) {
  bytes[position] ^= 0x10;
  return bytes;
}

/// The file, its bytes and the words that the error must hold.
struct Damaged {
  std::string name;
  Bytes bytes;
  std::vector<std::string> words;
};

std::vector<Damaged> damaged_plain_files() {
  const Bytes good = image_bytes();
  return {
      {"empty", {}, {"is empty", "hint: fetch it again"}},
      {"one byte", {0}, {"holds 1 of 4 bytes: truncated"}},
      {"three bytes", {0, 0, 8}, {"holds 3 of 4 bytes: truncated"}},
      {"magic only", {0, 0, 8, 3}, {"holds 4 of 16 bytes: truncated"}},
      {"sizes cut", cut(good, 15), {"holds 15 of 16 bytes: truncated"}},
      {"header only", cut(good, 16), {"holds 16 of 40 bytes: truncated", "hint: fetch it again"}},
      {"last byte missing", cut(good, 39), {"holds 39 of 40 bytes: truncated"}},
      {"one byte more", good + Bytes{0}, {"holds 41 bytes, its header says 40: trailing bytes"}},
      {"two files in one", good + good, {"holds 80 bytes, its header says 40: trailing bytes"}},
      {"first byte", {1, 0, 8, 1, 0, 0, 0, 0}, {"is no IDX file", "01 00"}},
      {"second byte", {0, 7, 8, 1, 0, 0, 0, 0}, {"is no IDX file", "00 07"}},
      {"html", {'<', 'h', 't', 'm', 'l', '>'}, {"is no IDX file", "3C 68"}},
      {"little-endian magic", {3, 8, 0, 0, 2, 0, 0, 0}, {"is no IDX file", "03 08"}},
      {"type 00", {0, 0, 0, 1, 0, 0, 0, 0}, {"type 00 is not one of 08 (uint8), 0C (int32)"}},
      {"type 09", {0, 0, 9, 1, 0, 0, 0, 0}, {"type 09 (int8) is not one of"}},
      {"type 0B", {0, 0, 0x0B, 1, 0, 0, 0, 0}, {"type 0B (int16) is not one of"}},
      {"type 0F", {0, 0, 0x0F, 1, 0, 0, 0, 0}, {"type 0F is not one of"}},
      {"type FF", {0, 0, 0xFF, 1, 0, 0, 0, 0}, {"type FF is not one of"}},
      {"rank 0", {0, 0, 8, 0}, {"rank 0 is not 1 to 4"}},
      {"rank 5", idx_header(8, {1, 1, 1, 1, 1}) + Bytes{0}, {"rank 5 is not 1 to 4"}},
      {"rank 255", {0, 0, 8, 255, 0, 0, 0, 1}, {"rank 255 is not 1 to 4"}},
      {"product wraps to 0",
       idx_header(8, {1u << 31, 1u << 31, 1u << 2}) + Bytes{0},
       {"more bytes than can be counted"}},
      {"product wraps by type", idx_header(0x0E, {1u << 31, 1u << 31}), {"more bytes than can be counted"}},
      {"header wraps", idx_header(8, {0x7FFFFFFF, 0x80000001, 2, 1}), {"more bytes than can be counted"}},
      {"largest sizes", idx_header(8, {~0u, ~0u, ~0u, ~0u}), {"[4294967295, 4294967295, 4294967295, 4294967295]"}},
      {"exabyte", idx_header(8, {1u << 30, 1u << 30}) + Bytes{1, 2}, {"holds 14 of 1152921504606846988 bytes"}},
      {"float32 half there", idx_header(0x0D, {2}) + Bytes{0, 0, 0, 0}, {"holds 12 of 16 bytes"}},
  };
}

std::vector<Damaged> damaged_gzip_files() {
  const Bytes good = image_bytes(), packed = gzip(good);
  Bytes two_members = packed + packed;
  return {
      {"gz magic only", {0x1F, 0x8B}, {"holds 0 of 4 bytes: truncated"}},
      {"gz header cut", cut(packed, 9), {"holds 0 of 4 bytes: truncated"}},
      {"gz cut in the data", cut(gzip(idx_header(8, {4096}) + noise(4096)), 2000), {"of 4104 bytes: truncated"}},
      {"gz checksum missing", cut(packed, packed.size() - 8), {"has no end: truncated"}},
      {"gz last byte missing", cut(packed, packed.size() - 1), {"has no end: truncated"}},
      {"gz checksum wrong", flipped(packed, packed.size() - 6), {"gzip stream is damaged after 40 bytes"}},
      {"gz length wrong", flipped(packed, packed.size() - 2), {"gzip stream is damaged after 40 bytes"}},
      {"gz method wrong", flipped(packed, 2), {"gzip stream is damaged after 0 bytes"}},
      {"gz trailing byte", packed + Bytes{0}, {"trailing bytes after the gzip stream"}},
      {"gz two members", two_members, {"trailing bytes after the gzip stream"}},
      {"gz inner trailing", gzip(good + Bytes{9}), {"holds more than the 40 bytes", "trailing bytes"}},
      {"gz inner truncated", gzip(cut(good, 39)), {"holds 39 of 40 bytes: truncated"}},
      {"gz inner header cut", gzip(cut(good, 7)), {"holds 7 of 16 bytes: truncated"}},
      {"gz inner empty", gzip({}), {"holds 0 of 4 bytes: truncated"}},
      {"gz inner magic", gzip({5, 5, 5, 5}), {"is no IDX file"}},
      {"gz in gz", gzip(packed), {"is no IDX file", "1F 8B"}},
      {"gz impossible size", gzip(idx_header(8, {~0u, 1000})), {"more than", "compressed bytes can hold"}},
      {"gz bomb inside", gzip(idx_header(8, {10}) + Bytes(1 << 24, 0)), {"holds more than the 18 bytes"}},
      {"gz bomb declared",
       gzip(idx_header(8, {80 << 20}) + Bytes(80 << 20, 0)),
       {"would inflate", "hint: if you trust it"}},
  };
}

void check_refused(const std::vector<Damaged>& files) {
  const TempFolder folder;
  for (const Damaged& file : files) {
    CAPTURE(file.name);
    const auto path = folder.write(file.name, file.bytes);
    const std::string message = thrown<FileError>([&] { load_idx(path); });
    CAPTURE(message);
    CHECK(message.rfind("load_idx: '" + path.string() + "': ", 0) == 0);
    for (const std::string& word : file.words) CHECK(message.find(word) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("load_idx reads every type, plain and compressed") {
  const TempFolder folder;
  const std::vector<std::pair<Bytes, std::vector<double>>> files{
      {idx_header(0x08, {3}) + Bytes{0, 128, 255}, {0, 128, 255}},
      {idx_header(0x0C, {2}) + Bytes{0, 0, 1, 2, 0xFF, 0xFF, 0xFF, 0xFE}, {258, -2}},
      {idx_header(0x0D, {2}) + Bytes{0x3F, 0xC0, 0, 0, 0xC0, 0, 0, 0}, {1.5, -2}},
      {idx_header(0x0E, {1, 1}) + Bytes{0xBF, 0xE0, 0, 0, 0, 0, 0, 0}, {-0.5}},
  };
  const std::vector<DType> dtypes{DType::uint8, DType::int32, DType::float32, DType::float64};
  for (size_t i = 0; i < files.size(); ++i) {
    CAPTURE(i);
    for (const Bytes& bytes : {files[i].first, gzip(files[i].first)}) {
      const Tensor y = load_idx(folder.write("file", bytes));
      CHECK(y.dtype() == dtypes[i]);
      CHECK(y.device() == cpu);
      CHECK(y.to_vector<double>() == files[i].second);
    }
  }
}

TEST_CASE("load_idx keeps the shape, ranks 1 to 4, and sizes of 0") {
  const TempFolder folder;
  const Tensor images = load_idx(folder.write("images", image_bytes()));
  CHECK(images.shape() == Shape{2, 3, 4});
  CHECK(images.at({1, 2, 3}) == 230);
  CHECK(images.at({0, 1, 0}) == 40);
  CHECK(load_idx(folder.write("four", idx_header(8, {1, 2, 1, 3}) + Bytes(6))).shape() == Shape{1, 2, 1, 3});
  CHECK(load_idx(folder.write("none", idx_header(8, {0, 28, 28}))).shape() == Shape{0, 28, 28});
  CHECK(load_idx(folder.write("none.gz", gzip(idx_header(8, {0, 28, 28})))).shape() == Shape{0, 28, 28});
}

TEST_CASE("load_idx refuses damaged plain files") { check_refused(damaged_plain_files()); }

TEST_CASE("load_idx refuses damaged gzip files") { check_refused(damaged_gzip_files()); }

TEST_CASE("load_idx refuses a file cut at any byte, plain or compressed") {
  const TempFolder folder;
  for (const Bytes& whole : {image_bytes(), gzip(image_bytes())})
    for (size_t size = 0; size < whole.size(); ++size) {
      CAPTURE(size);
      CHECK_THROWS_AS(load_idx(folder.write("cut", cut(whole, size))), FileError);
    }
}

TEST_CASE("load_idx survives any changed byte") {
  const TempFolder folder;
  const Bytes plain = image_bytes(), packed = gzip(plain);
  for (const Bytes& whole : {plain, packed})
    for (size_t i = 0; i < whole.size(); ++i)
      for (const uint8_t change : {0x01, 0x80, 0xFF}) {
        Bytes bytes = whole;
        bytes[i] ^= change;
        int64_t elements = 24;
        try {
          elements = load_idx(folder.write("changed", bytes)).numel();
        } catch (const FileError&) {  // the only other way out
        }
        CHECK(elements == 24);
      }
}

TEST_CASE("load_idx opens plain files only") {
  const TempFolder folder;
  const auto message = [](const std::filesystem::path& path) { return thrown<FileError>([&] { load_idx(path); }); };
  CHECK(message(folder.path / "missing").find("missing': no such file") != std::string::npos);
  CHECK(message(folder.path).find("is not a plain file") != std::string::npos);
  CHECK(message("/dev/zero").find("is not a plain file") != std::string::npos);
  const auto fifo = folder.path / "fifo";
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(message(fifo).find("is not a plain file") != std::string::npos);
  const auto loop = folder.path / "loop";
  std::filesystem::create_symlink(loop, loop);
  CHECK(message(loop).find("cannot be read: ") != std::string::npos);
}

}  // namespace weft::test
