// datasets/cifar.cpp: records of fixed size; what is there is counted before memory is taken
#include "datasets/cifar.h"

#include <algorithm>
#include <cstring>

#include "datasets/cifar_classes.h"
#include "datasets/file_error.h"
#include "datasets/input_file.h"
#include "tensor/create.h"

namespace weft::datasets {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kSize = 32, kPixels = 3 * kSize * kSize;

/// How one of the two sets is laid out.
struct Layout {
  std::string_view op, name;
  std::span<const std::string_view> classes;
  int64_t label_bytes, label_at;  ///< how many labels open a record, and which of them is wanted
  std::vector<std::string> train_files;
  std::string test_file;
  std::vector<std::string> subfolders;
  int64_t record() const { return label_bytes + kPixels; }
};

Layout cifar10(std::string_view op) {
  return {.op = op,
          .name = "CIFAR-10",
          .classes = kCifar10Classes,
          .label_bytes = 1,
          .label_at = 0,
          .train_files = {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
                          "data_batch_5.bin"},
          .test_file = "test_batch.bin",
          .subfolders = {"cifar10", "cifar-10-batches-bin"}};
}

Layout cifar100(std::string_view op, CifarLabels labels) {
  const bool fine = labels == CifarLabels::fine;
  return {.op = op,
          .name = "CIFAR-100",
          .classes = fine ? std::span<const std::string_view>(kCifar100Classes) : kCifar100Superclasses,
          .label_bytes = 2,
          .label_at = fine ? 1 : 0,
          .train_files = {"train.bin"},
          .test_file = "test.bin",
          .subfolders = {"cifar100", "cifar-100-binary"}};
}

LabelledImages no_images(const Layout& layout, int64_t count) {
  return {.name = std::string(layout.name),
          .images = empty({count, 3, kSize, kSize}, {.dtype = DType::uint8, .device = cpu}),
          .labels = empty({count}, {.dtype = DType::int64, .device = cpu}),
          .classes = {layout.classes.begin(), layout.classes.end()}};
}

LabelledImages load_file(const Layout& layout, const fs::path& path) {
  const std::string bytes = read_file(layout.op, path);
  const int64_t size = static_cast<int64_t>(bytes.size()), record = layout.record();
  if (size % record != 0)
    fail_file(layout.op, path, "{} bytes are not whole records of {}: truncated, or not {}; hint: fetch it again", size,
              record, layout.name);
  LabelledImages set = no_images(layout, size / record);
  const int64_t classes = static_cast<int64_t>(layout.classes.size());
  for (int64_t i = 0; i < set.size(); ++i) {
    const char* from = bytes.data() + i * record;
    const int64_t label = static_cast<uint8_t>(from[layout.label_at]);
    if (label >= classes)
      fail_file(layout.op, path, "label {} of record {} is out of range: there are {} classes", label, i, classes);
    set.labels.data<int64_t>()[i] = label;
    std::memcpy(set.images.data<uint8_t>() + i * kPixels, from + layout.label_bytes, kPixels);
  }
  return set;
}

/// All rows of all parts, in order.
LabelledImages joined(const Layout& layout, const std::vector<LabelledImages>& parts) {
  int64_t count = 0;
  for (const LabelledImages& part : parts) count += part.size();
  LabelledImages whole = no_images(layout, count);
  int64_t row = 0;
  for (const LabelledImages& part : parts) {
    std::memcpy(whole.images.data<uint8_t>() + row * kPixels, part.images.data<uint8_t>(), part.images.numel());
    std::copy_n(part.labels.data<int64_t>(), part.size(), whole.labels.data<int64_t>() + row);
    row += part.size();
  }
  return whole;
}

bool is_balanced(const LabelledImages& set, int64_t count) {
  if (set.size() != count) return false;
  std::vector<int64_t> seen(set.classes.size());
  for (int64_t i = 0; i < count; ++i) ++seen[set.labels.data<int64_t>()[i]];
  return std::all_of(seen.begin(), seen.end(), [&](int64_t n) { return n == seen[0]; });
}

bool is_there(const Layout& layout, const fs::path& path) {
  std::error_code error;
  const bool there = fs::exists(path, error);
  if (error) fail_file(layout.op, path, "cannot be read: {}", error.message());
  return there;
}

TrainTest load_folder(const Layout& layout, const fs::path& folder) {
  std::vector<LabelledImages> train, test;
  for (const std::string& name : layout.train_files)
    if (is_there(layout, folder / name)) train.push_back(load_file(layout, folder / name));
  if (is_there(layout, folder / layout.test_file)) test.push_back(load_file(layout, folder / layout.test_file));
  TrainTest sets{.train = joined(layout, train), .test = joined(layout, test), .folder = folder};
  sets.recognised = is_balanced(sets.train, 50000) && is_balanced(sets.test, 10000);
  if (!sets.recognised) sets.train.name = sets.test.name = folder_name(folder);
  return sets;
}

TrainTest load_cifar(const Layout& layout, const std::string& data) {
  std::string looked_in;
  for (const fs::path& root : search_path(data)) {
    std::vector<fs::path> folders{root};
    for (const std::string& name : layout.subfolders) folders.push_back(root / name);
    for (const fs::path& folder : folders) {
      for (const std::string& name : layout.train_files)
        if (is_there(layout, folder / name)) return load_folder(layout, folder);
      looked_in += fmt::format("{}'{}'", looked_in.empty() ? "" : ", ", folder.string());
    }
  }
  throw FileError(
      fmt::format("{}: {} not found; looked in {}; hint: place {} and {} of the binary version in ./data/{}", layout.op,
                  layout.name, looked_in, layout.train_files.front(), layout.test_file, layout.subfolders.front()));
}

}  // namespace

LabelledImages load_cifar10_file(const fs::path& path) { return load_file(cifar10("load_cifar10_file"), path); }

LabelledImages load_cifar100_file(const fs::path& path, CifarLabels labels) {
  return load_file(cifar100("load_cifar100_file", labels), path);
}

TrainTest load_cifar10(const std::string& data) { return load_cifar(cifar10("load_cifar10"), data); }

TrainTest load_cifar100(const std::string& data, CifarLabels labels) {
  return load_cifar(cifar100("load_cifar100", labels), data);
}

}  // namespace weft::datasets
