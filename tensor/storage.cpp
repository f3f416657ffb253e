// tensor/storage.cpp: taking memory from a backend, and giving it back
#include "tensor/storage.h"

#include "tensor/backend.h"

namespace weft {

Storage::Storage(Device device, int64_t bytes)
    : device_(device),
      backend_(&backend_of(device)),
      bytes_(bytes),
      data_(bytes > 0 ? backend_->allocate(bytes) : nullptr) {}

Storage::~Storage() {
  if (data_ != nullptr) backend_->deallocate(data_, bytes_);
}

}  // namespace weft
