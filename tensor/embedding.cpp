// tensor/embedding.cpp: from numbers of classes or words to vectors
#include "tensor/embedding.h"

#include <algorithm>
#include <vector>

#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/indexing.h"

namespace weft {
namespace {

/// Throws: a value outside 0 .. size - 1.
void check_range(std::string_view op, const std::vector<int64_t>& values, int64_t size) {
  for (const int64_t value : values) {
    if (value >= 0 && value < size) continue;
    fail(op, "index {} is out of range: there are {} {}", value, size, op == "one_hot" ? "classes" : "rows");
  }
}

}  // namespace

Tensor one_hot(const Tensor& index, int64_t num_classes) {
  check_int64("one_hot", "the index", index);
  if (num_classes == 0 || num_classes < -1) {
    fail("one_hot", "{} classes: there must be 1 or more, or -1 to count them: the index is {}", num_classes,
         index.describe());
  }
  if (num_classes == -1 && index.numel() == 0) {
    fail("one_hot", "an empty index does not tell the number of classes: it is {}", index.describe());
  }
  const std::vector<int64_t> values = index.to_vector<int64_t>();
  int64_t classes = num_classes;
  if (num_classes == -1) {
    const int64_t largest = *std::max_element(values.begin(), values.end());
    classes = largest == INT64_MAX ? largest : largest + 1;
  }
  check_range("one_hot", values, classes);
  Shape shape = index.shape();
  shape.push_back(classes);
  check_allocatable("one_hot", shape, DType::int64);
  return equal(index.unsqueeze(-1), arange(0, classes, 1, {.dtype = DType::int64, .device = index.device()}))
      .to(DType::int64);
}

Tensor embedding(const Tensor& weight, const Tensor& index) {
  check_rank("embedding", "weight", weight, 2);
  check_same_device("embedding", weight, index);
  check_int64("embedding", "the index", index);
  check_range("embedding", index.to_vector<int64_t>(), weight.size(0));
  Shape shape = index.shape();
  shape.push_back(weight.size(1));
  return index_select(weight, 0, index.reshape({-1})).reshape(shape);
}

}  // namespace weft
