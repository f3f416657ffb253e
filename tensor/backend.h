// tensor/backend.h: who computes. One class a backend, behind one small interface
//
// Contract of every kernel: the tensor function in tensor/ has checked shapes, dtypes and devices. The values of an
// index are all that a kernel checks: only it can read them where they lie. Inputs may have any strides, 0 too. The
// output is allocated, has the right shape and dtype, and no two of its elements share memory; it is contiguous unless
// the kernel's comment says otherwise. It overlaps no input, but element-wise kernels may write over an input of the
// same shape, strides and offset. No tensor that reaches a kernel is empty. Kernels keep no state between calls, and
// several threads may call them at once, allocate() and deallocate() too.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "tensor/direction.h"
#include "tensor/random_op.h"
#include "tensor/scalar_maths.h"
#include "tensor/tensor.h"

namespace weft {

enum class ReduceOp : uint8_t { sum, prod, max, min };
enum class ArgReduceOp : uint8_t { argmax, argmin };
enum class ScanOp : uint8_t { sum, prod };

/// Window geometry of convolution and pooling, {height, width} each. Neighbours in a window lie `dilation` apart.
struct Window2d {
  int64_t stride[2] = {1, 1};
  int64_t padding[2] = {0, 0};
  int64_t dilation[2] = {1, 1};
};

/// The same along the only axis of [n, c, l].
struct Window1d {
  int64_t stride = 1, padding = 0, dilation = 1;
  /// For [n, c, 1, l].
  Window2d on_rows() const { return {{1, stride}, {0, padding}, {1, dilation}}; }
};

/// All in bytes, since the start of the process.
struct MemoryStats {
  int64_t in_use = 0;       ///< held by live tensors
  int64_t cached = 0;       ///< kept by the pool for the next tensor
  int64_t peak = 0;         ///< highest in_use seen
  int64_t from_system = 0;  ///< number of times (not bytes) the system was asked for memory
};

class Backend {
 public:
  virtual ~Backend() = default;

  virtual DeviceKind kind() const = 0;
  /// Devices of this kind have the indices 0 .. device_count() - 1; others are refused. One object serves them all. No
  /// backend has more than one yet: allocate() knows no index, and would have to be given one.
  virtual int device_count() const { return 1; }
  /// One line for --list-devices and the start of a run: processor, library, threads.
  virtual std::string description() const = 0;

  // Memory ---------------------------------------------------------------------------------------------------------
  /// Whether the processor may read and write the memory through its pointer; then tensors move without a detour.
  virtual bool host_memory() const { return false; }
  /// At least 1 byte, 64-byte aligned.  Throws: OutOfMemory.
  virtual std::byte* allocate(int64_t bytes) = 0;
  virtual void deallocate(std::byte* data, int64_t bytes) noexcept = 0;
  virtual MemoryStats memory_stats() const = 0;
  virtual void copy_from_host(std::byte* destination, const std::byte* source, int64_t bytes) = 0;
  virtual void copy_to_host(std::byte* destination, const std::byte* source, int64_t bytes) = 0;

  // Element-wise ---------------------------------------------------------------------------------------------------
  /// y = op(x): same shape; y is bool for logical ops, else x's dtype. Which dtypes an op meets: OpTypes.
  virtual void unary(UnaryOp op, const Tensor& x, const Tensor& y) = 0;
  /// y = op(a, b): a and b are expanded to y's shape and have one dtype; y is bool for comparisons and logical ops,
  /// else of their dtype, and may have any strides.
  virtual void binary(BinaryOp op, const Tensor& a, const Tensor& b, const Tensor& y) = 0;
  /// y = condition ? a : b, all of y's shape; condition is bool; a, b and y have one dtype.
  virtual void where(const Tensor& condition, const Tensor& a, const Tensor& b, const Tensor& y) = 0;
  /// y = x, same shape, any strides on both sides, any dtypes: each element is cast_element(x) of tensor/cast.h.
  virtual void copy(const Tensor& x, const Tensor& y) = 0;
  /// y = value, which fits y's dtype; y of any strides.
  virtual void fill(const Tensor& y, Scalar value) = 0;
  /// y += alpha * x, one shape and one floating dtype, y of any strides.
  virtual void axpy(double alpha, const Tensor& x, const Tensor& y) = 0;

  // Reductions -----------------------------------------------------------------------------------------------------
  /// y has x's rank; the reduced axes have size 1 in y. sum and prod of float32 accumulate in float32 trees or wider,
  /// of bool and integers in int64, which wraps (y is int64). max and min: y has x's dtype, NaN wins.
  virtual void reduce(ReduceOp op, const Tensor& x, const Tensor& y) = 0;
  /// y int64, x's rank and size 1 along `axis`: the first index of the extreme value; the first NaN wins.
  virtual void arg_reduce(ArgReduceOp op, const Tensor& x, int64_t axis, const Tensor& y) = 0;

  // Scans and sorting ----------------------------------------------------------------------------------------------
  /// y_i = x_0 op ... op x_i along `axis` (from the last element: x_i op ... op x_n-1), x's shape. Totals are as wide
  /// as those of reduce, and y has reduce's dtype.
  virtual void scan(ScanOp op, From from, const Tensor& x, int64_t axis, const Tensor& y) = 0;
  /// The first elements of every slice of x along `axis`, in order, and where in x they stood (int64). values and
  /// indices have one shape, which along `axis` says how many are wanted: 1 .. x's size. Equal elements keep their
  /// order; NaN counts as larger than all numbers, -0 as equal to 0.
  virtual void sort(SortOrder order, const Tensor& x, int64_t axis, const Tensor& values, const Tensor& indices) = 0;

  // Products -------------------------------------------------------------------------------------------------------
  /// y[b] = a[b] b[b]:  a [batch, m, k], b [batch, k, n], y [batch, m, n], one floating
  /// dtype; batch strides may be 0.
  virtual void matmul(const Tensor& a, const Tensor& b, const Tensor& y) = 0;

  // Linear algebra, in double inside. No kernel fails: what has no answer shows in the result. ----------------------
  /// y lower with x = y y^T, both [batch, n, n]; above x's diagonal nothing is read. Rows of y are NaN from the first
  /// leading minor on that is not positive definite.
  virtual void cholesky(const Tensor& x, const Tensor& y) = 0;
  /// a y = b:  a [batch, n, n], b and y [batch, n, k]; batch strides may be 0. Only the triangle that `upper` says is
  /// read, and with `unit` not its diagonal, which is 1.
  virtual void solve_triangular(const Tensor& a, const Tensor& b, const Tensor& y, bool upper, bool unit) = 0;
  /// x [batch, m, n] with m >= n, y [batch, m + n, n]: Q [m, n] above R [n, n], by Householder's reflections with the
  /// signs of LAPACK's geqrf.
  virtual void qr(const Tensor& x, const Tensor& y) = 0;
  /// x and y [batch, n, n], rows int64 [batch, n]: y holds U and, below the diagonal, L without its diagonal of 1;
  /// row i of L U is row rows[i] of x. The pivot is the column's largest, the first of equals; 0 when there is none.
  virtual void lu(const Tensor& x, const Tensor& y, const Tensor& rows) = 0;

  // Convolution (cross-correlation) and pooling --------------------------------------------------------------------
  /// x [n, c, h, w], weight [o, c / groups, kh, kw], y [n, o, oh, ow], one floating dtype, as in the next two. Channels
  /// of x and y are cut into `groups` equal runs, and each run of y sees its own run of x only.
  virtual void conv2d(const Tensor& x, const Tensor& weight, const Tensor& y, const Window2d& window,
                      int64_t groups) = 0;
  /// dx from dy: the transposed convolution. Every element of dx is written.
  virtual void conv2d_input_gradient(const Tensor& dy, const Tensor& weight, const Tensor& dx, const Window2d& window,
                                     int64_t groups) = 0;
  /// dw from x and dy.
  virtual void conv2d_weight_gradient(const Tensor& x, const Tensor& dy, const Tensor& dw, const Window2d& window,
                                      int64_t groups) = 0;
  /// y [n, c, oh, ow] and int64 indices of the same shape into each h * w plane (the first maximum; NaN wins). Windows
  /// may end beyond the padded image; each holds an element of x.
  virtual void max_pool2d(const Tensor& x, int64_t kernel_h, int64_t kernel_w, const Window2d& window, const Tensor& y,
                          const Tensor& indices) = 0;

  // Indexing -------------------------------------------------------------------------------------------------------
  /// y[i][j][k] = x[i][index[i][j][k]][k] for axis 1, and so on. y and index (int64) have one shape, which off `axis`
  /// is not larger than x's.  Throws: index out of range (host memory: backends/check_index.h).
  virtual void gather(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& y) = 0;
  /// y[i][index[i][j][k]][k] = source[i][j][k], in the row-major order of source, so that the last of those with one
  /// place stays. source has index's shape and y's dtype.  Throws: index out of range (checked before y changes).
  virtual void scatter(const Tensor& y, int64_t axis, const Tensor& index, const Tensor& source) = 0;
  /// y[i][index[i][j][k]][k] += source[i][j][k], in the row-major order of source, so the bits are fixed. source has
  /// index's shape and y's dtype; integers wrap.  Throws: index out of range (checked before y changes).
  virtual void scatter_add(const Tensor& y, int64_t axis, const Tensor& index, const Tensor& source) = 0;

  // Random ---------------------------------------------------------------------------------------------------------
  /// Element i (row-major) of y is random_element<T>(op, i): see tensor/random_op.h. y is contiguous, float32 or
  /// float64.
  virtual void random(const RandomOp& op, const Tensor& y) = 0;

  // Fused kernels: a new backend inherits these, written with the primitives, and overrides one at a time. ----------
  /// y = log_softmax(x) along `axis`, one shape and one floating dtype.
  virtual void log_softmax(const Tensor& x, int64_t axis, const Tensor& y);
  /// One Adam step on one parameter, in place: the formula stands at AdamStep. All four have one shape and dtype, and
  /// may have any strides.
  virtual void adam_step(const Tensor& parameter, const Tensor& gradient, const Tensor& exp_avg,
                         const Tensor& exp_avg_sq, const struct AdamStep& step);
  /// Rows of the last axis brought to mean 0 and variance 1, times weight, plus bias: formulas at
  /// autograd/normalization.h. x, y, dy and dx [n, groups, width]; weight, bias and their gradients [groups, width]:
  /// row [i, g] has weight[g]. One floating dtype; inputs of any strides, outputs contiguous. weight and bias may be
  /// undefined, and then so are dweight and dbias.
  virtual void layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, double eps, const Tensor& y);
  virtual void layer_norm_gradient(const Tensor& x, const Tensor& weight, double eps, const Tensor& dy,
                                   const Tensor& dx, const Tensor& dweight, const Tensor& dbias);
  /// One step of an LSTM behind its products, and the way back: formulas at tensor/lstm.h. gates and dgates [n, 4 h],
  /// all else [n, h], one floating dtype; inputs of any strides, outputs contiguous. mask may be undefined.
  virtual void lstm_cell_state(const Tensor& gates, const Tensor& c, double forget_bias, const Tensor& mask,
                               const Tensor& y);
  virtual void lstm_cell_state_gradient(const Tensor& gates, const Tensor& c, double forget_bias, const Tensor& mask,
                                        const Tensor& dy, const Tensor& dgates, const Tensor& dc);
  virtual void lstm_hidden_state(const Tensor& gates, const Tensor& c, const Tensor& y);
  /// d_o is the gradient of the last quarter of gates.
  virtual void lstm_hidden_state_gradient(const Tensor& gates, const Tensor& c, const Tensor& dy, const Tensor& d_o,
                                          const Tensor& dc);
  /// All steps of an LSTM, and the way back: shapes and formulas at tensor/lstm_sequence.h. Everything is contiguous.
  /// In `sequence` the states to start from are there already, and the c that is left at the end is the caller's.
  virtual void lstm_sequence(const Tensor& projected, const Tensor& weight_hh,
                             const struct LstmSequenceOptions& options, const struct LstmSequence& sequence);
  virtual void lstm_sequence_gradient(const struct LstmSequence& sequence, const Tensor& weight_hh, const Tensor& dy,
                                      const struct LstmSequenceOptions& options,
                                      const struct LstmSequenceGradient& gradient);
  /// Gate sums of scaled products, and the way back: shapes and formulas at tensor/scaled_gates.h. One floating dtype;
  /// inputs of any strides, outputs contiguous. bias and its gradient may be undefined.
  virtual void scaled_gates(const Tensor& by_h, const Tensor& by_x, const Tensor& z, const Tensor& scale_weight,
                            const Tensor& bias, const Tensor& y);
  virtual void scaled_gates_gradient(const Tensor& by_h, const Tensor& by_x, const Tensor& z,
                                     const Tensor& scale_weight, const Tensor& dy,
                                     const struct ScaledGatesGradient& gradient);
};

/// Scalars of step t = 1, 2, ... of Adam (Kingma and Ba 2015):
///   g           = gradient + weight_decay * parameter
///   exp_avg     = beta1 * exp_avg + (1 - beta1) * g
///   exp_avg_sq  = beta2 * exp_avg_sq + (1 - beta2) * g^2
///   parameter  -= step_size * exp_avg / (sqrt(exp_avg_sq) / bias_correction2_sqrt + eps)
/// with step_size = lr / (1 - beta1^t) and bias_correction2_sqrt = sqrt(1 - beta2^t).
struct AdamStep {
  double beta1, beta2, eps, step_size, bias_correction2_sqrt, weight_decay;
};

// Registry -----------------------------------------------------------------------------------------------------------

/// A backend that is compiled in, and why it cannot be used here when it cannot.
struct BackendEntry {
  std::unique_ptr<Backend> backend;  ///< null when absent
  DeviceKind kind;
  std::string absent_because;
};

/// Defined in backends/compiled_in.cpp, the only place that knows which backends there are; one entry a kind.
std::vector<BackendEntry> compiled_in_backends();

/// Throws: not compiled in, not usable on this machine (and says why), or no such index.
Backend& backend_of(Device device);

MemoryStats memory_stats(Device device);

}  // namespace weft
