// nn/optim/schedule.cpp: learning rates as functions of the step
#include "nn/optim/schedule.h"

#include <algorithm>
#include <cmath>

namespace weft::nn::optim {

double ExponentialDecay::operator()(int64_t step) const {
  return std::max(floor, initial * std::pow(decay, static_cast<double>(step)));
}

}  // namespace weft::nn::optim
