// datasets/input_file.cpp: opening with care, and inflating within a budget
#include "datasets/input_file.h"

#include <algorithm>
#include <array>

#include "datasets/file_error.h"

namespace weft::datasets {

namespace fs = std::filesystem;

InputFile::InputFile(std::string_view op, const fs::path& path) : op_(op), path_(path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) fail_file(op_, path, "no such file");
  if (status.type() == fs::file_type::none) fail_file(op_, path, "cannot be read: {}", error.message());
  if (!fs::is_regular_file(status)) fail_file(op_, path, "is not a plain file");
  size_ = static_cast<int64_t>(fs::file_size(path, error));
  if (!error) stream_.open(path, std::ios::binary);
  if (error || !stream_) fail_file(op_, path, "cannot be opened; hint: check its permissions");
  if (size_ == 0) fail_file(op_, path, "is empty; hint: fetch it again");
  const int first = stream_.get(), second = stream_.get();
  stream_.clear();
  stream_.seekg(0);
  if (first == 0x1F && second == 0x8B) gunzip_.emplace(stream_);
}

int64_t InputFile::read(std::span<uint8_t> output) {
  if (gunzip_) {
    const int64_t count = gunzip_->read(output);
    if (gunzip_->state() == Gunzip::State::damaged)
      fail_file(op_, path_, "the gzip stream is damaged after {} bytes; hint: fetch it again", position_ + count);
    position_ += count;
    return count;
  }
  stream_.read(reinterpret_cast<char*>(output.data()), static_cast<std::streamsize>(output.size()));
  position_ += stream_.gcount();
  return stream_.gcount();
}

void InputFile::read_all(std::span<uint8_t> output, int64_t expected) {
  if (read(output) < static_cast<int64_t>(output.size()))
    fail_file(op_, path_, "holds {} of {} bytes: truncated; hint: fetch it again", position_, expected);
}

void InputFile::check_end(int64_t expected) {
  std::array<uint8_t, 1> extra;
  if (read(extra) > 0) fail_file(op_, path_, "holds more than the {} bytes its header says: trailing bytes", expected);
  check_gzip_end();
}

void InputFile::check_gzip_end() {
  if (!gunzip_) return;
  if (gunzip_->state() == Gunzip::State::truncated)
    fail_file(op_, path_, "the gzip stream has no end: truncated; hint: fetch it again");
  if (gunzip_->has_trailing_bytes()) fail_file(op_, path_, "trailing bytes after the gzip stream");
}

std::string read_file(std::string_view op, const fs::path& path) {
  InputFile file(op, path);
  std::string bytes;
  const auto as_span = [&](size_t from) {
    return std::span(reinterpret_cast<uint8_t*>(bytes.data()) + from, bytes.size() - from);
  };
  if (!file.is_compressed()) {
    bytes.resize(static_cast<size_t>(file.file_size()));
    file.read_all(as_span(0), file.file_size());
    return bytes;
  }
  const int64_t budget = std::max(kInflateBudgetAtLeast, kInflateBudgetRatio * file.file_size());
  constexpr size_t kPiece = size_t{1} << 20;
  for (size_t read = 0;;) {
    bytes.resize(read + kPiece);
    read += static_cast<size_t>(file.read(as_span(read)));
    if (static_cast<int64_t>(read) > budget)
      fail_file(op, path, "inflates from {} to more than {} bytes; hint: if you trust it, unpack it with gunzip",
                file.file_size(), budget);
    if (read == bytes.size()) continue;
    bytes.resize(read);
    break;
  }
  file.check_gzip_end();
  return bytes;
}

}  // namespace weft::datasets
