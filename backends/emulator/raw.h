// backends/emulator/raw.h: pointers and shared memory as they are, fast, for sanitizers to watch
#pragma once
#include <type_traits>

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
}

}  // namespace weft::emulated_gpu
