// tests/op_table/callable.h: std::function in less code a lambda
#pragma once
#include <memory>
#include <type_traits>
#include <utility>

namespace weft::op_table {

template <class Signature>
class Callable;

/// Calls what it was made of. The compiler writes out two short functions for every lambda, where std::function needs
/// ten: the table holds more than a thousand lambdas, and those were half of its compile time.
template <class R, class... Args>
class Callable<R(Args...)> {
 public:
  Callable() = default;
  template <class F>
  requires(!std::is_same_v<F, Callable>) Callable(F f)
      : f_(static_cast<void*>(new F(std::move(f))), &destroy<F>), invoke_(&invoke<F>) {}  // NOLINT: implicit

  R operator()(Args... args) const { return invoke_(f_.get(), args...); }

 private:
  template <class F>
  static R invoke(void* f, Args... args) {
    return static_cast<R>((*static_cast<F*>(f))(args...));
  }
  template <class F>
  static void destroy(void* f) {
    delete static_cast<F*>(f);
  }

  std::shared_ptr<void> f_;
  R (*invoke_)(void*, Args...) = nullptr;
};

}  // namespace weft::op_table
