// datasets/mnist.cpp: finds the four files, loads them and checks that they belong together
#include "datasets/mnist.h"

#include <array>
#include <optional>

#include "datasets/file_error.h"
#include "datasets/idx.h"
#include "datasets/known_sets.h"
#include "tensor/create.h"

namespace weft::datasets {
namespace {

namespace fs = std::filesystem;

/// What a loader was asked for.
struct Wanted {
  std::string_view op, name;
  const KnownSet* set;  ///< nullptr: either
  std::vector<std::string> subfolders;
};

constexpr std::string_view kHint =
    "install dataset-fashion-mnist (sudo apt-get install dataset-fashion-mnist) or place the MNIST files in one of "
    "these folders";

/// Path of "train-images-idx3-ubyte" as it is named here: with .gz or without, and with a dot as some archives have it.
std::optional<fs::path> find_idx_file(std::string_view op, const fs::path& folder, const std::string& part,
                                      const std::string& kind) {
  for (const char* separator : {"-", "."})
    for (const char* suffix : {"", ".gz"}) {
      const fs::path path = folder / (part + separator + kind + suffix);
      std::error_code error;
      if (fs::exists(path, error)) return path;
      if (error) fail_file(op, path, "cannot be read: {}", error.message());
    }
  return {};
}

struct Paths {
  fs::path folder;
  fs::path train_images, train_labels, test_images, test_labels;
};

/// The four files in `folder`; none when it holds none of them.  Throws: it holds only some.
std::optional<Paths> find_files(std::string_view op, const fs::path& folder) {
  const std::array<std::pair<const char*, const char*>, 4> names{{{"train-images", "idx3-ubyte"},
                                                                  {"train-labels", "idx1-ubyte"},
                                                                  {"t10k-images", "idx3-ubyte"},
                                                                  {"t10k-labels", "idx1-ubyte"}}};
  std::array<fs::path, 4> found;
  int64_t count = 0;
  std::string missing;
  for (size_t i = 0; i < names.size(); ++i) {
    if (const auto path = find_idx_file(op, folder, names[i].first, names[i].second)) {
      found[i] = *path;
      ++count;
    } else {
      missing += fmt::format("{}{}-{}", missing.empty() ? "" : ", ", names[i].first, names[i].second);
    }
  }
  if (count == 0) return {};
  if (count < 4)
    fail_file(op, folder, "holds {} of the 4 files, without {} (plain or .gz); hint: fetch it", count, missing);
  return Paths{folder, found[0], found[1], found[2], found[3]};
}

/// Every root is tried with one subfolder before the next subfolder has its turn.
std::vector<fs::path> folders_of(const Wanted& wanted, const std::string& data) {
  std::vector<fs::path> folders;
  const std::vector<fs::path> roots = search_path(data);
  for (size_t i = 0; i < wanted.subfolders.size(); ++i)
    for (const fs::path& root : roots) {
      folders.push_back(root / wanted.subfolders[i]);
      if (i == 0) folders.push_back(root);
    }
  return folders;
}

[[noreturn]] void fail_not_found(const Wanted& wanted, const std::vector<fs::path>& looked_in) {
  std::string folders;
  for (const fs::path& folder : looked_in)
    folders += fmt::format("{}'{}'", folders.empty() ? "" : ", ", folder.string());
  throw FileError(fmt::format("{}: {} not found; looked in {}; hint: {}", wanted.op, wanted.name, folders, kHint));
}

Tensor load_images(std::string_view op, const fs::path& path) {
  const Tensor images = load_idx(path);
  if (images.dtype() != DType::uint8 || images.rank() != 3)
    fail_file(op, path, "images must be uint8 of rank 3, found {}", images.describe());
  return images.unsqueeze(1);
}

Tensor load_labels(std::string_view op, const fs::path& path) {
  const Tensor labels = load_idx(path);
  if (labels.dtype() != DType::uint8 || labels.rank() != 1)
    fail_file(op, path, "labels must be uint8 of rank 1, found {}", labels.describe());
  const int64_t classes = static_cast<int64_t>(kDigits.size());
  const uint8_t* x = labels.data<uint8_t>();
  for (int64_t i = 0; i < labels.numel(); ++i)
    if (x[i] >= classes)
      fail_file(op, path, "label {} at position {} is out of range: there are {} classes", x[i], i, classes);
  return labels;
}

/// Labels are still bytes: they are what the set is recognised by.
LabelledImages load_images_and_labels(std::string_view op, const fs::path& images_path, const fs::path& labels_path) {
  LabelledImages set{.images = load_images(op, images_path), .labels = load_labels(op, labels_path)};
  if (set.images.size(0) != set.labels.size(0))
    fail_file(op, labels_path, "{} labels for the {} images of '{}'", set.labels.size(0), set.images.size(0),
              images_path.string());
  return set;
}

/// The set both parts belong to, or nullptr.  Throws: they belong to two, or to another one than was wanted.
const KnownSet* recognise(const Wanted& wanted, const Paths& paths, const TrainTest& sets) {
  const KnownSet *train = known_set(sets.train.labels), *test = known_set(sets.test.labels);
  if (train != nullptr && test != nullptr && train != test)
    fail_file(wanted.op, paths.folder, "the training files are {}'s, the test files {}'s; hint: fetch one set",
              train->name, test->name);
  const KnownSet* found = train != nullptr ? train : test;
  if (wanted.set != nullptr && found != nullptr && found != wanted.set)
    fail_file(wanted.op, paths.folder, "holds {}, not {}; hint: both have files of these names, name another folder",
              found->name, wanted.name);
  return train == test ? found : nullptr;
}

TrainTest load_both(const Wanted& wanted, const Paths& paths) {
  TrainTest sets{load_images_and_labels(wanted.op, paths.train_images, paths.train_labels),
                 load_images_and_labels(wanted.op, paths.test_images, paths.test_labels)};
  const Tensor &train = sets.train.images, &test = sets.test.images;
  if (train.size(2) != test.size(2) || train.size(3) != test.size(3))
    fail_file(wanted.op, paths.test_images, "images of {} x {} pixels, the training set's are {} x {}", test.size(2),
              test.size(3), train.size(2), train.size(3));
  const KnownSet* known = recognise(wanted, paths, sets);
  const auto& classes = known != nullptr ? known->classes : kDigits;
  for (LabelledImages* part : {&sets.train, &sets.test}) {
    part->name = known != nullptr ? std::string(known->name) : folder_name(paths.folder);
    part->classes.assign(classes.begin(), classes.end());
    part->labels = part->labels.to(DType::int64);
  }
  sets.recognised = known != nullptr;
  sets.folder = paths.folder;
  return sets;
}

TrainTest load_mnist_like(const Wanted& wanted, const std::string& data) {
  const std::vector<fs::path> folders = folders_of(wanted, data);
  for (const fs::path& folder : folders)
    if (const auto paths = find_files(wanted.op, folder)) return load_both(wanted, *paths);
  fail_not_found(wanted, folders);
}

}  // namespace

TrainTest load_mnist(const std::string& data) {
  return load_mnist_like({"load_mnist", "MNIST", &kMnist, {"mnist"}}, data);
}

TrainTest load_fashion_mnist(const std::string& data) {
  return load_mnist_like({"load_fashion_mnist", "Fashion-MNIST", &kFashionMnist, {"fashion-mnist"}}, data);
}

TrainTest load_mnist_or_fashion(const std::string& data) {
  return load_mnist_like(
      {"load_mnist_or_fashion", "neither MNIST nor Fashion-MNIST was found: data", nullptr, {"mnist", "fashion-mnist"}},
      data);
}

}  // namespace weft::datasets
