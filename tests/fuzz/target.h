// tests/fuzz/target.h: what a fuzz target is made of: one parser, files to begin with, what must hold of what it reads
//
// Each source beside this one but driver.cpp is a target: libFuzzer's function and seeds(). With driver.cpp it is a
// program for any compiler, which the tests run; with clang's libFuzzer (preset fuzz) one that looks for new paths.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/tensor.h"

/// Parses `bytes`. Throws or crashes where the parser does anything but read them or throw FileError.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size);

namespace weft::fuzz {

using Bytes = std::vector<uint8_t>;

/// Files that are mutated.
std::vector<Bytes> seeds();

/// Those in a folder of tests/fixtures whose names end so, but large ones.
std::vector<Bytes> fixtures_ending(std::string_view folder, std::string_view ending);
inline Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

/// Runs `parse`; a FileError is as good an answer as any.  files_read counts the other ones.
extern int64_t files_read;
int reads_or_refuses(const std::function<void()>& parse);

/// Gives `parse` a path where the bytes lie: for parsers that want a file.
int reads_or_refuses_file(const uint8_t* bytes, size_t size, const std::function<void(const std::string& path)>& parse);

/// Throws std::logic_error.
void must(bool holds, std::string_view what);

/// Every element can be read; returns the bytes of all.
int64_t bytes_read(const Tensor& tensor);

}  // namespace weft::fuzz
