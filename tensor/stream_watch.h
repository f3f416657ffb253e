// tensor/stream_watch.h: which random streams a piece of code draws from, and the same draws once more
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace weft {

class RandomStream;

/// While it lives, it notes each stream that its thread draws from, and where that stood before. Watches nest: each
/// notes all that is drawn while it lives.
class StreamWatch {
 public:
  struct Place {
    uint64_t seed;
    uint32_t stream;
    uint64_t position;
  };

  StreamWatch();
  /// Repeats the draws of an earlier watch: the k-th stream drawn from is set to the k-th of `places` first. When this
  /// ends, the streams stand where they stood before it.  Throws, at the draw: another stream, or more of them.
  explicit StreamWatch(std::vector<Place> places);
  ~StreamWatch();
  StreamWatch(const StreamWatch&) = delete;
  StreamWatch& operator=(const StreamWatch&) = delete;

  /// In the order of the first draws.
  const std::vector<Place>& places() const { return places_; }

  /// RandomStream calls these.
  static void before_draw(RandomStream& stream);
  static void forget(const RandomStream& stream);

 private:
  void note(RandomStream& stream);

  struct Seen {
    RandomStream* stream;
    uint64_t before;
  };
  StreamWatch* outer_;
  bool repeats_ = false;
  std::vector<Place> places_;
  std::size_t num_noted_ = 0;
  std::vector<Seen> seen_;  ///< those that still live
};

}  // namespace weft
