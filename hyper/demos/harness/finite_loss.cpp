// hyper/demos/harness/finite_loss.cpp: a batch whose loss is no number is computed again, watched op by op
#include "hyper/demos/harness/finite_loss.h"

#include <cmath>

#include "autograd/anomaly.h"

namespace weft::demo {

double finite_loss(const std::function<Variable()>& loss_of) {
  const double loss = loss_of().item();
  if (std::isfinite(loss)) return loss;
  const std::string anomaly = first_anomaly(loss_of);
  const std::string fact =
      fmt::format("the loss is {}{}", printable(loss), anomaly.empty() ? "" : ", first in " + anomaly);
  throw nn::NonFinite(fmt::format("evaluate: {}; hint: lower the learning rate or clip", fact), fact);
}

}  // namespace weft::demo
