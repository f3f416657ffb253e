// tests/backends/emulated.h: floats on the emulated card, and what a launch complains about
#pragma once
#include <string>
#include <vector>

#include "backends/emulator/language.h"
#include "tests/fixtures/error_of.h"

namespace weft::emulated_gpu::test {

class Floats {
 public:
  explicit Floats(int64_t n) : n_(n), data_(reinterpret_cast<float*>(device_allocate(n * 4))) {}
  explicit Floats(const std::vector<float>& values) : Floats(static_cast<int64_t>(values.size())) {
    copy_to_device(reinterpret_cast<std::byte*>(data_), reinterpret_cast<const std::byte*>(values.data()), n_ * 4);
  }
  ~Floats() { device_free(reinterpret_cast<std::byte*>(data_)); }
  Floats(const Floats&) = delete;
  Floats& operator=(const Floats&) = delete;
  operator float*() const { return data_; }
  std::vector<float> values() const {
    std::vector<float> on_host(static_cast<size_t>(n_));
    copy_to_host(reinterpret_cast<std::byte*>(on_host.data()), reinterpret_cast<const std::byte*>(data_), n_ * 4);
    return on_host;
  }

 private:
  int64_t n_;
  float* data_;
};

/// n numbers with few digits, so that sums are exact.
inline std::vector<float> ramp(int64_t n) {
  std::vector<float> values;
  for (int64_t i = 0; i < n; ++i) values.push_back(static_cast<float>(i * 37 % 101) / 16 - 3);
  return values;
}

using weft::test::error_of;

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace weft::emulated_gpu::test
