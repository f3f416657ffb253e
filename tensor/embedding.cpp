// tensor/embedding.cpp: from numbers of classes or words to vectors
#include "tensor/embedding.h"

#include "tensor/checks.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/indexing.h"
#include "tensor/reduce.h"

namespace weft {
namespace {

/// `what`: of which there are `size`.
void check_in_range(std::string_view op, const Tensor& index, int64_t size, std::string_view what) {
  if (const auto stray = find_stray_index(index, 0, size))
    fail(op, "index {} is out of range: there are {} {}", stray->value, size, what);
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
  int64_t classes = num_classes;
  if (num_classes == -1) {
    const auto largest = max(index).item<int64_t>();
    classes = largest == INT64_MAX ? largest : largest + 1;
  }
  check_in_range("one_hot", index, classes, "classes");
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
  check_in_range("embedding", index, weight.size(0), "rows");
  Shape shape = index.shape();
  shape.push_back(weight.size(1));
  return index_select(weight, 0, index.reshape({-1})).reshape(shape);
}

}  // namespace weft
