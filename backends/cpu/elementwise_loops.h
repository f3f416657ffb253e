// backends/cpu/elementwise_loops.h: one dense loop an op, fed with operands of any strides
//
// An op is compiled for dense operands only, once a dtype and instruction set; everything else about a loop (tiles,
// threads, strides) is compiled once for all ops. Operands that are not dense pass through short buffers.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include "backends/cpu/isa.h"
#include "backends/cpu/strided_pieces.h"
#include "backends/cpu/thread_pool.h"
#include "tensor/tensor.h"

namespace weft::cpu_kernels {

/// Only float kernels are compiled for every instruction set: integers are not what training waits for.
template <class T, class Body>
void run_elementwise(const Body& body) {
  if constexpr (std::is_floating_point_v<T>) run_for_isa(body);
  else body();
}

/// One dense run of the inputs. With two, the second may be a single element that stands for all.
template <int N>
struct DenseInputs {
  std::array<const std::byte*, N> data;
  bool second_is_constant = false;
};

/// Refers to a callable (inputs, y, count) that computes `count` dense elements; it must outlive the reference.
template <int N>
class DenseRun {
 public:
  template <class F>
  explicit DenseRun(const F& f)
      : callable_(&f), call_([](const void* callable, const DenseInputs<N>& inputs, std::byte* y, int64_t count) {
          (*static_cast<const F*>(callable))(inputs, y, count);
        }) {}

  void operator()(const DenseInputs<N>& inputs, std::byte* y, int64_t count) const {
    call_(callable_, inputs, y, count);
  }

 private:
  const void* callable_;
  void (*call_)(const void*, const DenseInputs<N>&, std::byte*, int64_t);
};

/// Calls `run` until all of y is written, from several threads at once. Defined for 1, 2 and 3 inputs.
template <int N>
void map_strided(const std::array<const Tensor*, N>& inputs, const Tensor& y, const DenseRun<N>& run);

/// ivdep: y may be an input itself, element upon element, but never a shifted overlap.
template <class F, class Y, class... X>
inline void map_dense(F f, int64_t count, Y* y, const X*... x) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; ++i) y[i] = f(x[i]...);
}

/// y = f(a, *b).
template <class F, class Y, class X>
inline void map_with_constant(F f, int64_t count, Y* y, const X* a, const X* b) {
  map_dense([f, constant = *b](X value) { return f(value, constant); }, count, y, a);
}

/// y = f(inputs...), element by element; the inputs' dtypes are X..., and the first chooses the instruction sets.
template <class Y, class... X, class F>
void map_elements(const std::array<const Tensor*, sizeof...(X)>& inputs, const Tensor& y, const F& f) {
  constexpr int N = sizeof...(X);
  const auto run = [&f](const DenseInputs<N>& from, std::byte* to, int64_t count) {
    [&]<size_t... n>(std::index_sequence<n...>) {
      run_elementwise<std::tuple_element_t<0, std::tuple<X...>>>([&] {
        auto* result = reinterpret_cast<Y*>(to);
        if constexpr (N == 2) {
          if (from.second_is_constant) {
            return map_with_constant(f, count, result, reinterpret_cast<const X*>(from.data[n])...);
          }
        }
        map_dense(f, count, result, reinterpret_cast<const X*>(from.data[n])...);
      });
    }
    (std::index_sequence_for<X...>{});
  };
  map_strided<N>(inputs, y, DenseRun<N>(run));
}

}  // namespace weft::cpu_kernels
