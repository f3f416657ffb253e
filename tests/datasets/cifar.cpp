// tests/datasets/cifar.cpp: records, folders, classes; what is no CIFAR file
#include "datasets/cifar.h"

#include <doctest/doctest.h>

#include <cstdio>

#include "tests/datasets/files.h"

namespace weft::test {
namespace {

using namespace datasets;

/// Records whose pixel (c, i, j) of record n is n + 50 c + i, and whose last label byte is n % classes.
Bytes records(int64_t count, int64_t label_bytes, int64_t classes = 10) {
  Bytes bytes;
  for (int64_t n = 0; n < count; ++n) {
    if (label_bytes == 2) bytes.push_back(static_cast<uint8_t>(n % 20));
    bytes.push_back(static_cast<uint8_t>(n % classes));
    for (int64_t c = 0; c < 3; ++c)
      for (int64_t i = 0; i < 32 * 32; ++i) bytes.push_back(static_cast<uint8_t>(n + 50 * c + i / 32));
  }
  return bytes;
}

std::string refusal10(const std::filesystem::path& path) {
  return thrown<FileError>([&] { load_cifar10_file(path); });
}

/// Decompresses `file` with the system's xz; empty when there is none.
Bytes unxz(const std::filesystem::path& file) {
  Bytes bytes;
  FILE* pipe = popen(("xz -dc '" + file.string() + "' 2>/dev/null").c_str(), "r");
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) bytes.push_back(static_cast<uint8_t>(c));
  return pclose(pipe) == 0 ? bytes : Bytes();
}

}  // namespace

TEST_CASE("CIFAR-10: a file of records, plain and gzip") {
  const TempFolder folder;
  for (const auto& path : {folder.write("some.bin", records(3, 1)), folder.write("z.bin", gzip(records(3, 1)))}) {
    const LabelledImages set = load_cifar10_file(path);
    CHECK(set.name == "CIFAR-10");
    CHECK(set.images.shape() == Shape{3, 3, 32, 32});
    CHECK(set.images.dtype() == DType::uint8);
    CHECK(set.labels.to_vector<int64_t>() == std::vector<int64_t>{0, 1, 2});
    CHECK(set.images.at<int64_t>({2, 0, 5, 31}) == 7);    // red first
    CHECK(set.images.at<int64_t>({2, 2, 31, 0}) == 133);  // then green, blue
    CHECK(set.classes[9] == "truck");
  }
}

TEST_CASE("CIFAR-100: fine and coarse labels") {
  const TempFolder folder;
  const auto path = folder.write("train.bin", records(60, 2, 100));
  const LabelledImages fine = load_cifar100_file(path), coarse = load_cifar100_file(path, CifarLabels::coarse);
  CHECK(fine.labels.at<int64_t>({57}) == 57);
  CHECK(coarse.labels.at<int64_t>({57}) == 17);
  CHECK(fine.classes.size() == 100);
  CHECK(coarse.classes.size() == 20);
  CHECK(fine.classes[0] == "apple");
  CHECK(fine.classes[99] == "worm");
  CHECK(fine.images.at<int64_t>({1, 1, 0, 0}) == 51);
}

TEST_CASE("CIFAR folders: batches in order, subfolders, a part of the files, recognised only when whole") {
  const TempFolder folder;
  folder.write("cifar10/data_batch_2.bin", records(2, 1));
  folder.write("cifar10/data_batch_1.bin", records(3, 1));
  TrainTest sets = load_cifar10(folder.path.string());
  CHECK(sets.train.labels.to_vector<int64_t>() == std::vector<int64_t>{0, 1, 2, 0, 1});
  CHECK(sets.train.images.at<int64_t>({4, 0, 0, 0}) == 1);
  CHECK(sets.test.size() == 0);
  CHECK_FALSE(sets.recognised);
  CHECK(sets.train.name == "cifar10");
  folder.write("cifar10/test_batch.bin", records(4, 1));
  sets = load_cifar10((folder.path / "cifar10").string());
  CHECK(sets.test.size() == 4);
  folder.write("cifar-100-binary/train.bin", records(5, 2));
  folder.write("cifar-100-binary/test.bin", records(1, 2));
  CHECK(load_cifar100(folder.path.string()).train.size() == 5);
  CHECK(load_cifar100(folder.path.string(), CifarLabels::coarse).test.classes[0] == "aquatic_mammals");
}

TEST_CASE("CIFAR: what is refused") {
  const TempFolder folder;
  const auto holds = [](const std::string& text, const std::string& words) {
    INFO(text);
    CHECK(text.find(words) != std::string::npos);
  };
  holds(refusal10(folder.write("cut.bin", cut(records(2, 1), 6145))), "6145 bytes are not whole records of 3073");
  holds(refusal10(folder.write("label.bin", records(12, 1, 11))),
        "label 10 of record 10 is out of range: there are 10");
  holds(refusal10(folder.path / "none.bin"),
        "load_cifar10_file: '" + folder.path.string() + "/none.bin': no such file");
  holds(refusal10(folder.write("empty.bin", {})), "is empty");
  holds(refusal10(folder.write("cut.gz", cut(gzip(records(2, 1)), 60))), "the gzip stream has no end");
  holds(refusal10(folder.write("tail.gz", gzip(records(2, 1)) + Bytes{1})), "trailing bytes after the gzip stream");
  holds(refusal10(folder.write("bomb.gz", gzip(Bytes(size_t{65} << 20)))), "inflates from ");
  holds(thrown<FileError>([&] { load_cifar100_file(folder.path / "cut.bin"); }), "not whole records of 3074");
  holds(thrown<FileError>([&] { load_cifar10(folder.path.string()); }),
        "load_cifar10: CIFAR-10 not found; looked in '" + folder.path.string() + "', '");
  holds(thrown<FileError>([&] { load_cifar100(folder.path.string()); }), "place train.bin and test.bin of the binary");
  const auto loop = folder.path / "data_batch_1.bin";
  std::filesystem::create_symlink(loop, loop);
  holds(thrown<FileError>([&] { load_cifar10(folder.path.string()); }), "Too many levels of symbolic links");
  std::filesystem::remove(loop);
  folder.write("data_batch_1.bin", records(1, 1));
  std::filesystem::create_symlink(folder.path / "test_batch.bin", folder.path / "test_batch.bin");
  holds(thrown<FileError>([&] { load_cifar10(folder.path.string()); }), "test_batch.bin': cannot be read: Too many");
}

TEST_CASE("CIFAR-10: the first 4,000 real images") {
  const char* data = std::getenv("WEFT_TEST_DATA");
  const auto file = std::filesystem::path(data != nullptr ? data : "") / "cifar10-binary-subset/train_first4000.bin.xz";
  const Bytes bytes = data != nullptr && std::filesystem::exists(file) ? unxz(file) : Bytes();
  if (bytes.empty()) {
    MESSAGE("skipped: the first 4,000 real images: WEFT_TEST_DATA has no cifar10-binary-subset, or there is no xz");
    return;
  }
  const TempFolder folder;
  const LabelledImages set = load_cifar10_file(folder.write("data_batch_1.bin", bytes));
  CHECK(set.size() == 4000);
  CHECK(set.labels.slice(0, 0, 5).to_vector<int64_t>() == std::vector<int64_t>{6, 9, 9, 4, 1});  // frog, truck, ...
  CHECK(set.images.at<int64_t>({0, 0, 0, 0}) == 59);
  CHECK(set.images.at<int64_t>({0, 1, 0, 0}) == 62);
  CHECK(set.images.at<int64_t>({0, 2, 0, 0}) == 63);
}

}  // namespace weft::test
