// nn/ema.h: an exponential moving average of a model's weights
#pragma once
#include "nn/module.h"

namespace weft::nn {

struct EmaOptions {
  double decay = 0.999;
  bool warmup = false;  ///< decay min(decay, (1 + t) / (10 + t)) in update t = 1, 2, ...: early weights fade sooner
};

/// average = decay average + (1 - decay) weight after each step (Polyak averaging); buffers are copied. Starts as the
/// weights are, and follows the model's moves and casts. Call update() after each optimiser's step, and evaluate within
/// the life of an EmaScope.
class Ema {
 public:
  /// `model` must outlive this.  Throws: decay not in 0..1.
  explicit Ema(Module& model, EmaOptions options = {});
  /// Throws: the averages are swapped in.
  void update();
  /// Exchanges the model's values and the averages, in place; a second call exchanges them back.
  void swap();
  int64_t updates() const { return updates_; }

  /// "updates" int64 [] and "average.path", clones.  Throws: the averages are swapped in.
  StateDict state_dict() const;
  /// Throws (nothing changed): entries that are missing or do not fit, all listed.
  void load_state_dict(const StateDict& state);

 private:
  void check_not_swapped(std::string_view op) const;
  /// Calls f(value of the model, its average, whether it is trained).
  template <class F>
  void visit(const F& f);

  Module& model_;
  EmaOptions options_;
  StateDict averages_;
  int64_t updates_ = 0;
  bool swapped_ = false;
};

/// While it lives, the model has the averages as its weights.
class EmaScope {
 public:
  explicit EmaScope(Ema& ema) : ema_(ema) { ema_.swap(); }
  ~EmaScope() { ema_.swap(); }
  EmaScope(const EmaScope&) = delete;
  EmaScope& operator=(const EmaScope&) = delete;

 private:
  Ema& ema_;
};

}  // namespace weft::nn
