// backends/gpu/not_yet.cu: what has no kernel yet
#include "backends/gpu/gpu_backend.h"

namespace weft::WEFT_GPU {

namespace {
[[noreturn]] void not_yet(std::string_view op) { fail(op, "has no kernel for graphics cards yet"); }
}  // namespace

// Reductions, scans, sorting, indexing
void GpuBackend::reduce(ReduceOp, const Tensor&, const Tensor&) { not_yet("reduce"); }
void GpuBackend::arg_reduce(ArgReduceOp, const Tensor&, int64_t, const Tensor&) { not_yet("arg_reduce"); }
void GpuBackend::scan(ScanOp, From, const Tensor&, int64_t, const Tensor&) { not_yet("scan"); }
void GpuBackend::sort(SortOrder, const Tensor&, int64_t, const Tensor&, const Tensor&) { not_yet("sort"); }
void GpuBackend::gather(const Tensor&, int64_t, const Tensor&, const Tensor&) { not_yet("gather"); }
void GpuBackend::scatter(const Tensor&, int64_t, const Tensor&, const Tensor&) { not_yet("scatter"); }
void GpuBackend::scatter_add(const Tensor&, int64_t, const Tensor&, const Tensor&) { not_yet("scatter_add"); }

// Products, linear algebra, windows, random numbers
void GpuBackend::matmul(const Tensor&, const Tensor&, const Tensor&) { not_yet("matmul"); }
void GpuBackend::cholesky(const Tensor&, const Tensor&) { not_yet("cholesky"); }
void GpuBackend::solve_triangular(const Tensor&, const Tensor&, const Tensor&, bool, bool) {
  not_yet("solve_triangular");
}
void GpuBackend::qr(const Tensor&, const Tensor&) { not_yet("qr"); }
void GpuBackend::lu(const Tensor&, const Tensor&, const Tensor&) { not_yet("lu"); }
void GpuBackend::conv2d(const Tensor&, const Tensor&, const Tensor&, const Window2d&, int64_t) { not_yet("conv2d"); }
void GpuBackend::conv2d_input_gradient(const Tensor&, const Tensor&, const Tensor&, const Window2d&, int64_t) {
  not_yet("conv2d_input_gradient");
}
void GpuBackend::conv2d_weight_gradient(const Tensor&, const Tensor&, const Tensor&, const Window2d&, int64_t) {
  not_yet("conv2d_weight_gradient");
}
void GpuBackend::max_pool2d(const Tensor&, int64_t, int64_t, const Window2d&, const Tensor&, const Tensor&) {
  not_yet("max_pool2d");
}
void GpuBackend::random(const RandomOp&, const Tensor&) { not_yet("random"); }

}  // namespace weft::WEFT_GPU
