// datasets/fetch/catalogue.h: the sets weft-fetch knows: where they are, how large, and their sums
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace weft::fetch {

enum class Archive : uint8_t {
  none,    ///< the file is used as it comes
  tar_gz,  ///< members are unpacked by tar
  zip      ///< members are unpacked by unzip
};

/// A file inside an archive. Only members named here are unpacked, one by one, each to a name that is ours.
struct Member {
  std::string name;  ///< in the archive
  std::string file;  ///< in the set's folder
  int64_t bytes;
};

struct Download {
  std::string url;
  std::string file;  ///< in the set's folder
  int64_t bytes;
  std::string sha256;
  Archive archive = Archive::none;
  std::vector<Member> members = {};
};

struct DataSet {
  std::string name;   ///< also its folder
  std::string about;  ///< one line
  std::vector<Download> downloads;
};

const std::vector<DataSet>& catalogue();

}  // namespace weft::fetch
