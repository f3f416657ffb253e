// datasets/vocabulary.cpp: cutting text into tokens, counting and numbering them
#include "datasets/vocabulary.h"

#include <algorithm>
#include <array>
#include <set>

#include "datasets/utf8.h"
#include "tensor/create.h"

namespace weft::datasets {
namespace {

constexpr std::string_view kVocabulary = "Vocabulary";
constexpr int64_t kMostBytes = 256;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f'; }

/// f(word, position) for each word, and f(<eos>, position) at each line's end; a last line needs no '\n'.
template <class F>
void for_each_word(std::string_view text, F&& f) {
  size_t position = 0;
  while (position < text.size()) {
    size_t end = position;
    while (end < text.size() && !is_space(text[end])) ++end;
    if (end > position) f(text.substr(position, end - position), static_cast<int64_t>(position));
    if (end == text.size() || text[end] == '\n') f(Vocabulary::kEndOfLine, static_cast<int64_t>(end));
    position = end + 1;
  }
}

}  // namespace

template <class F>
void Vocabulary::for_each_token(Kind kind, std::string_view text, F&& f) {
  const int64_t size = static_cast<int64_t>(text.size());
  switch (kind) {
    case Kind::bytes:
      for (int64_t i = 0; i < size; ++i) f(text.substr(i, 1), i);
      return;
    case Kind::characters:
      for (int64_t i = 0, length = 0; i < size; i += length) {
        length = utf8_length(kVocabulary, text, i);
        f(text.substr(i, length), i);
      }
      return;
    case Kind::words: for_each_word(text, f); return;
  }
}

Vocabulary::Vocabulary(Kind kind, std::vector<std::string> tokens, std::string_view unknown)
    : kind_(kind), tokens_(std::move(tokens)) {
  for (int64_t i = 0; i < size(); ++i) numbers_.emplace(tokens_[i], i);
  if (!unknown.empty()) unknown_ = numbers_.at(std::string(unknown));
}

Vocabulary Vocabulary::bytes() {
  std::vector<std::string> tokens;
  for (int64_t i = 0; i < kMostBytes; ++i) tokens.emplace_back(1, static_cast<char>(i));
  return {Kind::bytes, std::move(tokens), ""};
}

Vocabulary Vocabulary::bytes(std::string_view text) {
  std::array<bool, kMostBytes> there{};
  for (const char byte : text) there[static_cast<uint8_t>(byte)] = true;
  std::vector<std::string> tokens;
  for (int64_t i = 0; i < kMostBytes; ++i) {
    if (there[static_cast<size_t>(i)]) tokens.emplace_back(1, static_cast<char>(i));
  }
  return {Kind::bytes, std::move(tokens), ""};
}

Vocabulary Vocabulary::characters(std::string_view text, Unknown unknown) {
  std::set<std::string, std::less<>> distinct;  // UTF-8 sorts by bytes as its code points do
  for_each_token(Kind::characters, text, [&](std::string_view token, int64_t) {
    if (!distinct.contains(token)) distinct.emplace(token);
  });
  const std::string_view replacement = unknown == Unknown::replace ? kUnknownCharacter : "";
  if (!replacement.empty()) distinct.emplace(replacement);
  return {Kind::characters, {distinct.begin(), distinct.end()}, replacement};
}

Vocabulary Vocabulary::words(std::string_view text, const WordOptions& options) {
  const std::string_view unknown = options.unknown == Unknown::replace ? kUnknownWord : "";
  const int64_t special = unknown.empty() ? 1 : 2;  // <eos>, and <unk>
  if (options.max_size != 0 && options.max_size < special)
    fail(kVocabulary, "max_size {} has no room for the {} special tokens; hint: 0 keeps all words", options.max_size,
         special);
  if (options.min_count < 1) fail(kVocabulary, "min_count {} is not positive", options.min_count);
  std::unordered_map<std::string, int64_t> counts{{std::string(kEndOfLine), 0}};
  if (!unknown.empty()) counts.emplace(unknown, 0);
  for_each_word(text, [&](std::string_view word, int64_t) { ++counts[std::string(word)]; });

  const auto is_special = [&](const std::string& word) { return word == kEndOfLine || word == unknown; };
  std::vector<std::pair<std::string, int64_t>> ranked(counts.begin(), counts.end());
  std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  int64_t room = options.max_size == 0 ? static_cast<int64_t>(ranked.size()) : options.max_size - special;
  std::vector<std::string> tokens;
  for (const auto& [word, count] : ranked) {
    if (is_special(word)) tokens.push_back(word);
    else if (count >= options.min_count && room-- > 0) tokens.push_back(word);
  }
  return {Kind::words, std::move(tokens), unknown};
}

const std::string& Vocabulary::token(int64_t number) const {
  if (number < 0 || number >= size())
    fail(kVocabulary, "number {} is out of range: there are {} tokens", number, size());
  return tokens_[static_cast<size_t>(number)];
}

int64_t Vocabulary::number(std::string_view token) const {
  const auto found = numbers_.find(std::string(token));
  if (found != numbers_.end()) return found->second;
  if (unknown_ < 0)
    fail(kVocabulary, "'{}' is not one of the {} tokens; hint: Unknown::replace takes any", token, size());
  return unknown_;
}

int64_t Vocabulary::number_at(std::string_view token, int64_t position) const {
  const auto found = numbers_.find(std::string(token));
  if (found != numbers_.end()) return found->second;
  if (unknown_ < 0)
    fail(kVocabulary, "'{}' at byte {} is not one of the {} tokens; hint: Unknown::replace takes any", token, position,
         size());
  return unknown_;
}

Tensor Vocabulary::encode(std::string_view text) const {
  if (kind_ == Kind::bytes) return encode_bytes(text);
  std::vector<int32_t> numbers;
  for_each_token(kind_, text, [&](std::string_view token, int64_t position) {
    numbers.push_back(static_cast<int32_t>(number_at(token, position)));
  });
  const Tensor y = from_data(numbers, {static_cast<int64_t>(numbers.size())}, cpu);
  return size() <= kMostBytes ? y.to(DType::uint8) : y;
}

Tensor Vocabulary::encode_bytes(std::string_view text) const {
  std::array<int64_t, kMostBytes> number_of;
  number_of.fill(-1);
  for (int64_t i = 0; i < size(); ++i) number_of[static_cast<uint8_t>(tokens_[static_cast<size_t>(i)][0])] = i;
  std::vector<uint8_t> numbers(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if (number_of[byte] < 0) fail(kVocabulary, "byte 0x{:02X} at {} is not one of the {} tokens", byte, i, size());
    numbers[i] = static_cast<uint8_t>(number_of[byte]);
  }
  return from_data(numbers, {std::ssize(numbers)}, cpu);
}

std::string Vocabulary::decode(const Tensor& numbers) const {
  if (!is_integer(numbers.dtype())) fail(kVocabulary, "decode needs integers, got {}", numbers.describe());
  std::string text;
  for (const int64_t number : numbers.to_vector<int64_t>()) {
    const std::string& next = token(number);
    if (kind_ != Kind::words) {
      text += next;
      continue;
    }
    if (next == kEndOfLine) {
      text += '\n';
      continue;
    }
    if (!text.empty() && text.back() != '\n') text += ' ';
    text += next;
  }
  return text;
}

}  // namespace weft::datasets
