// datasets/vocabulary.h: text as numbers and back: bytes, characters or words
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tensor/tensor.h"

namespace weft::datasets {

/// What to do with a token the vocabulary does not have.
enum class Unknown : uint8_t {
  refuse,  ///< encode throws and names it
  replace  ///< it becomes the unknown token, which is then part of the vocabulary
};

struct WordOptions {
  Unknown unknown = Unknown::replace;
  int64_t max_size = 0;   ///< keep the most frequent words only, special tokens included; 0: all
  int64_t min_count = 1;  ///< leave out words that are rarer
};

/// Tokens numbered 0 .. size() - 1.
class Vocabulary {
 public:
  static constexpr std::string_view kUnknownWord = "<unk>", kEndOfLine = "<eos>";
  static constexpr std::string_view kUnknownCharacter = "\xEF\xBF\xBD";  ///< U+FFFD, the replacement character

  /// Every byte is its own number: 256 tokens, any text.
  static Vocabulary bytes();
  /// The distinct bytes of `text`, in rising order: what enwik8's 205 are.
  static Vocabulary bytes(std::string_view text);
  /// The distinct characters (Unicode code points) of `text`, by rising code point.  Throws: no UTF-8.
  static Vocabulary characters(std::string_view text, Unknown unknown = Unknown::refuse);
  /// The distinct words of `text`, split at white space, with kEndOfLine at the end of each line as the Penn Treebank's
  /// language models have it; the most frequent first, ties by bytes.  Throws: max_size or min_count out of range.
  static Vocabulary words(std::string_view text, const WordOptions& options = {});

  int64_t size() const { return static_cast<int64_t>(tokens_.size()); }
  /// Throws: the number is out of range.
  const std::string& token(int64_t number) const;
  /// Throws: not there, and the policy is Unknown::refuse.
  int64_t number(std::string_view token) const;
  bool contains(std::string_view token) const { return numbers_.contains(std::string(token)); }

  /// [number of tokens], uint8 while size() <= 256, else int32: a large corpus stays small in memory.
  /// Throws: an unknown token under Unknown::refuse (says which, and at which byte), no UTF-8.
  Tensor encode(std::string_view text) const;
  /// The text of integer numbers [any shape], row-major. Words stand apart by a space, kEndOfLine ends a line.
  /// Throws: a number out of range, not integers.
  std::string decode(const Tensor& numbers) const;

 private:
  enum class Kind : uint8_t { bytes, characters, words };
  Vocabulary(Kind kind, std::vector<std::string> tokens, std::string_view unknown);
  Tensor encode_bytes(std::string_view text) const;
  int64_t number_at(std::string_view token, int64_t position) const;
  template <class F>
  static void for_each_token(Kind kind, std::string_view text, F&& f);

  Kind kind_;
  std::vector<std::string> tokens_;
  std::unordered_map<std::string, int64_t> numbers_;
  int64_t unknown_ = -1;  ///< number of the unknown token; -1: refuse
};

}  // namespace weft::datasets
