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

Progress::Progress(std::string label, std::string sample, Steps steps, Show show)
    : label_(std::move(label)),
      sample_(std::move(sample)),
      steps_(steps),
      done_(steps.done),
      style_(style_of(show.quiet)),
      line_every_(show.line_every) {}

Progress::~Progress() {
  if (style_ == Style::bar) std::fputs(kWipeLine, stderr);
}

void Progress::step(int64_t samples, double loss) {
  ++done_;
  samples_ += samples;
  loss_ = loss;
  const double now = watch_.seconds();
  if (!is_due(now)) return;
  shown_ = now;
  if (style_ == Style::bar) {
    std::fputs((kWipeLine + line()).c_str(), stderr);
  } else {
    std::fputs((line() + "\n").c_str(), stderr);
  }
}

bool Progress::is_due(double now) const {
  switch (style_) {
    case Style::quiet: return false;
    case Style::bar: return now - shown_ >= kSecondsBetweenBars;
    case Style::lines: return line_every_ > 0 ? done_ % line_every_ == 0 : now - shown_ >= kSecondsBetweenLines;
  }
  return false;
}

std::string Progress::line() const {
  const double seconds = std::max(watch_.seconds(), 1e-9);
  const auto shown = static_cast<double>(done_ - steps_.done), left = static_cast<double>(steps_.in_all - done_);
  const double seconds_left = shown > 0 ? seconds * (left + static_cast<double>(steps_.behind)) / shown : 0;
  std::string bar;
  if (style_ == Style::bar) {
    const int64_t full = steps_.in_all > 0 ? kBarWidth * done_ / steps_.in_all : kBarWidth;
    bar = fmt::format("[{:=<{}}{: <{}}] ", "", full, "", kBarWidth - full);
  }
  return fmt::format("{} {}{}/{}, {:.0f} {}/s, loss {:.4f}, {} left", label_, bar, done_, steps_.in_all,
                     static_cast<double>(samples_) / seconds, sample_, loss_, clock_text(seconds_left));
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<int64_t>(seconds + 0.5);
  const int64_t hours = whole / 3600, minutes = whole / 60 % 60;
  return hours > 0 ? fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60)
                   : fmt::format("{}:{:02}", minutes, whole % 60);
}

}  // namespace weft::demo
