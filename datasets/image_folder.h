// datasets/image_folder.h: a folder of pictures, one subfolder a class
#pragma once
#include <optional>

#include "datasets/dataset.h"

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
};

/// root/class/name.png (or .jpg, .jpeg, in any case, also in folders below): classes and files sorted by name, as
/// torchvision's ImageFolder has them. Names that begin with a dot and files that are no pictures are left out.
/// Throws FileError: no folder, no classes, a class without a picture, a picture in another format (.gif, .bmp, ...) or
/// damaged, sizes that differ while none was asked for.
LabelledImages load_image_folder(const std::filesystem::path& root, const ImageFolderOptions& options = {});

}  // namespace weft::datasets
