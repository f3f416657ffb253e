// datasets/image_folder.cpp: lists first, decodes when asked
#include "datasets/image_folder.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "datasets/file_error.h"
#include "datasets/resize.h"
#include "tensor/create.h"

namespace weft::datasets {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLoadImageFolder = "load_image_folder";
constexpr std::array<std::string_view, 3> kRead{".png", ".jpg", ".jpeg"};
constexpr std::array<std::string_view, 8> kRefused{".gif", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".psd"};

std::string extension(const fs::path& path) {
  std::string text = path.extension().string();
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

template <size_t n>
bool is_one_of(const std::array<std::string_view, n>& known, const std::string& text) {
  return std::find(known.begin(), known.end(), text) != known.end();
}

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

std::vector<fs::path> classes_in(const fs::path& root) {
  std::error_code error;
  fs::directory_iterator entries(root, error);
  if (error) fail_file(kLoadImageFolder, root, "cannot be read: {}", error.message());
  std::vector<fs::path> folders;
  for (; !error && entries != fs::directory_iterator(); entries.increment(error))
    if (entries->is_directory(error) && !is_hidden(entries->path())) folders.push_back(entries->path());
  if (error) fail_file(kLoadImageFolder, root, "cannot be read: {}", error.message());
  if (folders.empty())
    fail_file(kLoadImageFolder, root, "holds no folders; hint: one for each class, with its pictures in it");
  std::sort(folders.begin(), folders.end());
  return folders;
}

/// The pictures below one class's folder. Links to folders are not followed: they could lead in a circle.
std::vector<fs::path> pictures_below(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> paths;
  fs::recursive_directory_iterator entries(folder, error);
  for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
    const fs::path& path = entries->path();
    const bool folder_itself = entries->is_directory(error);
    if (is_hidden(path) && folder_itself) entries.disable_recursion_pending();
    if (is_hidden(path) || folder_itself) continue;
    if (is_one_of(kRead, extension(path))) paths.push_back(path);
    if (is_one_of(kRefused, extension(path)))
      fail_file(kLoadImageFolder, path, "is a {} file; hint: only PNG and JPEG are read, convert it", extension(path));
  }
  if (error) fail_file(kLoadImageFolder, folder, "cannot be read: {}", error.message());
  if (paths.empty())
    fail_file(kLoadImageFolder, folder, "holds no .png, .jpg or .jpeg file; hint: every class needs one");
  std::sort(paths.begin(), paths.end());
  return paths;
}

Tensor fitted(const Tensor& image, const ImageSize& size, Fit fit) {
  if (fit == Fit::stretch) return resize(image, size.height, size.width);
  return resize_and_center_crop(image, size.height, size.width);
}

}  // namespace

ImageFolder::ImageFolder(const fs::path& root, const ImageFolderOptions& options)
    : name_(folder_name(root)), options_(options) {
  if (options.size && (options.size->height < 1 || options.size->width < 1))
    fail(kLoadImageFolder, "{} x {} pixels is no size", options.size->height, options.size->width);
  for (const fs::path& folder : classes_in(root)) {
    for (const fs::path& path : pictures_below(folder)) pictures_.push_back({path, std::ssize(classes_)});
    classes_.push_back(folder.filename().string());
  }
}

const ImageFolder::Picture& ImageFolder::picture(int64_t i) const {
  if (i < 0 || i >= size()) fail("ImageFolder", "picture {} is out of range: '{}' has {}", i, name_, size());
  return pictures_[static_cast<size_t>(i)];
}

Tensor ImageFolder::image(int64_t i) const {
  const Tensor image = load_image(path(i), options_.channels, options_.decode);
  return options_.size ? fitted(image, *options_.size, options_.fit) : image;
}

LabelledImages read_pictures(const ImageFolder& folder, std::span<const int64_t> indices) {
  if (indices.empty()) fail(kLoadImageFolder, "no pictures are asked for");
  LabelledImages set{.name = folder.name(), .classes = folder.classes()};
  set.labels = empty({std::ssize(indices)}, {.dtype = DType::int64, .device = cpu});
  for (int64_t row = 0; row < std::ssize(indices); ++row) {
    const int64_t i = indices[static_cast<size_t>(row)];
    const Tensor image = folder.image(i);
    if (row == 0)
      set.images = empty({std::ssize(indices), image.size(0), image.size(1), image.size(2)},
                         {.dtype = DType::uint8, .device = cpu});
    if (image.shape() != set.images.select(0, row).shape())
      fail_file(kLoadImageFolder, folder.path(i),
                "has {} x {} pixels, '{}' has {} x {}; hint: ask for a size, then all get it", image.size(1),
                image.size(2), folder.path(indices[0]).string(), set.images.size(2), set.images.size(3));
    set.images.select(0, row).copy_(image);
    set.labels.data<int64_t>()[row] = folder.label(i);
  }
  return set;
}

LabelledImages load_image_folder(const fs::path& root, const ImageFolderOptions& options) {
  const ImageFolder folder(root, options);
  std::vector<int64_t> all(static_cast<size_t>(folder.size()));
  std::iota(all.begin(), all.end(), 0);
  return read_pictures(folder, all);
}

}  // namespace weft::datasets
