// backends/gpu/adam.cu: one Adam step on one parameter in one pass: the formula stands at AdamStep
#include "backends/adam_rule.h"
#include "backends/gpu/elementwise.h"
#include "backends/gpu/gpu_backend.h"

namespace weft::WEFT_GPU {
namespace {

/// Where all four tensors are dense, a thread takes 16 bytes of each at a time.
template <class T>
__global__ void adam_kernel(Layout<4> layout, bool dense, AdamRule<T> rule, gp<T> p, gp<const T> gradient, gp<T> m,
                            gp<T> v) {
  constexpr int width = 16 / sizeof(T);
  using Some = Pack<T, width>;
  const int64_t packs = dense ? layout.numel / width : 0;
  for (int64_t i = first_item(); i < packs; i += item_step()) {
    const Some g = ldv<Some>(gradient + i * width);
    Some of_p = ldv<Some>(p + i * width), of_m = ldv<Some>(m + i * width), of_v = ldv<Some>(v + i * width);
    for (int k = 0; k < width; ++k) rule.update(g.at[k], of_p.at[k], of_m.at[k], of_v.at[k]);
    stv(p + i * width, of_p);
    stv(m + i * width, of_m);
    stv(v + i * width, of_v);
  }
  for (int64_t i = packs * width + first_item(); i < layout.numel; i += item_step()) {
    int64_t at[4];
    layout.locate(i, at);
    T of_p = p[at[0]], of_m = m[at[2]], of_v = v[at[3]];
    rule.update(gradient[at[1]], of_p, of_m, of_v);
    p[at[0]] = of_p;
    m[at[2]] = of_m;
    v[at[3]] = of_v;
  }
}

}  // namespace

void GpuBackend::adam_step(const Tensor& parameter, const Tensor& gradient, const Tensor& exp_avg,
                           const Tensor& exp_avg_sq, const AdamStep& step) {
  const Layout<4> layout(parameter.shape(),
                         {parameter.strides(), gradient.strides(), exp_avg.strides(), exp_avg_sq.strides()});
  bool dense = true;
  const Tensor* tensors[] = {&parameter, &gradient, &exp_avg, &exp_avg_sq};
  for (int t = 0; t < 4; ++t)
    dense = dense && layout.is_dense(t) && reinterpret_cast<uintptr_t>(tensors[t]->raw_data()) % 16 == 0;
  visit_floating(parameter.dtype(), [&]<class T>(TypeTag<T>) {
    const int64_t items = dense ? layout.numel * static_cast<int64_t>(sizeof(T)) / 16 + 1 : layout.numel;
    launch(adam_kernel<T>, grid_of(items), kBlock, 0, layout, dense, AdamRule<T>(step), parameter.data<T>(),
           static_cast<const T*>(gradient.data<T>()), exp_avg.data<T>(), exp_avg_sq.data<T>());
  });
}

}  // namespace weft::WEFT_GPU
