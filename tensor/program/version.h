// tensor/program/version.h: which Weft a program was built from
#pragma once
#include <string>

namespace weft::program {

/// "0.1.0".
std::string version();
/// The commit, as git described it when the build was configured: "ef876bb", or "v0.1.0-12-gef876bb" after a tag, with
/// "-dirty" when files had changed since it; "unknown" without git.
std::string git_id();

}  // namespace weft::program
