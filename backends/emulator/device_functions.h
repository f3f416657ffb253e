// backends/emulator/device_functions.h: loads and stores of vectors, and atomic operations
#pragma once
#include <atomic>
#include <cstring>

#ifdef WEFT_EMULATOR_CHECK
#include "backends/emulator/checked.h"
#else
#include "backends/emulator/raw.h"
#endif

namespace weft::emulated_gpu {

/// Several elements at once, at an address that is a multiple of their size together.
template <class V, class T>
V ldv(gp<T> from, Site site = Site::current()) {
  V value;
  std::memcpy(static_cast<void*>(&value), checked_address<V>(AccessKind::read, from, site), sizeof(V));
  return value;
}
template <class V, class T>
void stv(gp<T> to, V value, Site site = Site::current()) {
  std::memcpy(checked_address<V>(AccessKind::write, to, site), static_cast<const void*>(&value), sizeof(V));
}
template <class T>
std::remove_const_t<T> __ldg(gp<T> from, Site site = Site::current()) {
  return ldv<std::remove_const_t<T>>(from, site);
}

// One thread runs at a time, so each of these is one step; the atomic_ref is for sanitizers. They return what was there
// before.
template <class T, class Change>
T atomic_change(gp<T> at, Change change, Site site) {
  const std::atomic_ref<T> value(*reinterpret_cast<T*>(checked_address<T>(AccessKind::atomic, at, site)));
  const T before = value.load(std::memory_order_relaxed);
  value.store(static_cast<T>(change(before)), std::memory_order_relaxed);
  return before;
}
template <class T>
T atomicAdd(gp<T> at, std::type_identity_t<T> value, Site site = Site::current()) {
  return atomic_change(
      at, [&](T before) { return before + value; }, site);
}
template <class T>
T atomicMax(gp<T> at, std::type_identity_t<T> value, Site site = Site::current()) {
  return atomic_change(
      at, [&](T before) { return value > before ? value : before; }, site);
}
template <class T>
T atomicMin(gp<T> at, std::type_identity_t<T> value, Site site = Site::current()) {
  return atomic_change(
      at, [&](T before) { return value < before ? value : before; }, site);
}
template <class T>
T atomicExch(gp<T> at, std::type_identity_t<T> value, Site site = Site::current()) {
  return atomic_change(
      at, [&](T) { return value; }, site);
}
/// To `value` if it is `expected`.
template <class T>
T atomicCAS(gp<T> at, std::type_identity_t<T> expected, std::type_identity_t<T> value, Site site = Site::current()) {
  return atomic_change(
      at, [&](T before) { return before == expected ? value : before; }, site);
}

}  // namespace weft::emulated_gpu
