// datasets/search_path.cpp: the folders in which data is looked for
#include <cstdlib>

#include "datasets/dataset.h"
#include "datasets/file_error.h"

namespace weft::datasets {
namespace {

std::error_code why_unreadable(const std::filesystem::path& folder) {
  std::error_code error;
  const std::filesystem::directory_iterator opened(folder, error);
  return error;
}

}  // namespace

std::string folder_name(const std::filesystem::path& folder) {
  std::filesystem::path path = std::filesystem::absolute(folder).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return path.filename().string();
}

std::vector<std::filesystem::path> search_path(const std::string& data) {
  if (!data.empty()) {
    if (const std::error_code error = why_unreadable(data))
      fail_file("search_path", data, "the folder cannot be read: {}; hint: name the folder that holds the data set",
                error.message());
    return {data};
  }
  std::vector<std::filesystem::path> folders;
  if (const char* chosen = std::getenv("WEFT_DATA"); chosen != nullptr && *chosen != '\0') {
    // A folder that was named on purpose must be there: no other takes its place.
    if (const std::error_code error = why_unreadable(chosen))
      fail_file("search_path", chosen,
                "WEFT_DATA names it, but it cannot be read: {}; hint: correct or unset WEFT_DATA", error.message());
    folders.emplace_back(chosen);
  }
  folders.emplace_back("data");
  folders.emplace_back("/usr/share/datasets");
  return folders;
}

}  // namespace weft::datasets
