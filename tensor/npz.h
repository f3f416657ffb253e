// tensor/npz.h: named tensors in one file, NumPy's savez: a zip archive with an npy file for each
#pragma once
#include "tensor/npy.h"
#include "tensor/safetensors.h"

namespace weft {

/// What a reader accepts at most, so that no archive unpacks into more than was meant.
struct NpzLimits {
  int64_t members = 100'000;
  int64_t name_bytes = 1024;
  int64_t unpacked_bytes = int64_t{16} << 30;  ///< of all members together
  int64_t header_bytes = 64 << 10;             ///< of each npy header
};

/// Members NAME.npy, stored or deflated, as tensors NAME.  Throws FileError: what load_npy refuses; an archive that is
/// damaged, encrypted or packed in another way; two members of one name, or one that is no npy file; a size that is a
/// lie; more than `limits` allow.
TensorMap load_npz(const std::filesystem::path& path, Device device = default_device(), const NpzLimits& limits = {});
/// The same for a file held in memory; `name` stands for the path in errors.
TensorMap parse_npz(std::span<const std::byte> bytes, std::string_view name, Device device = default_device(),
                    const NpzLimits& limits = {});

enum class Compress : bool { no, yes };

/// The archive is put together in memory, then written as a whole or not at all. The same tensors give the same bytes.
/// Throws FileError: names that are empty, too long or no UTF-8; tensors that are undefined or bfloat16; what the
/// system refuses.
void save_npz(const std::filesystem::path& path, const TensorMap& tensors, Compress compress = Compress::no);

}  // namespace weft
