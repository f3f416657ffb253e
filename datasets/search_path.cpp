// datasets/search_path.cpp: the folders in which data is looked for
#include <cstdlib>

#include "datasets/dataset.h"
#include "datasets/file_error.h"

namespace weft::datasets {

std::string folder_name(const std::filesystem::path& folder) {
  std::filesystem::path path = std::filesystem::absolute(folder).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return path.filename().string();
}

std::vector<std::filesystem::path> search_path(const std::string& data) {
  if (!data.empty()) return {data};
  std::vector<std::filesystem::path> folders;
  if (const char* chosen = std::getenv("WEFT_DATA"); chosen != nullptr && *chosen != '\0') {
    std::error_code error;  // a folder that was named on purpose must be there: no other takes its place
    const std::filesystem::directory_iterator opened(chosen, error);
    if (error)
      fail_file("search_path", chosen,
                "WEFT_DATA names it, but it cannot be read: {}; hint: correct or unset WEFT_DATA", error.message());
    folders.emplace_back(chosen);
  }
  folders.emplace_back("data");
  folders.emplace_back("/usr/share/datasets");
  return folders;
}

}  // namespace weft::datasets
