// tensor/storage.h: a block of memory that several tensors may share
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "tensor/device.h"

namespace weft {

class Backend;

/// Owns `bytes` bytes of a backend's memory and gives them back to the backend's pool when the last tensor lets go.
class Storage {
 public:
  /// Contents are not initialised.  Throws: OutOfMemory.
  Storage(Device device, int64_t bytes);
  ~Storage();
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;

  std::byte* data() const { return data_; }
  int64_t bytes() const { return bytes_; }
  Device device() const { return device_; }
  Backend& backend() const { return *backend_; }

  /// Counts in-place changes, so that the tape notices when a saved tensor was changed.
  uint64_t version() const { return version_.load(std::memory_order_relaxed); }
  void bump_version() { version_.fetch_add(1, std::memory_order_relaxed); }

 private:
  Device device_;
  Backend* backend_;
  int64_t bytes_;
  std::byte* data_;
  std::atomic<uint64_t> version_{0};
};

}  // namespace weft
