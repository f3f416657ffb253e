// nn/state_reader.h: taking a state dict apart, with everything that does not fit in one message
#pragma once
#include <map>
#include <set>
#include <string>

#include "nn/problems.h"

namespace weft::nn {

/// Numbers as state dicts hold them: float64 [] and int64 [], on the cpu.
Tensor number_entry(double number);
Tensor count_entry(int64_t count);

/// Adds every entry of `part` to `whole` as "prefix.name".
void add_part(std::map<std::string, Tensor>& whole, const std::string& prefix,
              const std::map<std::string, Tensor>& part);
/// The entries below "prefix.", without it.
std::map<std::string, Tensor> part_of(const std::map<std::string, Tensor>& whole, const std::string& prefix);

/// Reads entries by name. What is missing or does not fit becomes a problem, and a stand-in is returned.
class StateReader {
 public:
  StateReader(const std::map<std::string, Tensor>& dict, Problems& problems) : dict_(dict), problems_(problems) {}

  bool has(const std::string& name) const { return dict_.contains(name); }
  /// The entry itself; undefined when it does not fit.
  Tensor tensor(const std::string& name, const Shape& shape, DType dtype);
  /// A copy with the dtype and the device of `own`, whose shape it has; floating dtypes are cast into each other.
  /// Undefined when it does not fit.
  Tensor copy_like(const std::string& name, const Tensor& own);
  double number(const std::string& name);
  /// An int64 that is not negative.
  int64_t count(const std::string& name);
  /// Every entry that nobody asked for is a problem.
  void check_all_known();

 private:
  /// The entry when it is there, has this shape and `fits(its dtype)`; else undefined, and a problem.
  template <class Fits>
  Tensor find(const std::string& name, const Shape& shape, DType expected, const Fits& fits);

  const std::map<std::string, Tensor>& dict_;
  Problems& problems_;
  std::set<std::string> known_;
};

}  // namespace weft::nn
