// datasets/mnist.cpp: finds the four files, loads them and checks that they belong together
#include "datasets/mnist.h"

#include <array>
#include <optional>

#include "datasets/file_error.h"
#include "datasets/idx.h"
#include "tensor/create.h"

namespace weft::datasets {
namespace {

namespace fs = std::filesystem;

/// What tells one twin from the other.
struct Twin {
  std::string_view op, name, folder;
  std::array<std::string_view, 10> classes;
};

constexpr Twin kMnist{"load_mnist", "MNIST", "mnist", {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}};
constexpr Twin kFashion{
    "load_fashion_mnist",
    "Fashion-MNIST",
    "fashion-mnist",
    {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"}};

constexpr std::string_view kHint =
    "install dataset-fashion-mnist (sudo apt-get install dataset-fashion-mnist) or place the MNIST files in "
    "./data/mnist";

/// Path of "train-images-idx3-ubyte" as it is named here: with .gz or without, and with a dot as some archives have it.
std::optional<fs::path> find_file(const fs::path& folder, const std::string& part, const std::string& kind) {
  for (const char* separator : {"-", "."})
    for (const char* suffix : {"", ".gz"}) {
      const fs::path path = folder / (part + separator + kind + suffix);
      std::error_code error;
      if (fs::exists(path, error)) return path;
    }
  return {};
}

struct Paths {
  fs::path train_images, train_labels, test_images, test_labels;
};

/// The four files in `folder`; none when it holds none of them.  Throws: it holds only some.
std::optional<Paths> find_files(const Twin& twin, const fs::path& folder) {
  const std::array<std::pair<const char*, const char*>, 4> names{{{"train-images", "idx3-ubyte"},
                                                                  {"train-labels", "idx1-ubyte"},
                                                                  {"t10k-images", "idx3-ubyte"},
                                                                  {"t10k-labels", "idx1-ubyte"}}};
  std::array<fs::path, 4> found;
  int64_t count = 0;
  std::string missing;
  for (size_t i = 0; i < names.size(); ++i) {
    if (const auto path = find_file(folder, names[i].first, names[i].second)) {
      found[i] = *path;
      ++count;
    } else {
      missing += fmt::format("{}{}-{}", missing.empty() ? "" : ", ", names[i].first, names[i].second);
    }
  }
  if (count == 0) return {};
  if (count < 4)
    fail_file(twin.op, folder, "holds {} of the 4 files, without {} (plain or .gz); hint: fetch it", count, missing);
  return Paths{found[0], found[1], found[2], found[3]};
}

/// "data/mnist/" and "data/mnist/." are called mnist too.
std::string folder_name(const fs::path& folder) {
  fs::path path = folder.lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return path.filename().string();
}

/// Appends the folders in which it looked to `looked_in`.
std::optional<Paths> search(const Twin& twin, const Twin& other, const std::string& data,
                            std::vector<std::string>& looked_in) {
  for (const fs::path& root : search_path(data)) {
    for (const fs::path& folder : {root / std::string(twin.folder), root}) {
      if (folder_name(folder) == other.folder) continue;  // the files' names are the same, the folder's is not
      if (auto paths = find_files(twin, folder)) return paths;
      looked_in.push_back(folder.string());
    }
  }
  return {};
}

[[noreturn]] void fail_not_found(std::string_view op, std::string_view name, std::vector<std::string> looked_in) {
  std::string folders;
  for (size_t i = 0; i < looked_in.size(); ++i) {
    bool known = false;  // both twins look in the roots
    for (size_t j = 0; j < i; ++j) known = known || looked_in[j] == looked_in[i];
    if (!known) folders += fmt::format("{}'{}'", folders.empty() ? "" : ", ", looked_in[i]);
  }
  throw FileError(fmt::format("{}: {} not found; looked in {}; hint: {}", op, name, folders, kHint));
}

Tensor load_images(const Twin& twin, const fs::path& path) {
  const Tensor images = load_idx(path);
  if (images.dtype() != DType::uint8 || images.rank() != 3)
    fail_file(twin.op, path, "images must be uint8 of rank 3, found {}", images.describe());
  return images.unsqueeze(1);
}

Tensor load_labels(const Twin& twin, const fs::path& path) {
  const Tensor labels = load_idx(path);
  if (labels.dtype() != DType::uint8 || labels.rank() != 1)
    fail_file(twin.op, path, "labels must be uint8 of rank 1, found {}", labels.describe());
  const int64_t classes = static_cast<int64_t>(twin.classes.size());
  const uint8_t* x = labels.data<uint8_t>();
  for (int64_t i = 0; i < labels.numel(); ++i)
    if (x[i] >= classes)
      fail_file(twin.op, path, "label {} at position {} is out of range: there are {} classes", x[i], i, classes);
  return labels.to(DType::int64);
}

LabelledImages load_part(const Twin& twin, const fs::path& images_path, const fs::path& labels_path) {
  LabelledImages set{.name = std::string(twin.name),
                     .images = load_images(twin, images_path),
                     .labels = load_labels(twin, labels_path),
                     .classes = {twin.classes.begin(), twin.classes.end()}};
  if (set.images.size(0) != set.labels.size(0))
    fail_file(twin.op, labels_path, "{} labels for the {} images of '{}'", set.labels.size(0), set.images.size(0),
              images_path.string());
  return set;
}

TrainTest load_both(const Twin& twin, const Paths& paths) {
  TrainTest sets{load_part(twin, paths.train_images, paths.train_labels),
                 load_part(twin, paths.test_images, paths.test_labels)};
  const Tensor &train = sets.train.images, &test = sets.test.images;
  if (train.size(2) != test.size(2) || train.size(3) != test.size(3))
    fail_file(twin.op, paths.test_images, "images of {} x {} pixels, the training set's are {} x {}", test.size(2),
              test.size(3), train.size(2), train.size(3));
  return sets;
}

TrainTest load_twin(const Twin& twin, const Twin& other, const std::string& data) {
  std::vector<std::string> looked_in;
  if (const auto paths = search(twin, other, data, looked_in)) return load_both(twin, *paths);
  fail_not_found(twin.op, twin.name, looked_in);
}

}  // namespace

TrainTest load_mnist(const std::string& data) { return load_twin(kMnist, kFashion, data); }
TrainTest load_fashion_mnist(const std::string& data) { return load_twin(kFashion, kMnist, data); }

TrainTest load_mnist_or_fashion(const std::string& data) {
  std::vector<std::string> looked_in;
  if (const auto paths = search(kMnist, kFashion, data, looked_in)) return load_both(kMnist, *paths);
  if (const auto paths = search(kFashion, kMnist, data, looked_in)) return load_both(kFashion, *paths);
  fail_not_found("load_mnist_or_fashion", "neither MNIST nor Fashion-MNIST was found: data", looked_in);
}

}  // namespace weft::datasets
