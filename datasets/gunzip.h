// datasets/gunzip.h: inflates a gzip file piece by piece, never more than was asked for
#pragma once
#include <array>
#include <cstdint>
#include <istream>
#include <memory>
#include <span>

struct z_stream_s;  // zlib's state; zlib.h stays out of this header

namespace weft::datasets {

/// How much longer than its input a deflate stream can possibly be (zlib's technical notes: 1032 to 1).
inline constexpr int64_t kLargestDeflateRatio = 1032;

/// Reads one gzip member. Memory use is fixed: the output goes where the caller says, and the caller knows how much it
/// expects, so no input can make it grow.
class Gunzip {
 public:
  enum class State : uint8_t {
    open,       ///< more may come
    finished,   ///< the member ended, its checksum and length were right
    truncated,  ///< the file ended first
    damaged     ///< not gzip, bits changed, or a checksum that does not fit
  };

  /// `compressed` must outlive the reader.
  explicit Gunzip(std::istream& compressed);
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  /// Fills `output` and returns its size, or returns less: then state() says why.
  int64_t read(std::span<uint8_t> output);
  State state() const { return state_; }
  /// Whether the file goes on after the member.
  bool has_trailing_bytes();

 private:
  bool refill();

  std::istream& compressed_;
  std::unique_ptr<z_stream_s> zlib_;
  std::array<uint8_t, 1 << 16> buffer_;
  State state_ = State::open;
};

}  // namespace weft::datasets
