// hyper/demos/harness/progress.h: how far an epoch is and how long the run still takes, on stderr
#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace weft::demo {

/// Seconds since it was made.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

/// On a terminal a bar with rate, loss and time left, redrawn in place and wiped at the end; else a plain line now and
/// then.
class Progress {
 public:
  enum class Style { bar, lines, quiet };

  struct Steps {
    int64_t in_all;  ///< of the epoch
    int64_t done;    ///< of them, before
    int64_t behind;  ///< of the epochs that follow
  };

  struct Show {
    bool quiet = false;      ///< nothing at all
    int64_t line_every = 0;  ///< steps between plain lines; 0: every ten seconds
  };

  /// `sample`: what the rate counts, "images".
  Progress(std::string label, std::string sample, Steps steps, Show show);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void step(int64_t samples, double loss);

  /// "CNN 1/4 [=====     ] 110/220, 3214 images/s, loss 0.1234, 0:17 left"; without the bar for plain lines. What is
  /// left is the time of all steps to come, those behind this epoch too, without evaluation.
  std::string line() const;

 private:
  bool is_due(double now) const;

  std::string label_, sample_;
  Steps steps_;
  int64_t done_, samples_ = 0;
  double loss_ = 0, shown_ = 0;
  Style style_;
  int64_t line_every_;
  Stopwatch watch_;
};

/// "0:17", "59:07", "26:40:00".
std::string clock_text(double seconds);

}  // namespace weft::demo
