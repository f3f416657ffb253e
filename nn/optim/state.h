// nn/optim/state.h: what an optimiser keeps for each parameter, out into a state dict and in again
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/variable.h"
#include "nn/state_reader.h"

namespace weft::nn::optim {

/// The name of a tensor that an optimiser keeps for each parameter ("exp_avg").
struct Kept {
  std::string_view name;
  /// What older files call it: read where the name is missing, never written.
  std::string_view former = {};
  /// Whether it is there once there were steps. Others come with a setting that may change between steps, so that a
  /// state may have them without the setting, and lack them with it: the next step that needs one makes it.
  bool always = true;
};

/// Steps in which one parameter had a gradient, and tensors of the parameter's shape and dtype by name.
class ParameterState {
 public:
  int64_t steps = 0;

  bool has(std::string_view name) const { return tensors_.contains(name); }
  /// The tensor with the device and dtype of `parameter`, which both may have changed since; the first call makes it,
  /// full of `initial`.
  Tensor& tensor(std::string_view name, const Tensor& parameter, double initial = 0);

  /// Adds copies in the dtype of the parameter's `value`: parameter 3's "exp_avg" as "exp_avg.3".
  void write(std::map<std::string, Tensor>& dict, size_t parameter, const Tensor& value) const;
  /// Copies of what is kept, with the device and dtype of `value`. One that is always kept must be there once there
  /// were steps.
  static ParameterState read(StateReader& reader, size_t parameter, int64_t steps, const std::vector<Kept>& kept,
                             const Tensor& value);

 private:
  friend void check_step(std::string_view, const std::vector<Variable>&, const std::vector<ParameterState>&);
  std::map<std::string, Tensor, std::less<>> tensors_;
};

/// What holds before the first parameter changes.  Throws: a gradient that has not its parameter's shape, dtype and
/// device; a state of another shape than its parameter has by now.
void check_step(std::string_view op, const std::vector<Variable>& parameters,
                const std::vector<ParameterState>& states);

/// The entry "step", int64 [parameters]: steps of each.
Tensor steps_entry(const std::vector<ParameterState>& states);
std::vector<int64_t> read_steps(StateReader& reader, Problems& problems, size_t parameters);

}  // namespace weft::nn::optim
