// datasets/known_sets.cpp: published sets, recognised by their labels
#include "datasets/known_sets.h"

#include <zlib.h>

namespace weft::datasets {

const KnownSet* known_set(const Tensor& labels) {
  const Tensor bytes = labels.to(cpu).contiguous();
  const auto sum = static_cast<uint32_t>(
      crc32_z(0, bytes.data<uint8_t>(), static_cast<size_t>(bytes.numel())));  // empty labels: 0, which none has
  for (const KnownSet* set : {&kMnist, &kFashionMnist}) {
    if (sum == set->train_labels || sum == set->test_labels) return set;
  }
  return nullptr;
}

}  // namespace weft::datasets
