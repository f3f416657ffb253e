// datasets/fetch/fetch.h: brings a set to the disk, whole and recognised, or says what to do by hand
#pragma once
#include <filesystem>

#include "datasets/fetch/catalogue.h"
#include "tensor/program/program.h"

namespace weft::fetch {

/// Fetches what is missing of `set` into folder/<set's name>/ by curl, else wget: to FILE.part, which a later call goes
/// on with; only a file of the right length and SHA-256 gets its name. Archives stay, their members are unpacked beside
/// them. What is there already is checked, a member against its archive, and never overwritten. Prints a line a file.
/// Throws FileError: no network, or bytes with another sum (says address, place and sum, to do it by hand), a damaged
/// archive; WriteError; Interrupted.
void fetch(const DataSet& set, const std::filesystem::path& folder);

/// What to do without a network: each address, the place for its file and its sum.
std::string by_hand(const DataSet& set, const std::filesystem::path& folder);

}  // namespace weft::fetch
