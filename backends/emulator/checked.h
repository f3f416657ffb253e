// backends/emulator/checked.h: pointers and shared memory that check every access and log it; raw.h is the fast variant
#pragma once
#include <concepts>
#include <cstring>
#include <type_traits>

#include "backends/emulator/block.h"
#include "backends/emulator/launch.h"
#include "backends/emulator/memory.h"

namespace weft::emulated_gpu {

/// A number that knows the line it stands on: what p[i] makes of i.
struct Index {
  int64_t value;
  Site site;
  template <std::integral I>
  Index(I value, Site site = Site::current()) : value(static_cast<int64_t>(value)), site(site) {}
};

/// Where an element, or a vector of elements, of T's is; the offset is in bytes and may be anything before a check.
struct Place {
  Region* region = nullptr;
  int64_t offset = 0;

  /// The address, after the checks for `size` bytes of elements of `element` bytes.
  std::byte* access(AccessKind kind, int64_t size, int64_t element, Site site) const {
    if (!block().in_kernel()) refuse("device memory was touched by the host", site);
    if (region == nullptr) block().misuse(to_string(site) + ": null pointer");
    if (offset < 0 || offset + size > region->bytes)
      block().out_of_bounds(offset / element, region->bytes / element, site);
    region->log.access(kind, offset, size, block().now(site));
    return region->data + offset;
  }
};

template <class T>
class gp;

/// p[i]: a read when it is used as a T, a write when it is assigned to.
template <class T>
class Element {
 public:
  using Value = std::remove_const_t<T>;
  Element(Place place, Site site) : place_(place), site_(site) {}
  Element(const Element&) = default;
  /// Makes `c ? p[i] : 0` for floats ambiguous, which would else be an int.
  template <class U>
  requires(std::is_arithmetic_v<U>&& std::is_arithmetic_v<Value> && !std::is_same_v<U, Value> &&
           !std::is_same_v<std::common_type_t<U, Value>, U>) Element(U)
  = delete;

  operator Value() const {
    Value value;
    std::memcpy(&value, place_.access(AccessKind::read, sizeof(T), sizeof(T), site_), sizeof(T));
    return value;
  }
  const Element& operator=(Value value) const {
    static_assert(!std::is_const_v<T>, "a kernel writes to what it may only read");
    std::memcpy(place_.access(AccessKind::write, sizeof(T), sizeof(T), site_), &value, sizeof(T));
    return *this;
  }
  const Element& operator=(const Element& other) const { return *this = Value(other); }
  const Element& operator+=(Value value) const { return *this = static_cast<Value>(Value(*this) + value); }
  const Element& operator-=(Value value) const { return *this = static_cast<Value>(Value(*this) - value); }
  const Element& operator*=(Value value) const { return *this = static_cast<Value>(Value(*this) * value); }
  const Element& operator/=(Value value) const { return *this = static_cast<Value>(Value(*this) / value); }
  const Element& operator|=(Value value) const { return *this = static_cast<Value>(Value(*this) | value); }
  const Element& operator++() const { return *this += Value(1); }
  const Element& operator--() const { return *this -= Value(1); }
  gp<T> operator&() const;

 private:
  Place place_;
  Site site_;
};

/// A pointer to device or shared memory.
template <class T>
class gp {
 public:
  gp() = default;
  gp(std::nullptr_t) {}
  gp(Place place) : place_(place) {}
  /// From the host's point of view, a device pointer.  Throws: it points into no live allocation.
  gp(T* pointer, Site site = Site::current()) {
    if (pointer == nullptr) return;
    Region* const region = allocation_of(pointer);
    if (region == nullptr) refuse("a host pointer was given to a kernel", site);
    place_ = {region, reinterpret_cast<const std::byte*>(pointer) - region->data};
  }
  operator gp<const T>() const requires(!std::is_const_v<T>) { return place_; }
  template <class U>
  explicit operator gp<U>() const {
    return place_;
  }

  Element<T> operator[](Index i) const { return {at(i.value), i.site}; }
  Element<T> operator*() const { return {place_, Site::current()}; }
  gp operator+(int64_t i) const { return at(i); }
  gp operator-(int64_t i) const { return at(-i); }
  int64_t operator-(gp other) const { return (place_.offset - other.place_.offset) / static_cast<int64_t>(sizeof(T)); }
  gp& operator+=(int64_t i) { return *this = at(i); }
  gp& operator-=(int64_t i) { return *this = at(-i); }
  gp& operator++() { return *this += 1; }
  explicit operator bool() const { return place_.region != nullptr; }
  bool operator==(std::nullptr_t) const { return place_.region == nullptr; }
  bool operator==(const gp& other) const {
    return place_.region == other.place_.region && place_.offset == other.place_.offset;
  }
  const Place& place() const { return place_; }

 private:
  Place at(int64_t i) const { return {place_.region, place_.offset + i * static_cast<int64_t>(sizeof(T))}; }

  Place place_;
};

template <class T>
gp<T> Element<T>::operator&() const {
  return place_;
}

/// tile[i] of a shared array with more axes; the last one gives an Element. Each index is checked against its own size.
template <class T, size_t size, size_t... rest>
class SharedRow {
 public:
  explicit SharedRow(Place place) : place_(place) {}
  auto operator[](Index i) const {
    if (i.value < 0 || i.value >= static_cast<int64_t>(size))
      block().out_of_bounds(i.value, static_cast<int64_t>(size), i.site);
    const int64_t step = static_cast<int64_t>((sizeof(T) * ... * rest));
    const Place place{place_.region, place_.offset + i.value * step};
    if constexpr (sizeof...(rest) == 0) return Element<T>(place, i.site);
    else return SharedRow<T, rest...>(place);
  }
  operator gp<T>() const requires(sizeof...(rest) == 0) { return place_; }
  gp<T> operator+(int64_t i) const requires(sizeof...(rest) == 0) { return gp<T>(place_) + i; }

 private:
  Place place_;
};

template <class T, size_t... sizes>
auto shared_array(const void* key, Site site = Site::current()) {
  const Place place{&block().shared_array(key, (sizeof(T) * ... * sizes)), 0};
  if constexpr (sizeof...(sizes) == 0) return Element<T>(place, site);
  else return SharedRow<T, sizes...>(place);
}
template <class T>
gp<T> dynamic_shared() {
  return Place{&block().shared().dynamic(), 0};
}

/// Where a V is, a number or several of them.
template <class V, class T>
std::byte* checked_address(AccessKind kind, gp<T> pointer, Site site) {
  std::byte* const address = pointer.place().access(kind, sizeof(V), sizeof(T), site);
  check_alignment<V>(address, site);
  return address;
}

}  // namespace weft::emulated_gpu
