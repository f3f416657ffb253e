// hyper/demos/harness/progress.cpp: a bar for people, lines for logs
#include "hyper/demos/harness/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace weft::demo {
namespace {

constexpr int64_t kBarWidth = 20;
constexpr double kSecondsBetweenBars = 0.1, kSecondsBetweenLines = 10;
constexpr const char* kWipeLine = "\r\033[K";

Progress::Style style_of(bool quiet) {
  if (quiet) return Progress::Style::quiet;
  return isatty(STDERR_FILENO) ? Progress::Style::bar : Progress::Style::lines;
}

}  // namespace

Progress::Progress(std::string label, std::string sample, int64_t steps, int64_t done, bool quiet)
    : label_(std::move(label)),
      sample_(std::move(sample)),
      steps_(steps),
      before_(done),
      done_(done),
      style_(style_of(quiet)) {}

Progress::~Progress() {
  if (style_ == Style::bar) std::fputs(kWipeLine, stderr);
}

void Progress::step(int64_t samples, double loss) {
  ++done_;
  samples_ += samples;
  loss_ = loss;
  const double now = watch_.seconds();
  if (style_ == Style::quiet || now - shown_ < (style_ == Style::bar ? kSecondsBetweenBars : kSecondsBetweenLines)) {
    return;
  }
  shown_ = now;
  if (style_ == Style::bar) {
    std::fputs((kWipeLine + line()).c_str(), stderr);
  } else {
    std::fputs((line() + "\n").c_str(), stderr);
  }
}

std::string Progress::line() const {
  const double seconds = std::max(watch_.seconds(), 1e-9);
  const double left =
      done_ > before_ ? seconds * static_cast<double>(steps_ - done_) / static_cast<double>(done_ - before_) : 0;
  const int64_t whole = static_cast<int64_t>(left + 0.5);
  std::string bar;
  if (style_ == Style::bar) {
    const int64_t full = steps_ > 0 ? kBarWidth * done_ / steps_ : kBarWidth;
    bar = fmt::format("[{:=<{}}{: <{}}] ", "", full, "", kBarWidth - full);
  }
  return fmt::format("{} {}{}/{}, {:.0f} {}/s, loss {:.4f}, {}:{:02} left", label_, bar, done_, steps_,
                     static_cast<double>(samples_) / seconds, sample_, loss_, whole / 60, whole % 60);
}

}  // namespace weft::demo
