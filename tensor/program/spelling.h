// tensor/program/spelling.h: which word was meant
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace weft::program {

/// Fewest insertions, deletions and replacements that turn one word into the other (Levenshtein 1966).
int64_t edit_distance(std::string_view a, std::string_view b);

/// The word of `words` nearest to `word`; empty when even that one shares less than half of the letters.
std::string nearest(std::string_view word, const std::vector<std::string>& words);

}  // namespace weft::program
