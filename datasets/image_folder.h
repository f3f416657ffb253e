// datasets/image_folder.h: a folder of pictures, one subfolder a class
#pragma once
#include <optional>
#include <span>

#include "datasets/dataset.h"
#include "datasets/image_file.h"

namespace weft::datasets {

/// How an image of another shape is brought to the size that was asked for.
enum class Fit : uint8_t {
  stretch,     ///< resized to it, whatever that does to the picture
  center_crop  ///< resize_and_center_crop: the proportions are kept
};

struct ImageSize {
  int64_t height, width;
  bool operator==(const ImageSize&) const = default;
};

struct ImageFolderOptions {
  int64_t channels = 3;                ///< 3: red, green, blue; 1: grey
  std::optional<ImageSize> size = {};  ///< without: all images must have one size, and keep it
  Fit fit = Fit::stretch;
  DecodeImages decode = DecodeImages::in_process;
};

/// root/class/name.png (or .jpg, .jpeg, in any case, also in folders below): classes and files sorted by name, as
/// torchvision's ImageFolder has them. Names that begin with a dot and files that are no pictures are left out. The
/// folders are listed at once, and a picture is read each time it is asked for: give it to a DataLoader, whose workers
/// then decode side by side. May be used by several threads.
class ImageFolder {
 public:
  /// Throws FileError: no folder, no classes, a class without a picture, a picture in another format (.gif, .bmp, ...).
  explicit ImageFolder(const std::filesystem::path& root, const ImageFolderOptions& options = {});

  const std::string& name() const { return name_; }  ///< the folder's
  const std::vector<std::string>& classes() const { return classes_; }
  int64_t size() const { return std::ssize(pictures_); }

  // Of picture i.  Throws: i out of range.
  const std::filesystem::path& path(int64_t i) const { return picture(i).path; }
  int64_t label(int64_t i) const { return picture(i).label; }
  /// uint8 [channels, h, w].  Throws FileError: as load_image.
  Tensor image(int64_t i) const;

 private:
  struct Picture {
    std::filesystem::path path;
    int64_t label;
  };
  const Picture& picture(int64_t i) const;

  std::string name_;
  ImageFolderOptions options_;
  std::vector<std::string> classes_;
  std::vector<Picture> pictures_;
};

/// These pictures of a folder, in this order.
/// Throws FileError: a picture that is damaged; sizes that differ while none was asked for.  Error: no indices.
LabelledImages read_pictures(const ImageFolder& folder, std::span<const int64_t> indices);
/// All of them.  Throws: as ImageFolder and read_pictures.
LabelledImages load_image_folder(const std::filesystem::path& root, const ImageFolderOptions& options = {});

}  // namespace weft::datasets
