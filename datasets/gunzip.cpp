// datasets/gunzip.cpp: zlib's inflate behind a bounded reader
#include "datasets/gunzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace weft::datasets {

Gunzip::Gunzip(std::istream& compressed) : compressed_(compressed), zlib_(std::make_unique<z_stream_s>()) {
  constexpr int kGzipOnly = 16 + MAX_WBITS;  // zlib: 16 more asks for a gzip header and trailer
  if (inflateInit2(zlib_.get(), kGzipOnly) != Z_OK) throw std::bad_alloc();
}

Gunzip::~Gunzip() { inflateEnd(zlib_.get()); }

bool Gunzip::refill() {
  compressed_.read(reinterpret_cast<char*>(buffer_.data()), static_cast<std::streamsize>(buffer_.size()));
  zlib_->next_in = buffer_.data();
  zlib_->avail_in = static_cast<uInt>(compressed_.gcount());
  return zlib_->avail_in > 0;
}

int64_t Gunzip::read(std::span<uint8_t> output) {
  size_t written = 0;
  while (written < output.size() && state_ == State::open) {
    // zlib counts in 32 bits: large outputs are asked for in pieces.
    const size_t piece = std::min<size_t>(output.size() - written, std::numeric_limits<uInt>::max());
    zlib_->next_out = output.data() + written;
    zlib_->avail_out = static_cast<uInt>(piece);
    if (zlib_->avail_in == 0 && !refill()) {
      state_ = State::truncated;
      break;
    }
    const int code = inflate(zlib_.get(), Z_NO_FLUSH);
    written += piece - zlib_->avail_out;
    if (code == Z_MEM_ERROR) throw std::bad_alloc();
    if (code == Z_STREAM_END) state_ = State::finished;
    else if (code != Z_OK && code != Z_BUF_ERROR) state_ = State::damaged;  // Z_BUF_ERROR: wants more input
  }
  return static_cast<int64_t>(written);
}

bool Gunzip::has_trailing_bytes() { return zlib_->avail_in > 0 || refill(); }

}  // namespace weft::datasets
