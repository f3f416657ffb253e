// datasets/dataset.cpp: a part of a set
#include "datasets/dataset.h"

namespace weft::datasets {

LabelledImages take(const LabelledImages& set, int64_t first, int64_t last) {
  if (first < 0 || last < first || last > set.size())
    fail("take", "rows {} to {} are out of range: {} has {} images; hint: 0 <= first <= last <= {}", first, last,
         set.name.empty() ? "the set" : set.name, set.size(), set.size());
  LabelledImages part = set;
  if (!set.images.defined()) return part;
  part.images = set.images.slice(0, first, last);
  part.labels = set.labels.slice(0, first, last);
  return part;
}

}  // namespace weft::datasets
