// tensor/program/version.cpp: the one source that a new commit compiles anew
#include "tensor/program/version.h"

namespace weft::program {

std::string version() { return WEFT_VERSION; }
std::string git_id() { return WEFT_GIT_ID; }

}  // namespace weft::program
