// backends/gpu/move.cu: choosing, copying, casting, filling and adding, element by element
#include "backends/gpu/elementwise.h"
#include "backends/gpu/gpu_backend.h"
#include "tensor/cast.h"

namespace weft::WEFT_GPU {
namespace {

struct Choose {
  template <class T>
  __device__ T operator()(bool condition, T a, T b) const {
    return condition ? a : b;
  }
};

template <class To>
struct Cast {
  template <class From>
  __device__ To operator()(From x) const {
    return cast_element<To>(x);
  }
};

template <class T>
struct Constant {
  T value;
  __device__ T operator()() const { return value; }
};

template <class T>
struct AddMultiple {
  T alpha;
  __device__ T operator()(T y, T x) const { return y + alpha * x; }
};

}  // namespace

void GpuBackend::where(const Tensor& condition, const Tensor& a, const Tensor& b, const Tensor& y) {
  visit_stored(y.dtype(), [&]<class T>(TypeTag<T>) { elementwise<T, bool, T, T>(Choose{}, y, condition, a, b); });
}

void GpuBackend::copy(const Tensor& x, const Tensor& y) {
  visit_stored(x.dtype(), [&]<class From>(TypeTag<From>) {
    visit_stored(y.dtype(), [&]<class To>(TypeTag<To>) { elementwise<To, From>(Cast<To>{}, y, x); });
  });
}

void GpuBackend::fill(const Tensor& y, Scalar value) {
  visit_stored(y.dtype(), [&]<class T>(TypeTag<T>) { elementwise<T>(Constant<T>{value.as<T>()}, y); });
}

void GpuBackend::axpy(double alpha, const Tensor& x, const Tensor& y) {
  visit_floating(y.dtype(),
                 [&]<class T>(TypeTag<T>) { elementwise<T, T, T>(AddMultiple<T>{static_cast<T>(alpha)}, y, y, x); });
}

}  // namespace weft::WEFT_GPU
