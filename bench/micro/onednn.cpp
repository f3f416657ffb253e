// bench/micro/onednn.cpp: the products and convolutions of the other files by oneDNN, a peer at its best; only where
// CMake finds it
//
// Held against `reference` before they are timed, as every case is; oneDNN shares memory with the tensors.
#include <oneapi/dnnl/dnnl.hpp>

#include "bench/micro/conv_size.h"
#include "bench/micro/matmul_size.h"
#include "tensor/create.h"
#include "tensor/matmul.h"

namespace weft::bench {
namespace {

using Layout = dnnl::memory::desc;
using Tag = dnnl::memory::format_tag;

dnnl::engine& engine() {
  static dnnl::engine processor(dnnl::engine::kind::cpu, 0);
  return processor;
}

dnnl::stream& stream() {
  static dnnl::stream queue(engine());
  return queue;
}

Layout layout(const Shape& shape, Tag tag) {
  return {dnnl::memory::dims(shape.begin(), shape.end()), dnnl::memory::data_type::f32, tag};
}

/// A batch of one is no batch to oneDNN, which is told two axes then.
Tensor without_batch_of_one(const Tensor& x) { return x.shape()[0] == 1 ? x.select(0, 0) : x; }

/// As the tensor lies in memory.
Layout layout_of(const Tensor& x) {
  return {dnnl::memory::dims(x.shape().begin(), x.shape().end()), dnnl::memory::data_type::f32,
          dnnl::memory::dims(x.strides().begin(), x.strides().end())};
}

dnnl::memory memory_of(const Tensor& x) { return {layout_of(x), engine(), x.data<float>()}; }

/// Versions before 3 want the arguments in a `desc`.
template <class Primitive, class... Arguments>
typename Primitive::primitive_desc plan(const Arguments&... arguments) {
  if constexpr (requires { typename Primitive::desc; }) {
    return {typename Primitive::desc(arguments...), engine()};
  } else {
    return {engine(), arguments...};
  }
}

void run(const dnnl::primitive& primitive, const dnnl::memory& src, const dnnl::memory& weights,
         const dnnl::memory& dst) {
  primitive.execute(stream(), {{DNNL_ARG_SRC, src}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DST, dst}});
  stream().wait();
}

void reorder(const dnnl::memory& from, const dnnl::memory& to) {
  const dnnl::primitive primitive = dnnl::reorder(from, to);
  primitive.execute(stream(), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
  stream().wait();
}

/// `from`, or the same numbers in another layout.
dnnl::memory in_layout(const Layout& wanted, const dnnl::memory& from) {
  if (from.get_desc() == wanted) return from;
  dnnl::memory to(wanted, engine());
  reorder(from, to);
  return to;
}

Work onednn_product(const MatmulSize& s) {
  const Tensor a = operand(s, s.layouts[0], s.m, s.k, cpu, 1), b = operand(s, s.layouts[1], s.k, s.n, cpu, 2);
  const Tensor y = empty({s.batch, s.m, s.n});
  const dnnl::memory src = memory_of(without_batch_of_one(a)), weights = memory_of(without_batch_of_one(b));
  const dnnl::memory dst = memory_of(without_batch_of_one(y));
  const auto primitive = dnnl::matmul(plan<dnnl::matmul>(src.get_desc(), weights.get_desc(), dst.get_desc()));
  // The tensors are captured to keep their memory.
  return work([=, kept = std::array{a, b}] {
    run(primitive, src, weights, dst);
    return y;
  });
}

/// Every tensor in the layout of nn::Conv2d, or in the one that oneDNN chooses, into which x and weight are brought
/// before: a network would keep them so.
enum class Layouts : uint8_t { plain, chosen };

Work onednn_convolution(const ConvSize& s, Layouts layouts) {
  const Tensor x = normal(s.x(), cpu, 1), weight = normal(s.weight(), cpu, 2), y = empty(s.y());
  // oneDNN tells groups by an axis of their own.
  const Tensor split =
      s.groups == 1 ? weight : weight.reshape({s.groups, s.out / s.groups, s.in / s.groups, s.kernel, s.kernel});
  const bool chosen = layouts == Layouts::chosen;
  const auto wanted = [&](const Tensor& tensor) {
    return chosen ? layout(tensor.shape(), Tag::any) : layout_of(tensor);
  };
  const dnnl::memory::dims one{1, 1}, border{s.kernel / 2, s.kernel / 2};
  const auto planned =
      plan<dnnl::convolution_forward>(dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_auto, wanted(x),
                                      wanted(split), wanted(y), one, border, border);
  const dnnl::memory src = in_layout(planned.src_desc(), memory_of(x));
  const dnnl::memory weights = in_layout(planned.weights_desc(), memory_of(split));
  const dnnl::memory dst = chosen ? dnnl::memory(planned.dst_desc(), engine()) : memory_of(y);
  const auto primitive = dnnl::convolution_forward(planned);
  const auto convolve = [=, kept = std::array{x, split}] { run(primitive, src, weights, dst); };
  const auto result = [=] {
    if (chosen) reorder(dst, memory_of(y));
    return std::vector<Tensor>{y};
  };
  return {convolve, result};
}

std::vector<Case> onednn_cases() {
  std::vector<Case> cases;
  for (const MatmulSize& s : kMatmulSizes) {
    if (s.dtype != DType::float32) continue;
    const auto prepare = [s](Device device) {
      if (device == cpu) return onednn_product(s);
      return work([a = operand(s, s.layouts[0], s.m, s.k, device, 1),
                   b = operand(s, s.layouts[1], s.k, s.n, device, 2)] { return matmul(a, b); });
    };
    cases.push_back(
        {.name = name_of(s) + "/onednn", .prepare = prepare, .flops = flops(s), .bytes = bytes(s), .devices = {cpu}});
  }
  for (const ConvSize& s : kConvSizes) {
    for (const Layouts layouts : {Layouts::plain, Layouts::chosen}) {
      const auto prepare = [=](Device device) {
        if (device == cpu) return onednn_convolution(s, layouts);
        return work([s, x = normal(s.x(), device, 1), w = normal(s.weight(), device, 2)] {
          return conv2d(x, w, s.window(), s.groups);
        });
      };
      const char* suffix = layouts == Layouts::plain ? "/onednn" : "/onednn_blocked";
      cases.push_back({.name = name_of(s, "conv2d", "depthwise_conv2d") + suffix,
                       .prepare = prepare,
                       .flops = flops(s),
                       .bytes = bytes(s),
                       .devices = {cpu}});
    }
  }
  return cases;
}

const Family onednn_family(onednn_cases);

}  // namespace
}  // namespace weft::bench
