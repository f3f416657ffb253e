// datasets/search_path.cpp: the folders in which data is looked for
#include <cstdlib>

#include "datasets/dataset.h"

namespace weft::datasets {

std::vector<std::filesystem::path> search_path(const std::string& data) {
  if (!data.empty()) return {data};
  std::vector<std::filesystem::path> folders;
  if (const char* chosen = std::getenv("WEFT_DATA"); chosen != nullptr && *chosen != '\0') folders.emplace_back(chosen);
  folders.emplace_back("data");
  folders.emplace_back("/usr/share/datasets");
  return folders;
}

}  // namespace weft::datasets
