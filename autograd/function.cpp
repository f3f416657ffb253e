// autograd/function.cpp: what a function of the user's own must keep to
#include "autograd/function.h"

namespace weft::detail {

std::vector<uint64_t> versions_of(const std::vector<Variable>& inputs) {
  std::vector<uint64_t> versions;
  for (const Variable& input : inputs) versions.push_back(input.defined() ? input.value().version() : 0);
  return versions;
}

void check_inputs_unchanged(std::string_view name, const std::vector<Variable>& inputs,
                            const std::vector<uint64_t>& versions) {
  for (size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i].defined() && inputs[i].value().version() != versions[i])
      fail(name, "forward changed input {}, {}, in place; hint: clone() it first", i, inputs[i].value().describe());
}

void add_gradients(Node& node, const std::vector<Variable>& gradients) {
  if (static_cast<int>(gradients.size()) != node.num_inputs())
    fail(node.op(), "backward gave {} gradients for {} inputs; hint: one an input, undefined where there is none",
         gradients.size(), node.num_inputs());
  for (int i = 0; i < node.num_inputs(); ++i) {
    const Variable& gradient = gradients[static_cast<size_t>(i)];
    if (!gradient.defined() || !node.wants(i)) continue;
    if (gradient.shape() != node.input_shape(i) || gradient.dtype() != node.input_dtype(i))
      fail(node.op(), "backward gave {} for input {}, {} {}; hint: a gradient has the shape and dtype of its input",
           gradient.value().describe(), i, to_string(node.input_shape(i)), name_of(node.input_dtype(i)));
    node.add_grad(i, gradient);
  }
}

}  // namespace weft::detail
