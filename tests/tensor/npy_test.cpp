// tests/tensor/npy_test.cpp: files of NumPy's, round trips, and files made to hurt
#include "tensor/npy.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "tensor/create.h"
#include "tests/fixtures/folder.h"
#include "tests/tensor/temp_folder.h"
#include "tests/tensor/throws.h"

using namespace weft;
namespace fs = std::filesystem;

namespace {

Tensor fixture(const std::string& name) { return load_npy(weft::test::fixtures() / "npy" / (name + ".npy")); }

Tensor parse_npy(const std::string& bytes, const NpyOptions& options = {}) {
  return parse_npy(std::as_bytes(std::span(bytes)), "x.npy", reference, options);
}

/// A file of version `major`.0 with this header as it stands, then `data_bytes` bytes of 0.
std::string npy_file(const std::string& header, size_t data_bytes, char major = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += major;
  bytes += '\0';
  for (int i = 0; i < (major == 1 ? 2 : 4); ++i) bytes += static_cast<char>(header.size() >> (8 * i) & 0xFF);
  return bytes + header + std::string(data_bytes, '\0');
}

std::string header_of(const std::string& descr, const std::string& shape, const std::string& order = "False") {
  return "{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + ", }\n";
}

std::string with_shape(const std::string& shape, size_t data_bytes) {
  return npy_file(header_of("'<f4'", shape), data_bytes);
}

struct HostileNpy {
  std::string bytes;
  const char* expected;
};

std::vector<HostileNpy> broken_npy_frames() {
  const std::string good = with_shape("(2,)", 8);
  return {{"", "the magic number needs 8 bytes, but only 0 follow"},
          {"\x93NUMPX\x01" + std::string(9, '\0'), "does not start with"},
          {"PK\x03\x04 a zip archive", "is no npy file"},
          {npy_file(header_of("'<f4'", "(2,)"), 8, 4), "is of version 4.0"},
          {std::string("\x93NUMPY\x01\x01\x00\x00", 10), "is of version 1.1"},
          {std::string("\x93NUMPY\x00\x00\x00\x00", 10), "is of version 0.0"},
          {std::string("\x93NUMPY\x02\x00\xFF\xFF\xFF\xFF", 12), "claims a header of 4294967295 bytes; at most 65536"},
          {std::string("\x93NUMPY\x01\x00\xFF\xFF", 10), "the header needs 65535 bytes, but only 0 follow"},
          {std::string("\x93NUMPY\x01\x00\x00\x00", 10), "does not end with a newline"},
          {std::string("\x93NUMPY\x02\x00\x01", 9), "the header's length needs 4 bytes, but only 1 follow"},
          {good + "x", "claims [2] float32 = 8 bytes, the file holds 9"},
          {good.substr(0, good.size() - 1), "claims [2] float32 = 8 bytes, the file holds 7"},
          {npy_file("{'descr': '|b1', 'fortran_order': False, 'shape': (1,), }\n", 0) + "\x02",
           "the array is BOOL and holds byte 2"}};
}

std::vector<HostileNpy> broken_headers() {
  const std::string rest = "'fortran_order': False, 'shape': (2,), }\n";
  return {
      {npy_file("{'descr': '<f4', " + rest.substr(0, rest.size() - 1), 8), "does not end with a newline"},
      {npy_file("\n", 8), "'{' is missing"},
      {npy_file("{}\n", 8), "the header has no descr"},
      {npy_file("{" + rest, 8), "has no descr"},
      {npy_file("{'descr': '<f4', 'shape': (2,), }\n", 8), "has no fortran_order"},
      {npy_file("{'descr': '<f4', 'fortran_order': False, }\n", 8), "has no shape"},
      {npy_file("{'descr': '<f4', 'descr': '<f4', " + rest, 8), "'descr' stands twice"},
      {npy_file("{'strides': (1,), 'descr': '<f4', " + rest, 8),
       "the header has the key 'strides'; only descr, fortran_order and shape are allowed"},
      {npy_file("{'descr': '<f4' " + rest, 8), "'}' is missing"},
      {npy_file("{'descr' '<f4', " + rest, 8), "':' is missing"},
      {npy_file("{'descr': '<f4, " + rest, 8), "is of type '<f4, '"},
      {npy_file("{'descr': '<f4', 'fortran_order': False, 'shape\n", 8), "a string does not end"},
      {npy_file("{'descr': '\\x3cf4', " + rest, 8), "holds a backslash"},
      {npy_file("{'descr': \xC3\xA9, " + rest, 8), "byte 10 of the header is 195"},
      {npy_file(std::string("{'descr': \0, ", 13) + rest, 8), "byte 10 of the header is 0"},
      {npy_file("{'descr': '<f4', 'fortran_order': false, 'shape': (2,), }\n", 8), "neither True nor False"},
      {npy_file("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }\n", 8), "neither True nor False"},
      {npy_file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } x\n", 8), "more behind the dict"},
      {npy_file("__import__('os').system('true')\n", 8),
       "the header at byte 0: '{' is missing; it is '__import__('os').system('true')"},
      {npy_file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': " + std::string(60000, '[') + "\n", 8),
       "has the key 'x'"}};
}

std::vector<HostileNpy> broken_shapes() {
  return {{with_shape("(2)", 8), "shape is a number, not a tuple"},
          {with_shape("2", 8), "'(' is missing"},
          {with_shape("[2]", 8), "'(' is missing"},
          {with_shape("(2 3)", 24), "',' is missing in shape"},
          {with_shape("(-2,)", 8), "not a plain whole number"},
          {with_shape("(+2,)", 8), "not a plain whole number"},
          {with_shape("(-0,)", 0), "not a plain whole number"},
          {with_shape("(02,)", 8), "not a plain whole number"},
          {with_shape("(2.0,)", 8), "',' is missing in shape"},
          {with_shape("(2e1,)", 8), "',' is missing in shape"},
          {with_shape("(None,)", 8), "not a plain whole number"},
          {with_shape("(9223372036854775808,)", 8), "not a plain whole number"},
          {with_shape("(,)", 8), "not a plain whole number"},
          {with_shape("(2,", 8), "not a plain whole number"},
          {with_shape("(1,1,1,1,1,1,1,1,1)", 4), "has more than 8 axes"},
          {with_shape("(4294967296, 4294967296)", 0), "more than 2^63 - 1 bytes"},
          {with_shape("(4611686018427387904,)", 0), "more than 2^63 - 1 bytes"},
          {with_shape("(4611686018427387904, 4, 0)", 0), "more than 2^63 - 1 bytes"},
          {with_shape("(1099511627776,)", 8), "= 4398046511104 bytes, the file holds 8"},
          {npy_file(header_of("'<f4'", "(2L,)"), 8, 3), "',' is missing in shape"}};
}

std::vector<HostileNpy> other_types() {
  std::vector<HostileNpy> files = {{npy_file(header_of("'<f3'", "(2,)"), 8), "is of type '<f3'; only b1"},
                                   {npy_file(header_of("'f4'", "(2,)"), 8), "is of type 'f4'"},
                                   {npy_file(header_of("'=f4'", "(2,)"), 8), "is of type '=f4'"},
                                   {npy_file(header_of("'|f4'", "(2,)"), 8), "is of type '|f4'"},
                                   {npy_file(header_of("''", "(2,)"), 8), "is of type ''"},
                                   {npy_file(header_of("('<f4', (2,))", "(2,)"), 8), "is missing"}};
  for (const char* name : {"int8", "int16", "uint16", "uint32", "uint64", "float16", "complex64"})
    files.push_back({contents_of(weft::test::fixtures() / "npy" / fmt::format("other_{}.npy", name)),
                     "which Weft does not have; hint: array.astype"});
  files.push_back(
      {contents_of(weft::test::fixtures() / "npy/object.npy"), "holds Python objects (a pickle); those are never"});
  files.push_back({contents_of(weft::test::fixtures() / "npy/record.npy"), "holds records"});
  files.push_back({contents_of(weft::test::fixtures() / "npy/text.npy"), "is of type '<U2'"});
  return files;
}

}  // namespace

TEST_CASE("npy: files that NumPy wrote") {
  const std::vector<double> counted = {0, 1, 2, 3, 4, 5};
  for (const DType dtype : {DType::uint8, DType::int32, DType::int64, DType::float32, DType::float64}) {
    const Tensor x = fixture(std::string(name_of(dtype)));
    CHECK(x.dtype() == dtype);
    CHECK(x.shape() == Shape{2, 3});
    CHECK(x.to_vector<double>() == counted);
    if (dtype == DType::uint8) continue;
    const Tensor big = fixture(std::string(name_of(dtype)) + "_big");
    CHECK(big.dtype() == dtype);
    CHECK(big.to_vector<double>() == counted);
  }
  CHECK(fixture("bool").dtype() == DType::boolean);
  CHECK(fixture("bool").to_vector<int64_t>() == std::vector<int64_t>{0, 1, 1, 1, 1, 1});
  CHECK(fixture("version2").to_vector<double>() == counted);
  CHECK(fixture("version3").to_vector<double>() == counted);
  CHECK(fixture("scalar").rank() == 0);
  CHECK(fixture("scalar").item() == 2.5);
  CHECK(fixture("empty").shape() == Shape{2, 0, 3});
  const std::vector<float> vector = fixture("vector").to_vector<float>();
  CHECK(std::signbit(vector[1]));
  CHECK(vector[2] == INFINITY);
}

TEST_CASE("npy: Fortran order is a transposed view") {
  const Tensor x = fixture("fortran");
  CHECK(x.shape() == Shape{2, 3, 4});
  CHECK(x.strides() == Strides{1, 2, 6});
  CHECK(x.to_vector<double>() == arange(0, 24).to_vector<double>());
}

TEST_CASE("npy: what is written is read, and has the bytes of the format") {
  const TempFolder folder;
  const fs::path path = folder.path / "x.npy";
  for (const Tensor& x : {tensor<bool>({true, false}), tensor<uint8_t>({0, 255}), tensor<int32_t>({-1, 2}, Shape{1, 2}),
                          tensor<int64_t>({INT64_MIN, INT64_MAX}), tensor<float>({1.5f, -0.0f}, Shape{2, 1, 1}),
                          scalar(0.1, {DType::float64}), zeros({3, 0, 2})}) {
    save_npy(path, x);
    CHECK(folder.entries() == 1);
    const Tensor back = load_npy(path, reference);
    CHECK(back.device() == reference);
    CHECK(back.dtype() == x.dtype());
    CHECK(back.shape() == x.shape());
    CHECK(back.to_vector<double>() == x.to_vector<double>());
  }
  save_npy(path, tensor<float>({1, 2, 3, 4, 5, 6}, Shape{2, 3}).transpose());
  const std::string bytes = contents_of(path);
  const std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }";
  CHECK(bytes.substr(0, 10) == std::string("\x93NUMPY\x01\x00\x76\x00", 10));
  CHECK(bytes.substr(10, 118) == header + std::string(117 - header.size(), ' ') + "\n");
  CHECK(bytes.size() == 128 + 24);
  CHECK(load_npy(path).to_vector<float>() == std::vector<float>{1, 4, 2, 5, 3, 6});
}

TEST_CASE("npy: headers may be ordered and spelled in any legal way") {
  CHECK(parse_npy(npy_file("{ \"shape\" : ( 2 , ) ,'fortran_order':False,'descr':'<f4'}   \n", 8)).numel() == 2);
  CHECK(parse_npy(npy_file(header_of("'<f4'", "(2L, 1L)"), 8)).shape() == Shape{2, 1});  // Python 2
  CHECK(parse_npy(with_shape("(0, 4611686018427387904)", 0)).numel() == 0);
  CHECK(parse_npy(with_shape("()", 4)).rank() == 0);
  CHECK(parse_npy(with_shape("(2,)", 9), {.allow_trailing_bytes = true}).numel() == 2);
  CHECK_FAILS(parse_npy(with_shape("(2,)", 8), {.header_bytes = 16}), "at most 16 are allowed");
}

TEST_CASE("npy: hostile files are refused, with the reason") {
  for (const auto& files : {broken_npy_frames(), broken_headers(), broken_shapes(), other_types()})
    for (const HostileNpy& file : files) {
      const std::string text = error_of([&] { parse_npy(file.bytes); });
      INFO(text);
      CHECK(text.find(file.expected) != std::string::npos);
      CHECK(text.starts_with("load: 'x.npy': "));
      CHECK(text.ends_with("nothing was loaded"));
      CHECK(text.size() < 300);
    }
  const std::string good = with_shape("(2,)", 8);
  for (size_t size = 0; size < good.size(); ++size) CHECK_THROWS_AS(parse_npy(good.substr(0, size)), FileError);
}

TEST_CASE("npy: a failed save leaves the folder as it was, and only plain files are read") {
  const TempFolder folder;
  CHECK_FAILS(save_npy(folder.path / "missing" / "x.npy", ones({2})), "No such file");
  CHECK_FAILS(save_npy(folder.path / "x.npy", Tensor()), "the tensor is undefined");
  CHECK_FAILS(save_npy(folder.path, ones({2})), "is not a plain file");
  CHECK_FAILS(save_npy(folder.path / "x.npy", ones({2}).to(DType::bfloat16)),
              "NumPy has no type for bfloat16; hint: save_safetensors");
  CHECK(folder.entries() == 0);
  CHECK_FAILS(load_npy(folder.path), "is a folder");
  CHECK_FAILS(load_npy("/dev/zero"), "is not a plain file");
}
