// hyper/demos/harness/finite_loss.h: the loss of one batch of an evaluation, which must be a number
#pragma once
#include <functional>

#include "nn/trainer.h"

namespace weft::demo {

/// The value of the scalar that `loss_of` computes.  Throws nn::NonFinite: it is none; `loss_of` is then called once
/// more, on a tape, and the message names the first op whose result was not finite, which tensor and where in it, as
/// the message of a training step does. So `loss_of` must compute the same twice.
double finite_loss(const std::function<Variable()>& loss_of);

}  // namespace weft::demo
