// backends/emulator/raw.h: pointers and shared memory as they are, fast, for sanitizers to watch
#pragma once
<<<<<<< HEAD
#include <cstring>
=======
#include <type_traits>
>>>>>>> origin/main

#include "backends/emulator/block.h"

namespace weft::emulated_gpu {

/// A pointer to device memory.
template <class T>
using gp = T*;

template <class T, size_t... sizes>
struct SharedShape {
  using type = T;
};
template <class T, size_t first, size_t... rest>
struct SharedShape<T, first, rest...> {
  using type = typename SharedShape<T, rest...>::type[first];
};

/// float total; float row[32]; float tile[32][33]; ...
template <class T, size_t... sizes>
auto& shared_array(const void* key) {
  using Array = typename SharedShape<T, sizes...>::type;
<<<<<<< HEAD
  return *reinterpret_cast<Array*>(block().shared_array(key, sizeof(Array)));
}
template <class T>
T* dynamic_shared() {
  return reinterpret_cast<T*>(block().shared().dynamic());
}

template <class V>
void check_alignment(const void* address, Site site) {
  if (reinterpret_cast<uintptr_t>(address) % alignof(V) != 0) block().misaligned(sizeof(V), site);
}

/// Several elements at once, from an address that is a multiple of their size.
template <class V, class T>
V ldv(T* from, Site site = Site::current()) {
  check_alignment<V>(from, site);
  V value;
  std::memcpy(static_cast<void*>(&value), static_cast<const void*>(from), sizeof(V));
  return value;
}
template <class V, class T>
void stv(T* to, V value, Site site = Site::current()) {
  check_alignment<V>(to, site);
  std::memcpy(static_cast<void*>(to), static_cast<const void*>(&value), sizeof(V));
}
template <class T>
std::remove_const_t<T> __ldg(T* from) {
  return *from;
}

// One thread runs at a time: each of these is one step. They return what was there before.
template <class T>
T atomicAdd(T* to, std::type_identity_t<T> value) {
  const T before = *to;
  *to = before + value;
  return before;
}
template <class T>
T atomicMax(T* to, std::type_identity_t<T> value) {
  const T before = *to;
  if (value > before) *to = value;
  return before;
}
template <class T>
T atomicMin(T* to, std::type_identity_t<T> value) {
  const T before = *to;
  if (value < before) *to = value;
  return before;
}
template <class T>
T atomicCAS(T* to, std::type_identity_t<T> expected, std::type_identity_t<T> value) {
  const T before = *to;
  if (before == expected) *to = value;
  return before;
}
template <class T>
T atomicExch(T* to, std::type_identity_t<T> value) {
  const T before = *to;
  *to = value;
  return before;
=======
  return *reinterpret_cast<Array*>(block().shared_data(key, sizeof(Array)));
}
template <class T>
T* dynamic_shared() {
  return reinterpret_cast<T*>(block().shared().dynamic().data);
}

/// Where a V is, a number or several of them.
template <class V, class T>
std::byte* checked_address(AccessKind, T* pointer, Site site) {
  std::byte* const address = reinterpret_cast<std::byte*>(const_cast<std::remove_const_t<T>*>(pointer));
  check_alignment<V>(address, site);
  return address;
>>>>>>> origin/main
}

}  // namespace weft::emulated_gpu
