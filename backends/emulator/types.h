// backends/emulator/types.h: CUDA's small types for g++
#pragma once
#include <cstddef>
#include <cstdint>

namespace weft::emulated_gpu {

struct uint3 {
  unsigned x = 0, y = 0, z = 0;
};

struct dim3 {
  unsigned x, y, z;
  constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
  constexpr uint64_t count() const { return uint64_t{x} * y * z; }
};

template <class T>
struct alignas(2 * sizeof(T)) Vector2 {
  T x, y;
};
template <class T>
struct alignas(sizeof(T) < 8 ? 4 * sizeof(T) : 16) Vector4 {
  T x, y, z, w;
};

using char2 = Vector2<signed char>;
using char4 = Vector4<signed char>;
using uchar2 = Vector2<unsigned char>;
using uchar4 = Vector4<unsigned char>;
using short2 = Vector2<short>;
using short4 = Vector4<short>;
using ushort2 = Vector2<unsigned short>;
using ushort4 = Vector4<unsigned short>;
using int2 = Vector2<int>;
using int4 = Vector4<int>;
using uint2 = Vector2<unsigned>;
using uint4 = Vector4<unsigned>;
using longlong2 = Vector2<long long>;
using ulonglong2 = Vector2<unsigned long long>;
using float2 = Vector2<float>;
using float4 = Vector4<float>;
using double2 = Vector2<double>;
using double4 = Vector4<double>;

constexpr int2 make_int2(int x, int y) { return {x, y}; }
constexpr int4 make_int4(int x, int y, int z, int w) { return {x, y, z, w}; }
constexpr uint2 make_uint2(unsigned x, unsigned y) { return {x, y}; }
constexpr uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
constexpr float2 make_float2(float x, float y) { return {x, y}; }
constexpr float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
constexpr double2 make_double2(double x, double y) { return {x, y}; }

}  // namespace weft::emulated_gpu
