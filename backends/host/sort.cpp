// backends/host/sort.cpp: sorting in host memory, slice by slice
#include "backends/host/sort.h"

#include <algorithm>
#include <vector>

#include "backends/check_index.h"

namespace weft {
namespace {

template <class T>
struct Entry {
  T value;
  int64_t index;
};

/// NaN is larger than all numbers.
template <class T>
bool is_less(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) return a < b || (b != b && a == a);
  else return a < b;
}

/// Of equal elements the earlier one comes first, so no two entries are equal and the result is the only one there is.
template <class T>
struct Before {
  SortOrder order;
  bool operator()(const Entry<T>& a, const Entry<T>& b) const {
    const Entry<T>&low = order == SortOrder::ascending ? a : b, &high = order == SortOrder::ascending ? b : a;
    if (is_less(low.value, high.value)) return true;
    if (is_less(high.value, low.value)) return false;
    return a.index < b.index;
  }
};

template <class T>
void sort_entries(std::vector<Entry<T>>& entries, int64_t wanted, Before<T> before) {
  const auto end = entries.begin() + wanted;
  if (end != entries.end()) std::nth_element(entries.begin(), end, entries.end(), before);
  std::sort(entries.begin(), end, before);
}

int64_t offset_of(const Dims& index, const Strides& strides) {
  int64_t offset = 0;
  for (int64_t axis = 0; axis < index.size(); ++axis) offset += index[axis] * strides[axis];
  return offset;
}

}  // namespace

void sort_slices(SortOrder order, const Tensor& x, int64_t axis, const Tensor& values, const Tensor& indices,
                 int64_t begin, int64_t end) {
  const int64_t size = x.shape()[axis], wanted = values.shape()[axis];
  const int64_t x_step = x.strides()[axis], value_step = values.strides()[axis], index_step = indices.strides()[axis];
  Shape slices = x.shape();
  slices[axis] = 1;
  visit_dtype(x.dtype(), [&]<class T>(TypeTag<T>) {
    std::vector<Entry<T>> entries(static_cast<size_t>(size));
    for (int64_t slice = begin; slice < end; ++slice) {
      const Dims at = unravel(slice, slices);
      const T* from = x.data<T>() + offset_of(at, x.strides());
      for (int64_t i = 0; i < size; ++i) entries[static_cast<size_t>(i)] = {from[i * x_step], i};
      sort_entries(entries, wanted, Before<T>{order});
      T* value = values.data<T>() + offset_of(at, values.strides());
      int64_t* index = indices.data<int64_t>() + offset_of(at, indices.strides());
      for (int64_t i = 0; i < wanted; ++i) {
        value[i * value_step] = entries[static_cast<size_t>(i)].value;
        index[i * index_step] = entries[static_cast<size_t>(i)].index;
      }
    }
  });
}

}  // namespace weft
