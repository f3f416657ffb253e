// backends/gpu/elementwise.h: y[i] = f(x[i]...), the one kernel behind every element-wise op
//
// Two ways through memory. Where every tensor is dense, or one element that all share, a thread takes 16 bytes at a
// time of the widest element type: a card moves most bytes a second so. Everywhere else a thread works out where its
// element lies. One kernel holds both, so that an op is compiled once.
#pragma once
#include <algorithm>
#include <type_traits>
#include <utility>

#include "backends/gpu/layout.h"
#include "backends/gpu/pack.h"

namespace weft::WEFT_GPU {

/// How tensor t is read by the dense way: element i, or element 0 whatever i is.
template <int N>
struct Access {
  bool dense = true;
  bool one_element[N] = {};
};

template <int width, class T>
__device__ __forceinline__ Pack<T, width> load_pack(gp<const T> x, bool one_element, int64_t i) {
  if (!one_element) return ldv<Pack<T, width>>(x + i);
  const T value = x[0];
  Pack<T, width> pack;
  for (int k = 0; k < width; ++k) pack.at[k] = value;
  return pack;
}

template <int width, class Out, class F, class... In>
__device__ __forceinline__ Pack<Out, width> apply_to_packs(const F& f, const Pack<In, width>&... x) {
  Pack<Out, width> y;
  for (int k = 0; k < width; ++k) y.at[k] = f(x.at[k]...);
  return y;
}

template <class F, class Out, class... In, size_t... t>
__device__ __forceinline__ void elementwise_body(std::index_sequence<t...>, const Layout<1 + sizeof...(In)>& layout,
                                                 const Access<1 + sizeof...(In)>& access, const F& f, gp<Out> y,
                                                 gp<const In>... x) {
  if (access.dense) {
    constexpr int width = 16 / std::max({sizeof(Out), sizeof(In)...});
    const int64_t packs = layout.numel / width;
    for (int64_t p = first_item(); p < packs; p += item_step())
      stv(y + p * width,
          apply_to_packs<width, Out>(f, load_pack<width, In>(x, access.one_element[1 + t], p * width)...));
    for (int64_t i = packs * width + first_item(); i < layout.numel; i += item_step())
      y[i] = f(static_cast<In>(x[access.one_element[1 + t] ? 0 : i])...);
  } else {
    for (int64_t i = first_item(); i < layout.numel; i += item_step()) {
      int64_t at[1 + sizeof...(In)];
      layout.locate(i, at);
      y[at[0]] = f(static_cast<In>(x[at[1 + t]])...);
    }
  }
}

/// Function objects without members are made in the kernel, so that kernels that differ by them have one signature, and
/// are launched by the same code.
struct NoMembers {};
template <class F>
using Argument = std::conditional_t<std::is_empty_v<F>, NoMembers, F>;

template <class F, class Out, class... In>
__global__ void elementwise_kernel(Layout<1 + sizeof...(In)> layout, Access<1 + sizeof...(In)> access,
                                   Argument<F> argument, gp<Out> y, gp<const In>... x) {
  constexpr std::index_sequence_for<In...> inputs;
  if constexpr (std::is_empty_v<F>) elementwise_body<F, Out, In...>(inputs, layout, access, F{}, y, x...);
  else elementwise_body<F, Out, In...>(inputs, layout, access, argument, y, x...);
}

template <class Out, class... In>
struct Elementwise {
  static constexpr int N = 1 + sizeof...(In);
  static constexpr int64_t width = 16 / std::max({sizeof(Out), sizeof(In)...});

  template <class A, class... X>
  static void run(void (*kernel)(Layout<N>, Access<N>, A, gp<Out>, gp<const In>...), const A& argument, const Tensor& y,
                  const X&... x) {
    const Layout<N> layout(y.shape(), {y.strides(), x.strides()...});
    const void* start[N] = {y.template data<Out>(), x.template data<In>()...};
    Access<N> access;
    for (int t = 0; t < N; ++t) {
      const bool aligned = reinterpret_cast<uintptr_t>(start[t]) % 16 == 0;
      access.one_element[t] = t > 0 && layout.is_one_element(t);
      access.dense = access.dense && (access.one_element[t] || (layout.is_dense(t) && aligned));
    }
    const int64_t items = access.dense ? (layout.numel + width - 1) / width : layout.numel;
    launch(kernel, grid_of(items), kBlock, 0, layout, access, argument, y.template data<Out>(),
           static_cast<const In*>(x.template data<In>())...);
  }
};

/// y[i] = f(x[i]...) for tensors of y's shape, x of the element types In. f is a function object that a kernel can be
/// handed by value.
template <class Out, class... In, class F, class... X>
void elementwise(const F& f, const Tensor& y, const X&... x) {
  if constexpr (std::is_empty_v<F>)
    Elementwise<Out, In...>::run(elementwise_kernel<F, Out, In...>, NoMembers{}, y, x...);
  else Elementwise<Out, In...>::run(elementwise_kernel<F, Out, In...>, f, y, x...);
}

}  // namespace weft::WEFT_GPU
