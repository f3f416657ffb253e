// backends/cuda/cublas.cpp: products by cuBLAS, loaded at run time, so that nobody else needs it
//
// cuBLAS counts by columns. The rows of y are the columns of its transpose, and y^T = b^T a^T: so b goes first, and a
// matrix with dense rows counts as not transposed.
#include "backends/cuda/cublas.h"

#include <cublas_v2.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <array>
#include <mutex>
#include <optional>

#include "backends/cuda/runtime.h"
#include "backends/gpu/library_gemm.h"
#include "tensor/error.h"

namespace weft::cuda_gpu {
namespace {

/// Fixed, so that results are; as much as NVIDIA advises for its newest cards.
constexpr int64_t kWorkspaceBytes = int64_t{32} << 20;
/// By version: these have the functions for 64-bit sizes.
constexpr std::array<const char*, 3> kNames = {"libcublas.so.13", "libcublas.so.12", "libcublas.so"};

/// The header renames functions (cublasCreate is cublasCreate_v2): the name comes with the type.
#define WEFT_FUNCTION(name) WEFT_FUNCTION_AS(name)
#define WEFT_FUNCTION_AS(name) decltype(&::name) name = find<decltype(&::name)>(#name)

/// The library's functions, under their own names. One that is missing is null, and named in `missing`.
class Library {
 public:
  std::string missing;  // comes first: find() writes to it

 private:
  void* library_ = open();

  void* open() {
    for (const char* name : kNames)
      if (void* found = dlopen(name, RTLD_NOW | RTLD_LOCAL)) return found;
    missing = fmt::format("{} is not found", kNames[0]);
    return nullptr;
  }
  template <class F>
  F find(const char* name) {
    void* const found = library_ == nullptr ? nullptr : dlsym(library_, name);
    if (library_ != nullptr && found == nullptr) missing = fmt::format("the library has no function {}", name);
    return reinterpret_cast<F>(found);
  }

 public:
  WEFT_FUNCTION(cublasCreate);
  WEFT_FUNCTION(cublasGetProperty);
  WEFT_FUNCTION(cublasGetStatusString);
  WEFT_FUNCTION(cublasSetStream);
  WEFT_FUNCTION(cublasSetWorkspace);
  WEFT_FUNCTION(cublasSetMathMode);
  WEFT_FUNCTION(cublasSgemm_64);
  WEFT_FUNCTION(cublasDgemm_64);
  WEFT_FUNCTION(cublasSgemmStridedBatched_64);
  WEFT_FUNCTION(cublasDgemmStridedBatched_64);
};

const Library& library() {
  static const auto* const one = new Library;
  return *one;
}

void check_status(cublasStatus_t status, const char* call) {
  if (status != CUBLAS_STATUS_SUCCESS)
    throw Error(fmt::format("cuda: {} failed: {}", call, library().cublasGetStatusString(status)));
}

/// The one handle, for the one stream. Calls take turns: a handle serves one thread at a time.
struct Session {
  std::mutex mutex;
  cublasHandle_t handle = nullptr;
};
Session& session() {
  static auto* const one = new Session;
  return *one;
}

/// For a caller that holds the session's mutex.
cublasHandle_t handle_of(Session& session) {
  if (session.handle != nullptr) return session.handle;
  const Library& cublas = library();
  cublasHandle_t made = nullptr;
  check_status(cublas.cublasCreate(&made), "cublasCreate");
  check_status(cublas.cublasSetStream(made, stream()), "cublasSetStream");
  if (std::byte* workspace = device_allocate(kWorkspaceBytes))  // else it brings its own
    check_status(cublas.cublasSetWorkspace(made, workspace, kWorkspaceBytes), "cublasSetWorkspace");
  // Not on tensor cores, which would round float32 factors to 10 bits.
  check_status(cublas.cublasSetMathMode(made, CUBLAS_DEFAULT_MATH), "cublasSetMathMode");
  session.handle = made;
  return made;
}

/// How cuBLAS is told of a matrix of `rows` x `columns`, read as its transpose.
struct Operand {
  cublasOperation_t operation;
  int64_t leading;
};
std::optional<Operand> operand(int64_t rows, int64_t columns, int64_t row_stride, int64_t column_stride) {
  const auto fits = [](int64_t lines, int64_t length, int64_t from_line_to_line, int64_t within) {
    return (within == 1 || length == 1) && (lines == 1 || from_line_to_line >= length);
  };
  if (fits(rows, columns, row_stride, column_stride)) return Operand{CUBLAS_OP_N, rows == 1 ? columns : row_stride};
  if (fits(columns, rows, column_stride, row_stride)) return Operand{CUBLAS_OP_T, columns == 1 ? rows : column_stride};
  return {};
}

template <class T>
bool multiply(const LibraryProduct<T>& p) {
  const auto a = operand(p.m, p.k, p.a_row, p.a_column), b = operand(p.k, p.n, p.b_row, p.b_column);
  const Library& cublas = library();
  if (!a || !b || !cublas.missing.empty()) return false;
  Session& one = session();
  const std::lock_guard lock(one.mutex);
  const cublasHandle_t handle = handle_of(one);
  const T alpha = 1, beta = 0;
  if (p.batch == 1) {
    const auto gemm = [&] {
      if constexpr (sizeof(T) == 4) return cublas.cublasSgemm_64;
      else return cublas.cublasDgemm_64;
    }();
    check_status(gemm(handle, b->operation, a->operation, p.n, p.m, p.k, &alpha, p.b, b->leading, p.a, a->leading,
                      &beta, p.y, p.n),
                 "cublasGemm");
  } else {
    const auto gemm = [&] {
      if constexpr (sizeof(T) == 4) return cublas.cublasSgemmStridedBatched_64;
      else return cublas.cublasDgemmStridedBatched_64;
    }();
    check_status(gemm(handle, b->operation, a->operation, p.n, p.m, p.k, &alpha, p.b, b->leading, p.b_batch, p.a,
                      a->leading, p.a_batch, &beta, p.y, p.n, p.m * p.n, p.batch),
                 "cublasGemmStridedBatched");
  }
  return true;
}

}  // namespace

bool library_gemm(const LibraryProduct<float>& product) { return multiply(product); }
bool library_gemm(const LibraryProduct<double>& product) { return multiply(product); }

std::string describe_library() {
  const Library& cublas = library();
  if (!cublas.missing.empty()) return "products in own kernels (" + cublas.missing + ")";
  int major = 0, minor = 0, patch = 0;
  check_status(cublas.cublasGetProperty(MAJOR_VERSION, &major), "cublasGetProperty");
  check_status(cublas.cublasGetProperty(MINOR_VERSION, &minor), "cublasGetProperty");
  check_status(cublas.cublasGetProperty(PATCH_LEVEL, &patch), "cublasGetProperty");
  return fmt::format("cuBLAS {}.{}.{}", major, minor, patch);
}

}  // namespace weft::cuda_gpu
