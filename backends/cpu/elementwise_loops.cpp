// backends/cpu/elementwise_loops.cpp: tiles of any strides, brought to the dense loops of the ops
//
// Long runs that are dense in every operand go to an op as they are. Otherwise the elements of each operand that is not
// dense are collected in a buffer, across the ends of its rows: a call is worth its price for short rows too.
#include "backends/cpu/elementwise_loops.h"

namespace weft::cpu_kernels {
namespace {

constexpr int64_t kBuffered = 512;  // elements: the buffers of all operands fit the nearest cache together
constexpr int64_t kLargestElement = 8;
constexpr int64_t kLongRun = 64;

struct Buffer {
  alignas(64) std::byte data[kBuffered * kLargestElement];
};

/// Calls f with an integer as wide as an element.
template <class F>
void visit_word(int64_t element_size, F&& f) {
  switch (element_size) {
    case 1: return f(uint8_t{});
    case 2: return f(uint16_t{});
    case 4: return f(uint32_t{});
    default: return f(uint64_t{});
  }
}

class Operand {
 public:
  Operand(const Tensor& tensor, const Shape& shape)
      : data_(tensor.raw_data()), size_(size_of(tensor.dtype())), pieces_(shape, {tensor.strides()}) {}

  std::byte* at(int64_t offset) const { return data_ + offset * size_; }
  bool is_dense() const { return pieces_.is_flat() && (pieces_.inner_stride(0) == 1 || pieces_.numel == 1); }

  /// Elements first .. first+count-1, in row-major order. `again`: the buffer holds the elements before them.
  const std::byte* read(int64_t first, int64_t count, Buffer& buffer, bool again) const {
    if (is_dense()) return at(first);
    if (again && pieces_.is_flat() && pieces_.inner_stride(0) == 0) return buffer.data;
    visit_word(size_, [&](auto word) {
      auto* to = reinterpret_cast<decltype(word)*>(buffer.data);
      const auto* from = reinterpret_cast<const decltype(word)*>(data_);
      pieces_.visit(first, first + count, [&](const auto& offsets, int64_t run) {
        copy_run(from + offsets[0], pieces_.inner_stride(0), to, 1, run);
        to += run;
      });
    });
    return buffer.data;
  }

  void write(const Buffer& buffer, int64_t first, int64_t count) const {
    visit_word(size_, [&](auto word) {
      const auto* from = reinterpret_cast<const decltype(word)*>(buffer.data);
      auto* to = reinterpret_cast<decltype(word)*>(data_);
      pieces_.visit(first, first + count, [&](const auto& offsets, int64_t run) {
        copy_run(from, 1, to + offsets[0], pieces_.inner_stride(0), run);
        from += run;
      });
    });
  }

 private:
  std::byte* data_;
  int64_t size_;
  Pieces<1> pieces_;
};

template <int N, size_t... n>
std::array<Operand, N + 1> operands_of(const std::array<const Tensor*, N>& inputs, const Tensor& y,
                                       std::index_sequence<n...>) {
  return {Operand(*inputs[n], y.shape())..., Operand(y, y.shape())};
}

template <int N>
void run_buffered(const std::array<Operand, N + 1>& operands, int64_t begin, int64_t end, const DenseRun<N>& run) {
  Buffer buffers[N + 1];
  const Operand& y = operands[N];
  for (int64_t first = begin; first < end; first += kBuffered) {
    const int64_t count = std::min(kBuffered, end - first);
    DenseInputs<N> inputs;
    for (int n = 0; n < N; ++n) inputs.data[n] = operands[n].read(first, count, buffers[n], first > begin);
    if (y.is_dense()) {
      run(inputs, y.at(first), count);
    } else {
      run(inputs, buffers[N].data, count);
      y.write(buffers[N], first, count);
    }
  }
}

}  // namespace

template <int N>
void map_strided(const std::array<const Tensor*, N>& inputs, const Tensor& y, const DenseRun<N>& run) {
  const std::array<Operand, N + 1> operands = operands_of<N>(inputs, y, std::make_index_sequence<N>{});
  std::array<Strides, N + 1> strides;
  for (int n = 0; n < N; ++n) strides[n] = inputs[n]->strides();
  strides[N] = y.strides();
  const Pieces<N + 1> pieces(y.shape(), strides);
  const bool constant = N == 2 && pieces.inner_stride(1) == 0;
  bool direct = pieces.is_flat() || pieces.shape[pieces.rank - 1] >= kLongRun;
  for (int n = 0; n <= N; ++n) {
    direct = direct && (pieces.inner_stride(n) == 1 || pieces.numel == 1 || (n == 1 && constant));
  }
  parallel_ranges(pieces.numel, kTileElements, [&](int64_t begin, int64_t end) {
    if (!direct) return run_buffered<N>(operands, begin, end, run);
    pieces.visit(begin, end, [&](const auto& offsets, int64_t count) {
      DenseInputs<N> from{.data = {}, .second_is_constant = constant};
      for (int n = 0; n < N; ++n) from.data[n] = operands[n].at(offsets[n]);
      run(from, operands[N].at(offsets[N]), count);
    });
  });
}

template void map_strided<1>(const std::array<const Tensor*, 1>&, const Tensor&, const DenseRun<1>&);
template void map_strided<2>(const std::array<const Tensor*, 2>&, const Tensor&, const DenseRun<2>&);
template void map_strided<3>(const std::array<const Tensor*, 3>&, const Tensor&, const DenseRun<3>&);

}  // namespace weft::cpu_kernels
