// nn/sequential.cpp: layers one after another
#include "nn/sequential.h"

namespace weft::nn {

void Sequential::append(std::unique_ptr<Layer> layer) {
  if (!layer) fail("Sequential::append", "layer {} is null", size());
  layers_.push_back(std::move(layer));
  register_child(std::to_string(size() - 1), *layers_.back());
}

Variable Sequential::operator()(const Variable& x) {
  Variable y = x;
  for (const std::unique_ptr<Layer>& layer : layers_) y = (*layer)(y);
  return y;
}

Layer& Sequential::operator[](int64_t i) {
  if (i < 0 || i >= size()) fail("Sequential", "layer {} is out of range: there are {}", i, size());
  return *layers_[static_cast<size_t>(i)];
}

}  // namespace weft::nn
