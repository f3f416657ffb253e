// autograd/function.h: functions of one's own, forward and backward in one small class
//
//   struct Clamp {                                                  // y = min(max(x, low), high)
//     static constexpr std::string_view name = "my_clamp";
//     double low, high;                                             // whatever else it needs, both ways
//
//     Tensor forward(Saves& saves, const Tensor& x) const {
//       saves = Saves::input(0);                                    // what the way back needs: see autograd/node.h
//       return clamp(x, low, high);
//     }
//     Variable backward(const Node& node, const Variable& dy) const {
//       const Tensor x = node.input(0).value();
//       return dy * to(logical_and(greater_equal(x, low), less_equal(x, high)), dy.dtype());
//     }
//   };
//   const Variable y = apply(Clamp{0, 1}, x);
#pragma once
#include <concepts>
#include <string_view>
#include <utility>
#include <vector>

#include "autograd/node.h"

namespace weft {
namespace detail {

/// Throws: an input's version is not what it was before.
void check_inputs_unchanged(std::string_view name, const std::vector<Variable>& inputs,
                            const std::vector<uint64_t>& versions);
std::vector<uint64_t> versions_of(const std::vector<Variable>& inputs);
/// Throws: not one gradient an input, or one has not the shape or dtype of its input.
void add_gradients(Node& node, const std::vector<Variable>& gradients);

inline std::vector<Variable> as_list(Variable gradient) { return {std::move(gradient)}; }
inline std::vector<Variable> as_list(std::vector<Variable> gradients) { return gradients; }

template <class F, size_t... I>
Tensor call_forward(const F& function, Saves& saves, const std::vector<Variable>& inputs, std::index_sequence<I...>) {
  return function.forward(saves, inputs[I].value()...);
}

}  // namespace detail

/// Computes function.forward(saves, x.value()...) and records it with function.backward as its derivative. Each x is a
/// Variable or a Tensor, a Tensor being a constant; an undefined one, for an operand that is left out, reaches forward
/// as it is.
///
/// forward returns one tensor (join several outputs into one, and slice it) and leaves its inputs as they are; what it
/// puts into `saves` is kept until the walk, and a change in place of something saved is noticed.
/// backward is given the gradient of the output and returns that of the input, or a std::vector<Variable> with one an
/// input; an undefined Variable where there is none (ask node.wants(i) first). Written with Variable functions on
/// node.input(i), node.output() and dy, it can be differentiated again; when it is not, forward says so by
/// `saves = saves.fused()`, and asking for the second derivative throws.
///
/// Throws: forward changed an input in place or gave an integer result for an x that is tracked; during the walk:
/// backward gave the wrong number of gradients, or one whose shape or dtype is not that of its input.
template <class F, std::convertible_to<Variable>... Xs>
Variable apply(const F& function, const Xs&... xs) {
  std::vector<Variable> inputs{Variable(xs)...};
  const std::vector<uint64_t> versions = detail::versions_of(inputs);
  Saves saves;
  Tensor output = detail::call_forward(function, saves, inputs, std::index_sequence_for<Xs...>());
  detail::check_inputs_unchanged(F::name, inputs, versions);
  return record(F::name, std::move(inputs), std::move(output), std::move(saves),
                [function](Node& node, const Variable& dy) {
                  detail::add_gradients(node, detail::as_list(function.backward(std::as_const(node), dy)));
                });
}

}  // namespace weft
