// tensor/stream_watch.cpp: which random streams a piece of code draws from, and the same draws once more
#include "tensor/stream_watch.h"

#include "tensor/random.h"

namespace weft {
namespace {

thread_local StreamWatch* innermost = nullptr;

}  // namespace

StreamWatch::StreamWatch() : outer_(innermost) { innermost = this; }

StreamWatch::StreamWatch(std::vector<Place> places) : outer_(innermost), repeats_(true), places_(std::move(places)) {
  innermost = this;
}

StreamWatch::~StreamWatch() {
  if (repeats_) {
    for (const Seen& seen : seen_) seen.stream->position_ = seen.before;
  }
  innermost = outer_;
}

void StreamWatch::note(RandomStream& stream) {
  if (outer_) outer_->note(stream);  // first: where it sets the stream is where this one finds it
  for (const Seen& seen : seen_)
    if (seen.stream == &stream) return;
  if (!repeats_) {
    places_.push_back({stream.seed(), stream.stream(), stream.position()});
  } else if (num_noted_ == places_.size()) {
    fail("RandomStream",
         "the second run draws from stream {} of seed {}, the first run did not; hint: a segment must "
         "draw the same each time",
         stream.stream(), stream.seed());
  } else if (places_[num_noted_].seed != stream.seed() || places_[num_noted_].stream != stream.stream()) {
    fail("RandomStream",
         "the second run draws from stream {} of seed {} where the first run drew from stream {} of "
         "seed {}; hint: a segment must draw the same each time",
         stream.stream(), stream.seed(), places_[num_noted_].stream, places_[num_noted_].seed);
  }
  seen_.push_back({&stream, stream.position()});
  if (repeats_) stream.position_ = places_[num_noted_].position;
  ++num_noted_;
}

void StreamWatch::before_draw(RandomStream& stream) {
  if (innermost) innermost->note(stream);
}

void StreamWatch::forget(const RandomStream& stream) {
  for (StreamWatch* watch = innermost; watch; watch = watch->outer_)
    std::erase_if(watch->seen_, [&](const Seen& seen) { return seen.stream == &stream; });
}

}  // namespace weft
