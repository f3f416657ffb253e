// backends/cuda/runtime.cpp: the card's memory, its one stream, and its errors
#include "backends/cuda/runtime.h"

#include <fmt/format.h>

#include <mutex>

#include "backends/cuda/cublas.h"
#include "backends/gpu/caching_allocator.h"
#include "tensor/error.h"

namespace weft::cuda_gpu {
namespace {

/// The text of the first error that outlives its call: from then on the card does nothing more for this program.
struct Fault {
  std::mutex mutex;
  std::string text;
};
Fault& fault() {
  static auto* const one = new Fault;
  return *one;
}

std::string version_text(int version) { return fmt::format("{}.{}", version / 1000, version % 1000 / 10); }

const cudaDeviceProp& properties() {
  static const cudaDeviceProp found = [] {
    cudaDeviceProp asked;
    check(cudaGetDeviceProperties(&asked, 0), "cudaGetDeviceProperties");
    return asked;
  }();
  return found;
}

/// Never destroyed: tensors with static lifetime give their memory back at the very end.
CachingAllocator& allocator() {
  static auto* const one = new CachingAllocator(
      [](int64_t bytes) -> std::byte* {
        void* data = nullptr;
        const cudaError_t status = cudaMalloc(&data, static_cast<size_t>(bytes));
        if (status == cudaErrorMemoryAllocation) {
          cudaGetLastError();  // is no fault: the next call shall not report it
          return nullptr;
        }
        check(status, "cudaMalloc");
        return static_cast<std::byte*>(data);
      },
      [](std::byte* data) { cudaFree(data); });
  return *one;
}

}  // namespace

std::string why_absent() {
  int count = 0, driver = 0;
  const cudaError_t status = cudaGetDeviceCount(&count);
  if (status == cudaSuccess && count > 0) return "";
  cudaGetLastError();
  if (cudaDriverGetVersion(&driver) != cudaSuccess || driver == 0)
    return "no NVIDIA driver (libcuda.so.1) is installed";
  if (status == cudaErrorInsufficientDriver)
    return fmt::format("the NVIDIA driver knows CUDA {} and this program wants {}; hint: install a newer driver",
                       version_text(driver), version_text(CUDART_VERSION));
  if (status == cudaErrorNoDevice || status == cudaSuccess) return "the NVIDIA driver finds no graphics card";
  return fmt::format("the NVIDIA driver says {}: {}", cudaGetErrorName(status), cudaGetErrorString(status));
}

std::string describe_card() {
  int driver = 0, runtime = 0;
  check(cudaDriverGetVersion(&driver), "cudaDriverGetVersion");
  check(cudaRuntimeGetVersion(&runtime), "cudaRuntimeGetVersion");
  const cudaDeviceProp& card = properties();
  return fmt::format("{}, compute capability {}.{}, {} multiprocessors, {:.1f} GiB, driver for CUDA {}, runtime {}, {}",
                     card.name, card.major, card.minor, card.multiProcessorCount,
                     static_cast<double>(card.totalGlobalMem) / (1 << 30), version_text(driver), version_text(runtime),
                     describe_library());
}

cudaStream_t stream() {
  static const cudaStream_t one = [] {
    cudaStream_t made = nullptr;
    check(cudaStreamCreateWithFlags(&made, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
    return made;
  }();
  return one;
}

void check(cudaError_t status, const char* call, std::source_location where) {
  if (status == cudaSuccess) return;
  Fault& first = fault();
  const std::lock_guard lock(first.mutex);
  if (!first.text.empty()) throw Error(first.text);
  const std::string text = fmt::format("cuda: {} failed with {} ({}), seen at {}:{}", call, cudaGetErrorName(status),
                                       cudaGetErrorString(status), where.file_name(), where.line());
  cudaGetLastError();                          // forgets an error that ends with its call
  if (cudaDeviceSynchronize() != cudaSuccess)  // what is left has broken the context
    first.text = text + "; the card does nothing more for this program; hint: start it again, under compute-sanitizer";
  throw Error(first.text.empty() ? text : first.text);
}

void prepare_launch(const void* kernel, dim3 grid, dim3 block, size_t shared_bytes) {
  const cudaDeviceProp& card = properties();
  const auto threads = int64_t{block.x} * block.y * block.z;
  if (grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.x > INT32_MAX || grid.y > 65535 || grid.z > 65535)
    fail("launch", "the grid is [{}, {}, {}], and may be from 1 to [2147483647, 65535, 65535]", grid.x, grid.y, grid.z);
  if (threads < 1 || threads > card.maxThreadsPerBlock)
    fail("launch", "the block is [{}, {}, {}], and may have from 1 to {} threads", block.x, block.y, block.z,
         card.maxThreadsPerBlock);
  if (shared_bytes > card.sharedMemPerBlockOptin)
    fail("launch", "the block wants {} bytes of shared memory, and this card has {}", shared_bytes,
         card.sharedMemPerBlockOptin);
  constexpr size_t kWithoutAsking = 48 * 1024;
  if (shared_bytes > kWithoutAsking)
    check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(shared_bytes)),
          "cudaFuncSetAttribute");
}

std::byte* device_allocate(int64_t bytes) { return allocator().allocate(bytes); }
void device_free(std::byte* data) noexcept { allocator().deallocate(data); }
int64_t cached_bytes() { return allocator().cached_bytes(); }
int64_t system_allocations() { return allocator().system_allocations(); }

void copy_to_device(std::byte* to, const std::byte* from, int64_t bytes) {
  check(cudaMemcpyAsync(to, from, static_cast<size_t>(bytes), cudaMemcpyHostToDevice, stream()), "cudaMemcpyAsync");
  synchronize();
}

void copy_to_host(std::byte* to, const std::byte* from, int64_t bytes) {
  check(cudaMemcpyAsync(to, from, static_cast<size_t>(bytes), cudaMemcpyDeviceToHost, stream()), "cudaMemcpyAsync");
  synchronize();
}

void synchronize() { check(cudaStreamSynchronize(stream()), "cudaStreamSynchronize"); }

}  // namespace weft::cuda_gpu
