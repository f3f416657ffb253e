// backends/emulator/launch.h: from the host to the threads of a kernel
#pragma once
#include <string>
#include <tuple>
#include <type_traits>

#include "backends/emulator/block.h"
#include "backends/emulator/memory.h"
#include "backends/emulator/seed.h"

namespace weft::emulated_gpu {

/// A grid that knows the line that launches it.
struct Grid : dim3 {
  Site site;
  Grid(dim3 grid, Site site = Site::current()) : dim3(grid), site(site) {}
  Grid(unsigned x, unsigned y = 1, unsigned z = 1, Site site = Site::current()) : dim3(x, y, z), site(site) {}
};

/// One line for --list-devices.
std::string describe_card();

/// `words` are the arguments again, as memory that holds pointers.  Throws: a size that no card takes, a misuse found.
void run_grid(const Grid& grid, dim3 block, size_t shared_bytes, ThreadBody body, const void* words, size_t word_bytes);

[[noreturn]] void refuse(const char* fact, const Site& site);

/// Runs the kernel to its end. One launch at a time: others wait, whatever thread they come from.
template <class... P, class... A>
void launch(void (*kernel)(P...), Grid grid, dim3 block, size_t shared_bytes, A&&... arguments) {
  static_assert(((!std::is_reference_v<P> && std::is_trivially_copyable_v<P>)&&...),
                "a card copies arguments as bytes");
  static_assert((sizeof(P) + ... + 0) <= 4096, "a card takes 4096 bytes of arguments");
  struct Call {
    void (*kernel)(P...);
    std::tuple<P...> arguments;
  };
  const Call call{kernel, std::tuple<P...>(static_cast<P>(std::forward<A>(arguments))...)};
  const auto run = [](const void* call) {
    std::apply(static_cast<const Call*>(call)->kernel, static_cast<const Call*>(call)->arguments);
  };
  const auto check = [&]<class T>(const T& argument) {
    if constexpr (std::is_pointer_v<T>)
      if (argument != nullptr && allocation_of(argument) == nullptr)
        refuse("a host pointer was given to a kernel", grid.site);
  };
  std::apply([&](const auto&... each) { (check(each), ...); }, call.arguments);
  run_grid(grid, block, shared_bytes, {run, &call}, &call.arguments, sizeof(call.arguments));
}

}  // namespace weft::emulated_gpu
