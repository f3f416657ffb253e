// datasets/corpus.cpp: finding texts and cutting them
#include "datasets/corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "datasets/dataset.h"
#include "datasets/file_error.h"
#include "datasets/input_file.h"
#include "tensor/create.h"

namespace weft::datasets {
namespace {

namespace fs = std::filesystem;

constexpr std::array<int64_t, 3> kPtbSizes{5101618, 399782, 449945};
constexpr std::array<int64_t, 3> kEnwik8Sizes{90000000, 5000000, 5000000};

/// `name` or `name`.gz in `folder`.
std::optional<fs::path> find_corpus_file(std::string_view op, const fs::path& folder, const std::string& name) {
  for (const char* suffix : {"", ".gz"}) {
    const fs::path path = folder / (name + suffix);
    std::error_code error;
    if (fs::exists(path, error) && !fs::is_directory(path, error)) return path;
    if (error) fail_file(op, path, "cannot be read: {}", error.message());
  }
  return {};
}

/// The first folder with a file `first`: a root itself or its subfolder.
fs::path find_folder(std::string_view op, const std::string& data, const std::string& subfolder,
                     const std::string& first, const std::string& hint) {
  std::string looked_in;
  for (const fs::path& root : search_path(data))
    for (const fs::path& folder : {root / subfolder, root}) {
      if (find_corpus_file(op, folder, first)) return folder;
      looked_in += fmt::format("{}'{}'", looked_in.empty() ? "" : ", ", folder.string());
    }
  throw FileError(fmt::format("{}: {} not found; looked in {}; hint: {}", op, first, looked_in, hint));
}

void check_sizes(std::string_view op, int64_t total, std::span<const int64_t> sizes, std::string_view unit) {
  int64_t left = total;
  for (const int64_t size : sizes) {
    if (size < 0) fail(op, "size {} is negative", size);
    if (size > left) fail(op, "the parts {} are more than the {} {} there are", fmt::join(sizes, " + "), total, unit);
    left -= size;
  }
}

/// The largest position <= `position` at which a character begins.
size_t character_start(std::string_view text, size_t position) {
  const auto continues = [&](size_t i) { return i < text.size() && (static_cast<uint8_t>(text[i]) & 0xC0) == 0x80; };
  size_t start = position;
  while (start > 0 && position - start < 3 && continues(start)) --start;
  return continues(start) ? position : start;  // not UTF-8: the plain cut
}

}  // namespace

std::string load_text(const fs::path& path) { return read_file("load_text", path); }

Corpus split_text(std::string_view text, const std::array<int64_t, 3>& sizes) {
  check_sizes("split_text", static_cast<int64_t>(text.size()), sizes, "bytes");
  const auto cut = [&](int64_t position) { return character_start(text, static_cast<size_t>(position)); };
  const size_t first = cut(sizes[0]), second = cut(sizes[0] + sizes[1]), end = cut(sizes[0] + sizes[1] + sizes[2]);
  return {.name = "text",
          .train = std::string(text.substr(0, first)),
          .valid = std::string(text.substr(first, second - first)),
          .test = std::string(text.substr(second, end - second))};
}

std::vector<Tensor> split_rows(const Tensor& x, const std::vector<int64_t>& sizes) {
  if (x.rank() < 1) fail("split_rows", "{} has no rows", x.describe());
  check_sizes("split_rows", x.size(0), sizes, "rows");
  std::vector<Tensor> parts;
  int64_t first = 0;
  for (const int64_t size : sizes) {
    parts.push_back(x.slice(0, first, first + size));
    first += size;
  }
  return parts;
}

Corpus load_ptb(const std::string& data) {
  constexpr std::string_view kOp = "load_ptb";
  const std::array<std::string, 3> names{"ptb.train.txt", "ptb.valid.txt", "ptb.test.txt"};
  const fs::path folder =
      find_folder(kOp, data, "ptb", names[0], "place ptb.train.txt, ptb.valid.txt and ptb.test.txt in ./data/ptb");
  Corpus corpus{.name = "Penn Treebank", .recognised = true, .folder = folder};
  const std::array<std::string*, 3> parts{&corpus.train, &corpus.valid, &corpus.test};
  for (size_t i = 0; i < names.size(); ++i) {
    const auto path = find_corpus_file(kOp, folder, names[i]);
    if (!path) fail_file(kOp, folder, "holds {}, but not {}; hint: fetch it", names[0], names[i]);
    *parts[i] = read_file(kOp, *path);
    corpus.recognised &= static_cast<int64_t>(parts[i]->size()) == kPtbSizes[i];
  }
  if (!corpus.recognised) corpus.name = folder_name(folder);
  return corpus;
}

Corpus load_enwik8(const std::string& data) {
  constexpr std::string_view kOp = "load_enwik8";
  const fs::path folder = find_folder(kOp, data, "enwik8", "enwik8", "place the file enwik8 in ./data/enwik8");
  const fs::path path = *find_corpus_file(kOp, folder, "enwik8");
  const std::string text = read_file(kOp, path);
  const int64_t whole = std::accumulate(kEnwik8Sizes.begin(), kEnwik8Sizes.end(), int64_t{0});
  if (static_cast<int64_t>(text.size()) != whole)
    fail_file(kOp, path, "holds {} bytes, enwik8 has {}; hint: split_text cuts any text", text.size(), whole);
  const size_t train = kEnwik8Sizes[0], valid = kEnwik8Sizes[1];
  return {.name = "enwik8",
          .train = text.substr(0, train),
          .valid = text.substr(train, valid),
          .test = text.substr(train + valid),
          .recognised = true,
          .folder = folder};
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.emplace_back(line);
  }
  return lines;
}

PaddedBatch pad_sequences(const std::vector<Tensor>& sequences, int64_t padding, Device device) {
  if (sequences.empty()) fail("pad_sequences", "there are no sequences");
  const int64_t count = static_cast<int64_t>(sequences.size());
  int64_t longest = 0;
  for (const Tensor& sequence : sequences) {
    if (sequence.rank() != 1 || !is_integer(sequence.dtype()))
      fail("pad_sequences", "a sequence must be integers [length], got {}", sequence.describe());
    longest = std::max(longest, sequence.numel());
  }
  const TensorOptions host{.dtype = DType::int64, .device = cpu};
  const Tensor tokens = full({count, longest}, padding, host), lengths = empty({count}, host);
  for (int64_t i = 0; i < count; ++i) {
    const std::vector<int64_t> numbers = sequences[static_cast<size_t>(i)].to_vector<int64_t>();
    std::copy(numbers.begin(), numbers.end(), tokens.data<int64_t>() + i * longest);
    lengths.data<int64_t>()[i] = static_cast<int64_t>(numbers.size());
  }
  return {tokens.to(device), lengths.to(device)};
}

}  // namespace weft::datasets
