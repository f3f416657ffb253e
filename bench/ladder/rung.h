// bench/ladder/rung.h: kernels of one operation in rising order of speed, each with the idea that makes it faster
#pragma once
#include <string_view>
#include <vector>

#include "tensor/tensor.h"

namespace weft::ladder {

struct Rung {
  std::string_view name;                                       ///< by its method: "tiled"
  std::string_view idea;                                       ///< what it does better than the one before
  void (*run)(const std::vector<Tensor>& x, const Tensor& y);  ///< dense float32; y is written
};

/// The rungs of one operation on one kind of device, the slowest first. Registers itself.
struct Ladder {
  DeviceKind kind;
  std::string_view operation;
  std::vector<Rung> rungs;
  void (*synchronize)();  ///< returns when the device has done all that it was asked for

  Ladder(DeviceKind kind, std::string_view operation, void (*synchronize)(), std::vector<Rung> rungs);
};

const std::vector<Ladder>& all_ladders();

}  // namespace weft::ladder
