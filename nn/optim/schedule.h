// nn/optim/schedule.h: learning rates as functions of the step
#pragma once
#include <cstdint>

namespace weft::nn::optim {

/// lr(step) = max(floor, initial * decay^step): optimizer.set_lr(schedule(step)) before each step.
struct ExponentialDecay {
  double initial;
  double decay = 1;
  double floor = 0;
  double operator()(int64_t step) const;
};

}  // namespace weft::nn::optim
