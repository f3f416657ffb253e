// datasets/corpus.h: texts on the disk: published corpora, any file, lines
#pragma once
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace weft::datasets {

/// A text in its three parts.
struct Corpus {
  std::string name;
  std::string train, valid, test;
  bool recognised = false;  ///< every size is the published one
  std::filesystem::path folder = {};
};

/// A whole file, plain or gzip.  Throws FileError: missing, empty, damaged.
std::string load_text(const std::filesystem::path& path);

/// `text` cut at the given sizes in bytes; what is left over after the third is not used. A cut never falls inside a
/// UTF-8 character: it moves back to the character's first byte.  Throws: a negative size, more than there is.
Corpus split_text(std::string_view text, const std::array<int64_t, 3>& sizes);

/// A tensor's rows cut in order: part i has sizes[i] rows. Shares memory.  Throws: as above.
std::vector<Tensor> split_rows(const Tensor& x, const std::vector<int64_t>& sizes);

/// Penn Treebank (Mikolov's preparation): ptb.train.txt, ptb.valid.txt and ptb.test.txt, plain or .gz, in a folder
/// itself or its subfolder ptb/. Characters: read them with Vocabulary::bytes().  Throws FileError: not found.
Corpus load_ptb(const std::string& data = {});

/// enwik8 (Hutter): one file of 100,000,000 bytes, plain or .gz, named enwik8, in a folder itself or its subfolder
/// enwik8/, cut as 90, 5 and 5 million bytes.  Throws FileError: not found, another size.
Corpus load_enwik8(const std::string& data = {});

/// The lines without their ends ("\n" or "\r\n"); a last line needs no end.
std::vector<std::string> lines_of(std::string_view text);

/// Sequences of different lengths as one batch.
struct PaddedBatch {
  Tensor tokens;   ///< int64 [n, longest]
  Tensor lengths;  ///< int64 [n]
};

/// Each of `sequences` is a row, filled up with `padding` at its end.  sequences: integers [length].
/// Throws: none, another shape or dtype.
PaddedBatch pad_sequences(const std::vector<Tensor>& sequences, int64_t padding, Device device = default_device());

}  // namespace weft::datasets
