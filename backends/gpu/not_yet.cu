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

}  // namespace weft::WEFT_GPU
