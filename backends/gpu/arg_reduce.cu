// backends/gpu/arg_reduce.cu: where the largest or smallest element of a slice stands
#include "backends/gpu/gpu_backend.h"
#include "backends/gpu/reduce_slices.h"

namespace weft::WEFT_GPU {
namespace {

template <class T>
struct Candidate {
  T value;
  int64_t index;  // -1: none
};

/// The first NaN, else the first of the largest (or smallest). Which of two wins does not depend on who is asked first,
/// so any tree gives the same answer.
template <class T>
struct ArgFold {
  using Total = Candidate<T>;
  bool largest;

  __device__ Total start() const { return {T(0), -1}; }
  __device__ Total load(T x, int64_t i) const { return {x, i}; }
  __device__ Total load(Total x, int64_t) const { return x; }
  __device__ Total combine(Total a, Total b) const {
    if (a.index < 0 || b.index < 0) return a.index < 0 ? b : a;
    const bool a_is_nan = a.value != a.value, b_is_nan = b.value != b.value;
    if (a_is_nan != b_is_nan) return a_is_nan ? a : b;
    if (a_is_nan || a.value == b.value) return a.index < b.index ? a : b;
    return (a.value > b.value) == largest ? a : b;
  }
  template <class Out>
  __device__ Out result(Total total) const {
    if constexpr (std::is_same_v<Out, Total>) return total;
    else return total.index;
  }
};

}  // namespace

// y[i, 0, k] = the first j where x[i, j, k] is largest (smallest); a NaN beats every number
void GpuBackend::arg_reduce(ArgReduceOp op, const Tensor& x, int64_t axis, const Tensor& y) {
  Shape window = Dims::filled(x.rank(), 1);
  window[axis] = x.shape()[axis];
  const Layout<2> kept(y.shape(), {x.strides(), y.strides()});
  const Layout<1> reduced(window, {x.strides()});
  visit_dtype(x.dtype(), [&]<class Stored>(TypeTag<Stored>) {
    using T = std::conditional_t<std::is_same_v<Stored, bool>, uint8_t, Stored>;
    reduce_slices<ArgFold<T>, T, int64_t>({op == ArgReduceOp::argmax}, kept, reduced, x.data<T>(), y.data<int64_t>(),
                                          y.device());
  });
}

}  // namespace weft::WEFT_GPU
