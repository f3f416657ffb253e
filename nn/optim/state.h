// nn/optim/state.h: what an optimiser keeps for each parameter, out into a state dict and in again
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "nn/state_reader.h"

namespace weft::nn::optim {

/// Steps in which one parameter had a gradient, and tensors of the parameter's shape and dtype by name ("exp_avg").
class ParameterState {
 public:
  int64_t steps = 0;

  bool has(std::string_view name) const { return tensors_.contains(name); }
  /// The tensor on the device of `parameter`; the first call makes it, full of `initial`.
  Tensor& tensor(std::string_view name, const Tensor& parameter, double initial = 0);

  /// Adds clones: parameter 3's "exp_avg" as "exp_avg.3".
  void write(std::map<std::string, Tensor>& dict, size_t parameter) const;
  /// Clones of `names` on the device of `value`. A missing one is a problem once there were steps.
  static ParameterState read(StateReader& reader, size_t parameter, int64_t steps,
                             const std::vector<std::string_view>& names, const Tensor& value);

 private:
  std::map<std::string, Tensor, std::less<>> tensors_;
};

/// The entry "step", int64 [parameters]: steps of each.
Tensor steps_entry(const std::vector<ParameterState>& states);
std::vector<int64_t> read_steps(StateReader& reader, Problems& problems, size_t parameters);

}  // namespace weft::nn::optim
