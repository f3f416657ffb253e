// backends/cpu/backend_class.h: the fast processor backend; each family of kernels has a source file of its own
#pragma once
#include "backends/cpu/memory_pool.h"
#include "tensor/backend.h"

namespace weft::cpu_kernels {

class CpuBackend final : public Backend {
 public:
  CpuBackend();

  DeviceKind kind() const override { return DeviceKind::cpu; }
  std::string description() const override;

  bool host_memory() const override { return true; }
  std::byte* allocate(int64_t bytes) override { return memory_.allocate(bytes); }
  void deallocate(std::byte* data, int64_t bytes) noexcept override { memory_.deallocate(data, bytes); }
  MemoryStats memory_stats() const override { return memory_.stats(); }
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
  void lstm_sequence(const Tensor& projected, const Tensor& weight_hh, const LstmSequenceOptions& options,
                     const LstmSequence& sequence) override;
  void lstm_sequence_gradient(const LstmSequence& sequence, const Tensor& weight_hh, const Tensor& dy,
                              const LstmSequenceOptions& options, const LstmSequenceGradient& gradient) override;
  void scaled_gates(const Tensor& by_h, const Tensor& by_x, const Tensor& z, const Tensor& scale_weight,
                    const Tensor& bias, const Tensor& y) override;
  void scaled_gates_gradient(const Tensor& by_h, const Tensor& by_x, const Tensor& z, const Tensor& scale_weight,
                             const Tensor& dy, const ScaledGatesGradient& gradient) override;

 private:
  MemoryPool memory_;
};

}  // namespace weft::cpu_kernels
