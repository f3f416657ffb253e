// tests/datasets/mnist.cpp: finding, loading and refusing MNIST and Fashion-MNIST
#include "datasets/mnist.h"

#include <doctest/doctest.h>

#include "tests/datasets/files.h"
#include "tests/datasets/holds.h"

namespace weft::test {
namespace {

using namespace datasets;

Bytes idx_images(uint32_t count, uint32_t height = 28, uint32_t width = 28) {
  Bytes pixels(size_t{count} * height * width);
  for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<uint8_t>(i / (height * width));
  return idx_header(8, {count, height, width}) + pixels;
}

Bytes labels(uint32_t count, uint8_t modulus = 10) {
  Bytes values(count);
  for (size_t i = 0; i < count; ++i) values[i] = static_cast<uint8_t>(i % modulus);
  return idx_header(8, {count}) + values;
}

void write_set(const TempFolder& folder, const std::string& subfolder, uint32_t train = 12, uint32_t test = 3) {
  folder.write(subfolder + "train-images-idx3-ubyte", idx_images(train));
  folder.write(subfolder + "train-labels-idx1-ubyte", labels(train));
  folder.write(subfolder + "t10k-images-idx3-ubyte", idx_images(test));
  folder.write(subfolder + "t10k-labels-idx1-ubyte", labels(test));
}

std::string refusal(const TempFolder& folder) {
  return thrown<FileError>([&] { load_mnist(folder.path.string()); });
}

void check_real(const TrainTest& sets, const std::string& name, int64_t classes_seen = 10) {
  CHECK(sets.train.name == name);
  CHECK(sets.train.images.shape() == Shape{60000, 1, 28, 28});
  CHECK(sets.train.labels.shape() == Shape{60000});
  CHECK(sets.test.images.shape() == Shape{10000, 1, 28, 28});
  std::vector<int64_t> counts(10);
  for (const int64_t label : sets.test.labels.to_vector<int64_t>()) ++counts[label];
  int64_t seen = 0;
  for (const int64_t count : counts) seen += count > 500;
  CHECK(seen == classes_seen);
}

}  // namespace

TEST_CASE("MNIST: shapes, types, classes and values") {
  const TempFolder folder;
  write_set(folder, "");
  const TrainTest sets = load_mnist(folder.path.string());
  CHECK(sets.train.name == folder.path.filename().string());  // not MNIST's labels
  CHECK_FALSE(sets.recognised);
  CHECK(sets.folder == folder.path);
  CHECK(sets.train.size() == 12);
  CHECK(sets.test.size() == 3);
  CHECK(sets.train.images.shape() == Shape{12, 1, 28, 28});
  CHECK(sets.train.images.dtype() == DType::uint8);
  CHECK(sets.train.labels.dtype() == DType::int64);
  CHECK(sets.train.classes.size() == 10);
  CHECK(sets.train.classes[3] == "3");
  CHECK(sets.train.labels.at<int64_t>({11}) == 1);
  CHECK(sets.train.images.at<int64_t>({11, 0, 27, 27}) == 11);
}

TEST_CASE("MNIST: subfolder, .gz and the spelling with a dot") {
  const TempFolder folder;
  folder.write("mnist/train-images.idx3-ubyte", idx_images(4));
  folder.write("mnist/train-labels.idx1-ubyte.gz", gzip(labels(4)));
  folder.write("mnist/t10k-images-idx3-ubyte.gz", gzip(idx_images(2)));
  folder.write("mnist/t10k-labels.idx1-ubyte", labels(2));
  CHECK(load_mnist(folder.path.string()).train.size() == 4);
  CHECK(load_mnist((folder.path / "mnist").string()).test.size() == 2);
}

TEST_CASE("folders: which set stands where, named by its folder when its labels are nobody's") {
  const TempFolder folder;
  write_set(folder, "fashion-mnist/", 5);
  const TrainTest fashion = load_fashion_mnist(folder.path.string());
  CHECK(fashion.train.name == "fashion-mnist");
  CHECK(fashion.test.name == "fashion-mnist");
  CHECK(fashion.train.classes[9] == "9");
  CHECK(load_fashion_mnist((folder.path / "fashion-mnist/").string()).train.name == "fashion-mnist");
  CHECK_THROWS_AS(load_mnist(folder.path.string()), FileError);
  CHECK(load_mnist_or_fashion(folder.path.string()).train.size() == 5);
  write_set(folder, "mnist/", 6);
  CHECK(load_mnist_or_fashion(folder.path.string()).train.name == "mnist");
  CHECK(load_mnist_or_fashion((folder.path / "fashion-mnist/.").string()).train.name == "fashion-mnist");
}

TEST_CASE("MNIST and Fashion-MNIST are told apart by their labels, wherever they stand") {
  const auto system = std::filesystem::path("/usr/share/datasets/fashion-mnist");
  if (!std::filesystem::exists(system)) {
    MESSAGE("skipped: dataset-fashion-mnist is not installed");
    return;
  }
  const TempFolder folder;
  for (const char* name : {"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
                           "t10k-labels-idx1-ubyte.gz"}) {
    std::filesystem::create_directories(folder.path / "mnist");
    std::filesystem::create_symlink(system / name, folder.path / "mnist" / name);
  }
  const std::string data = folder.path.string();
  holds(refusal(folder), "load_mnist: '" + data + "/mnist': holds Fashion-MNIST, not MNIST; hint: ");
  const TrainTest sets = load_mnist_or_fashion(data);
  CHECK(sets.recognised);
  CHECK(sets.train.name == "Fashion-MNIST");
  CHECK(sets.test.classes[9] == "Ankle boot");
  CHECK(load_fashion_mnist(data + "/mnist").train.name == "Fashion-MNIST");
}

TEST_CASE("training files of one set beside test files of another are refused") {
  // 40 labels of 0 or 1 whose CRC-32 is that of MNIST's training labels, and that of Fashion-MNIST's test labels.
  const auto forged = [](uint64_t bits) {
    Bytes values(40);
    for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<uint8_t>(bits >> i & 1);
    return idx_header(8, {40}) + values;
  };
  const TempFolder folder;
  folder.write("train-images-idx3-ubyte", idx_images(40));
  folder.write("train-labels-idx1-ubyte", forged(0x3c15216a));
  folder.write("t10k-images-idx3-ubyte", idx_images(40));
  folder.write("t10k-labels-idx1-ubyte", forged(0x430e2741));
  const std::string why = "the training files are MNIST's, the test files Fashion-MNIST's; hint: fetch one set";
  holds(refusal(folder), why);
  holds(thrown<FileError>([&] { load_mnist_or_fashion(folder.path.string()); }), why);
}

TEST_CASE("search_path: the given folder alone, else WEFT_DATA, ./data, the system's") {
  using Folders = std::vector<std::filesystem::path>;
  const TempFolder folder;
  write_set(folder, "mnist/", 7);
  {
    const Environment set("WEFT_DATA", folder.path.string());
    CHECK(search_path() == Folders{folder.path, "data", "/usr/share/datasets"});
    CHECK(search_path("/") == Folders{"/"});
    CHECK(load_mnist().train.size() == 7);
    CHECK(load_mnist_or_fashion().train.size() == 7);
    holds(thrown<FileError>([] { load_mnist("/no/such"); }), "search_path: '/no/such': the folder cannot be read");
  }
  for (const std::string& bad :
       {(folder.path / "missing").string(), (folder.path / "mnist/t10k-labels-idx1-ubyte").string()}) {
    const Environment set("WEFT_DATA", bad);
    for (const auto load : {load_mnist, load_fashion_mnist, load_mnist_or_fashion})
      holds(thrown<FileError>([&] { load(""); }),
            "search_path: '" + bad + "': WEFT_DATA names it, but it cannot be read");
    CHECK(search_path("/") == Folders{"/"});
  }
  const Environment empty("WEFT_DATA", "");
  CHECK(search_path() == Folders{"data", "/usr/share/datasets"});
}

TEST_CASE("MNIST not found: every folder and the way out") {
  const TempFolder folder;
  const std::string message = thrown<FileError>([&] { load_mnist_or_fashion(folder.path.string()); });
  const std::string root = folder.path.string();
  holds(message, "neither MNIST nor Fashion-MNIST");
  for (const std::string& path : {"'" + root + "'", "'" + root + "/mnist'", "'" + root + "/fashion-mnist'"})
    holds(message, path);
  holds(message,
        "hint: install dataset-fashion-mnist (sudo apt-get install dataset-fashion-mnist) or place the MNIST files in "
        "one of these folders");
  holds(refusal(folder), "load_mnist: MNIST not found; looked in '" + root + "/mnist', '" + root + "'");
}

TEST_CASE("MNIST: files that do not belong together") {
  const TempFolder folder;
  write_set(folder, "");
  SUBCASE("a file missing") {
    std::filesystem::remove(folder.path / "t10k-labels-idx1-ubyte");
    holds(refusal(folder), "holds 3 of the 4 files, without t10k-labels-idx1-ubyte");
  }
  SUBCASE("a label out of range") {
    folder.write("train-labels-idx1-ubyte", labels(12, 11));
    holds(refusal(folder), "train-labels-idx1-ubyte': label 10 at position 10 is out of range: there are 10 classes");
  }
  SUBCASE("counts differ") {
    folder.write("train-labels-idx1-ubyte", labels(11));
    holds(refusal(folder), "11 labels for the 12 images of");
  }
  SUBCASE("labels in place of images") {
    folder.write("train-images-idx3-ubyte", labels(12));
    holds(refusal(folder), "images must be uint8 of rank 3, found [12] uint8 cpu");
  }
  SUBCASE("images in place of labels") {
    folder.write("t10k-labels-idx1-ubyte", idx_images(3));
    holds(refusal(folder), "labels must be uint8 of rank 1, found [3, 28, 28] uint8 cpu");
  }
  SUBCASE("images of floats") {
    folder.write("t10k-images-idx3-ubyte", idx_header(0x0D, {1, 1, 1}) + Bytes(4));
    holds(refusal(folder), "images must be uint8 of rank 3, found [1, 1, 1] float32 cpu");
  }
  SUBCASE("other sizes in the test set") {
    folder.write("t10k-images-idx3-ubyte", idx_images(3, 32, 30));
    holds(refusal(folder), "images of 32 x 30 pixels, the training set's are 28 x 28");
  }
  SUBCASE("a path that cannot be followed") {
    const auto loop = folder.path / "train-images-idx3-ubyte";
    std::filesystem::remove(loop);
    std::filesystem::create_symlink(loop, loop);
    holds(refusal(folder), "load_mnist: '" + loop.string() + "': cannot be read: Too many levels of symbolic links");
  }
  SUBCASE("a folder instead of a file") {
    std::filesystem::remove(folder.path / "train-images-idx3-ubyte");
    std::filesystem::create_directory(folder.path / "train-images-idx3-ubyte");
    holds(refusal(folder), "load_idx: '" + (folder.path / "train-images-idx3-ubyte").string() + "': is not a plain");
  }
  SUBCASE("a damaged MNIST is no reason to take Fashion-MNIST") {
    write_set(folder, "fashion-mnist/");
    folder.write("train-images-idx3-ubyte", {0, 0, 8});
    CHECK_THROWS_AS(load_mnist_or_fashion(folder.path.string()), FileError);
  }
}

TEST_CASE("take: some rows, sharing memory") {
  const TempFolder folder;
  write_set(folder, "");
  const LabelledImages set = load_mnist(folder.path.string()).train;
  const LabelledImages part = take(set, 3, 8);
  CHECK(part.size() == 5);
  CHECK(part.name == set.name);
  CHECK(part.classes == set.classes);
  CHECK(part.images.shares_storage_with(set.images));
  CHECK(part.labels.to_vector<int64_t>() == std::vector<int64_t>{3, 4, 5, 6, 7});
  CHECK(part.images.at<int64_t>({0, 0, 0, 0}) == 3);
  CHECK(take(set, 4, 4).size() == 0);
  for (const auto& [first, last] : {std::pair<int64_t, int64_t>{-1, 2}, {5, 4}, {0, 13}})
    holds(thrown<Error>([&, first = first, last = last] { take(set, first, last); }), set.name + " has 12 images");
}

TEST_CASE("the real MNIST") {
  const char* folder = std::getenv("WEFT_TEST_DATA");
  if (folder == nullptr) {
    MESSAGE("skipped: the real MNIST: WEFT_TEST_DATA names no folder");
    return;
  }
  const TrainTest sets = load_mnist(folder);
  check_real(sets, "MNIST");
  CHECK(thrown<FileError>([&] { load_fashion_mnist(sets.folder.string()); }).find("holds MNIST, not Fashion-MNIST") !=
        std::string::npos);
  CHECK(sets.train.labels.slice(0, 0, 5).to_vector<int64_t>() == std::vector<int64_t>{5, 0, 4, 1, 9});
}

TEST_CASE("the Fashion-MNIST of the system") {
  if (!std::filesystem::exists("/usr/share/datasets/fashion-mnist")) {
    MESSAGE("skipped: the Fashion-MNIST of the system: dataset-fashion-mnist is not installed");
    return;
  }
  const TrainTest sets = load_fashion_mnist("/usr/share/datasets");
  check_real(sets, "Fashion-MNIST");
  CHECK(sets.recognised);
  CHECK(sets.train.classes[9] == "Ankle boot");
  CHECK(sets.train.labels.slice(0, 0, 5).to_vector<int64_t>() == std::vector<int64_t>{9, 0, 0, 3, 0});
}

}  // namespace weft::test
