// bench/case.h: what is measured: work that any device can do, so that its result can be checked before it is timed
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "tensor/backend.h"
#include "tensor/random.h"
#include "tensor/safetensors.h"
#include "tensor/tensor.h"

namespace weft::bench {

inline constexpr Device cuda{DeviceKind::cuda, 0};

/// Work with its inputs on one device.
struct Work {
  std::function<void()> run;                     ///< what is timed; may be run any number of times
  std::function<std::vector<Tensor>()> results;  ///< what the last run computed
  /// By name, what the same work in another library starts from, and after a run what it is held against; most have
  /// none.
  std::function<TensorMap()> state = {};
};

/// Work that computes one tensor.
Work work(std::function<Tensor()> compute);

struct Case {
  std::string name;  ///< "matmul/128x1024x256"
  /// Draws the same inputs on every device.
  std::function<Work(Device)> prepare;
  /// The same work on less, for the check, where `reference` would take minutes; empty: prepare.
  std::function<Work(Device)> prepare_check = {};
  double flops = 0;                                      ///< additions and multiplications of one run; 0: no GFLOP/s
  double bytes = 0;                                      ///< bytes that one run must read and write; 0: no GB/s
  int64_t calls = 1;                                     ///< calls in one run; more than one: time per call is shown
  std::vector<Device> devices = {cpu, reference, cuda};  ///< those that are there
  double tolerance = 1e-5;  ///< largest allowed difference from `reference`, relative to the largest value there
};

/// A family of cases registers itself: const Family family([] { return std::vector<Case>{...}; });
class Family {
 public:
  explicit Family(std::function<std::vector<Case>()> cases);
};

/// Every case of every family, by name.
std::vector<Case> all_cases();

/// One run on `device` against one on `oracle`: empty when they agree, else what differs.
std::string difference(const Case& item, Device device, Device oracle);

/// Standard normal numbers, the same on every device for one `seed`.
Tensor normal(const Shape& shape, Device device, uint64_t seed);

}  // namespace weft::bench
