// tensor/npy_header.h: the header of an npy file, for npy and npz
#pragma once
#include "tensor/file.h"
#include "tensor/npy.h"

namespace weft {

struct NpyHeader {
  DType dtype = DType::float32;
  bool big_endian = false;
  bool fortran_order = false;
  Shape shape;
};

/// What stands between the length field and the data: a Python dict of descr, fortran_order and shape. `python2` allows
/// its numbers with L.  Throws FileError.
NpyHeader parse_npy_header(std::string_view file, std::string_view text, bool python2);

/// A whole file from the first byte of `source` on.  Throws FileError.
Tensor read_npy(const Source& source, Device device, const NpyOptions& options);

/// Everything before the data: a multiple of 64 bytes.  Throws FileError: `tensor` is undefined, or bfloat16.
std::string npy_preamble(std::string_view file, const Tensor& tensor);

}  // namespace weft
