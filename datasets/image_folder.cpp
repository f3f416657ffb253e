// datasets/image_folder.cpp: lists first, then decodes into one tensor
#include "datasets/image_folder.h"

#include <algorithm>
#include <array>

#include "datasets/file_error.h"
#include "datasets/image_file.h"
#include "datasets/resize.h"
#include "tensor/create.h"

namespace weft::datasets {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLoadImageFolder = "load_image_folder";
constexpr std::array<std::string_view, 3> kRead{".png", ".jpg", ".jpeg"};
constexpr std::array<std::string_view, 8> kRefused{".gif", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".psd"};

struct Picture {
  fs::path path;
  int64_t label;
};

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
void add_pictures(const fs::path& folder, int64_t label, std::vector<Picture>& pictures) {
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
  for (const fs::path& path : paths) pictures.push_back({path, label});
}

Tensor fitted(const Tensor& image, const ImageSize& size, Fit fit) {
  if (fit == Fit::stretch) return resize(image, size.height, size.width);
  return resize_and_center_crop(image, size.height, size.width);
}

}  // namespace

LabelledImages load_image_folder(const fs::path& root, const ImageFolderOptions& options) {
  if (options.size && (options.size->height < 1 || options.size->width < 1))
    fail(kLoadImageFolder, "{} x {} pixels is no size", options.size->height, options.size->width);
  LabelledImages set{.name = folder_name(root)};
  std::vector<Picture> pictures;
  for (const fs::path& folder : classes_in(root)) {
    add_pictures(folder, static_cast<int64_t>(set.classes.size()), pictures);
    set.classes.push_back(folder.filename().string());
  }
  const int64_t count = static_cast<int64_t>(pictures.size());
  set.labels = empty({count}, {.dtype = DType::int64, .device = cpu});
  for (int64_t i = 0; i < count; ++i) {
    const Picture& picture = pictures[static_cast<size_t>(i)];
    Tensor image = load_image(picture.path, options.channels);
    if (options.size) image = fitted(image, *options.size, options.fit);
    if (i == 0)
      set.images =
          empty({count, options.channels, image.size(1), image.size(2)}, {.dtype = DType::uint8, .device = cpu});
    if (image.shape() != set.images.select(0, i).shape())
      fail_file(kLoadImageFolder, picture.path,
                "has {} x {} pixels, '{}' has {} x {}; hint: ask for a size, then all get it", image.size(1),
                image.size(2), pictures[0].path.string(), set.images.size(2), set.images.size(3));
    set.images.select(0, i).copy_(image);
    set.labels.data<int64_t>()[i] = picture.label;
  }
  return set;
}

}  // namespace weft::datasets
