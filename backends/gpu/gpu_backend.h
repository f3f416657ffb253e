// backends/gpu/gpu_backend.h: the backend whose kernels run on a graphics card, or on the emulator of one
//
// One class, compiled once for each (see gpu.h). All kernels are deterministic: sums run in a fixed order.
#pragma once
#include <memory>
#include <mutex>

#include "backends/gpu/gpu.h"

namespace weft::WEFT_GPU {

class GpuBackend : public Backend {
 public:
  DeviceKind kind() const override;
  std::string description() const override;

  std::byte* allocate(int64_t bytes) override;
  void deallocate(std::byte* data, int64_t bytes) noexcept override;
  MemoryStats memory_stats() const override;
  void copy_from_host(std::byte* destination, const std::byte* source, int64_t bytes) override;
  void copy_to_host(std::byte* destination, const std::byte* source, int64_t bytes) override;

  void unary(UnaryOp op, const Tensor& x, const Tensor& y) override;
  void binary(BinaryOp op, const Tensor& a, const Tensor& b, const Tensor& y) override;
  void where(const Tensor& condition, const Tensor& a, const Tensor& b, const Tensor& y) override;
  void copy(const Tensor& x, const Tensor& y) override;
  void fill(const Tensor& y, Scalar value) override;
  void axpy(double alpha, const Tensor& x, const Tensor& y) override;

  void reduce(ReduceOp op, const Tensor& x, const Tensor& y) override;
  void arg_reduce(ArgReduceOp op, const Tensor& x, int64_t axis, const Tensor& y) override;

  void scan(ScanOp op, From from, const Tensor& x, int64_t axis, const Tensor& y) override;
  void sort(SortOrder order, const Tensor& x, int64_t axis, const Tensor& values, const Tensor& indices) override;

  void matmul(const Tensor& a, const Tensor& b, const Tensor& y) override;

  void cholesky(const Tensor& x, const Tensor& y) override;
  void solve_triangular(const Tensor& a, const Tensor& b, const Tensor& y, bool upper, bool unit) override;
  void qr(const Tensor& x, const Tensor& y) override;
  void lu(const Tensor& x, const Tensor& y, const Tensor& rows) override;

  void conv2d(const Tensor& x, const Tensor& weight, const Tensor& y, const Window2d& window, int64_t groups) override;
  void conv2d_input_gradient(const Tensor& dy, const Tensor& weight, const Tensor& dx, const Window2d& window,
                             int64_t groups) override;
  void conv2d_weight_gradient(const Tensor& x, const Tensor& dy, const Tensor& dw, const Window2d& window,
                              int64_t groups) override;
  void max_pool2d(const Tensor& x, int64_t kernel_h, int64_t kernel_w, const Window2d& window, const Tensor& y,
                  const Tensor& indices) override;

  void gather(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& y) override;
  void scatter(const Tensor& y, int64_t axis, const Tensor& index, const Tensor& source) override;
  void scatter_add(const Tensor& y, int64_t axis, const Tensor& index, const Tensor& source) override;

  void random(const RandomOp& op, const Tensor& y) override;

  void log_softmax(const Tensor& x, int64_t axis, const Tensor& y) override;
  void adam_step(const Tensor& parameter, const Tensor& gradient, const Tensor& exp_avg, const Tensor& exp_avg_sq,
                 const AdamStep& step) override;
  void layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, double eps, const Tensor& y) override;
  void layer_norm_gradient(const Tensor& x, const Tensor& weight, double eps, const Tensor& dy, const Tensor& dx,
                           const Tensor& dweight, const Tensor& dbias) override;
  void lstm_cell_state(const Tensor& gates, const Tensor& c, double forget_bias, const Tensor& mask,
                       const Tensor& y) override;
  void lstm_cell_state_gradient(const Tensor& gates, const Tensor& c, double forget_bias, const Tensor& mask,
                                const Tensor& dy, const Tensor& dgates, const Tensor& dc) override;
  void lstm_hidden_state(const Tensor& gates, const Tensor& c, const Tensor& y) override;
  void lstm_hidden_state_gradient(const Tensor& gates, const Tensor& c, const Tensor& dy, const Tensor& d_o,
                                  const Tensor& dc) override;
  void scaled_gates(const Tensor& by_h, const Tensor& by_x, const Tensor& z, const Tensor& scale_weight,
                    const Tensor& bias, const Tensor& y) override;
  void scaled_gates_gradient(const Tensor& by_h, const Tensor& by_x, const Tensor& z, const Tensor& scale_weight,
                             const Tensor& dy, const ScaledGatesGradient& gradient) override;

 private:
  mutable std::mutex mutex_;  // guards the counts
  MemoryStats stats_;
};

std::unique_ptr<Backend> make_gpu_backend();

}  // namespace weft::WEFT_GPU
