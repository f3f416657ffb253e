// nn/module.cpp: registering and walking parameters, buffers and children
#include "nn/module.h"

#include <unordered_set>

namespace weft::nn {

std::string join_path(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

void Module::visit(const Visitor& visitor, const std::string& path) const {
  visitor(path, *this);
  for (const auto& [name, child] : children_) child->visit(visitor, join_path(path, name));
}

std::vector<std::pair<std::string, Variable>> Module::named_parameters() const {
  std::vector<std::pair<std::string, Variable>> found;
  std::unordered_set<const Leaf*> seen;
  visit([&](const std::string& path, const Module& module) {
    for (const auto& [name, parameter] : module.parameters_) {
      const Variable& own = parameter->own();
      if (seen.insert(own.leaf().get()).second) found.emplace_back(join_path(path, name), own);
    }
  });
  return found;
}

std::vector<Variable> Module::parameters() const {
  std::vector<Variable> found;
  for (auto& [path, parameter] : named_parameters()) found.push_back(parameter);
  return found;
}

std::vector<std::pair<std::string, Tensor*>> Module::named_buffers() const {
  std::vector<std::pair<std::string, Tensor*>> found;
  std::unordered_set<const Tensor*> seen;
  visit([&](const std::string& path, const Module& module) {
    for (const auto& [name, buffer] : module.buffers_) {
      if (seen.insert(buffer).second) found.emplace_back(join_path(path, name), buffer);
    }
  });
  return found;
}

int64_t Module::num_parameters() const {
  int64_t count = 0;
  for (const Variable& parameter : parameters()) count += parameter.numel();
  return count;
}

void Module::train() { set_training(true); }
void Module::eval() { set_training(false); }

void Module::set_training(bool training) {
  training_ = training;
  for (const auto& [name, child] : children_) child->set_training(training);
  for (Module* part : parts_) part->set_training(training);
}

void Module::zero_grad() const {
  for (const Variable& parameter : parameters()) parameter.zero_grad();
}

void Module::replace_all(const std::function<Tensor(const Tensor&)>& convert) {
  const std::vector<Variable> leaves = parameters();
  const auto buffers = named_buffers();
  // Everything is copied before anything is replaced: running out of memory half way leaves the module whole.
  std::vector<Tensor> converted;
  for (const Variable& leaf : leaves) converted.push_back(convert(leaf.value()));
  for (const auto& [path, buffer] : buffers) converted.push_back(convert(*buffer));
  size_t next = 0;
  for (const Variable& leaf : leaves) {
    leaf.leaf()->value = converted[next++];
    leaf.zero_grad();
  }
  for (const auto& [path, buffer] : buffers) *buffer = converted[next++];
}

void Module::to(Device device) {
  replace_all([device](const Tensor& x) { return x.to(device); });
}

void Module::to(DType dtype) {
  if (!is_floating(dtype)) {
    fail(fmt::format("{}::to", kind()), "{} is no floating dtype; hint: gradients need float32 or float64",
         name_of(dtype));
  }
  replace_all([dtype](const Tensor& x) { return is_floating(x.dtype()) ? x.to(dtype) : x; });
}

void Module::check_name(std::string_view kind_of_entry, const std::string& name) const {
  const auto taken = [&name](const auto& entries) {
    for (const auto& entry : entries) {
      if (entry.first == name) return true;
    }
    return false;
  };
  const std::string op = fmt::format("{}::register_{}", kind(), kind_of_entry);
  if (is_part_) {
    fail(op, "'{}' comes too late: the module that this one is part of would not see it; hint: register it before",
         name);
  }
  if (name.empty()) fail(op, "the name is empty");
  if (name.find('.') != std::string::npos) {
    fail(op, "the name '{}' holds a dot; hint: dots join the names of parent and child in paths", name);
  }
  if (taken(parameters_) || taken(buffers_) || taken(children_)) fail(op, "the name '{}' is already taken", name);
}

void Module::register_parameter(std::string name, Parameter& parameter) {
  check_name("parameter", name);
  if (!parameter.own().defined()) {
    fail(fmt::format("{}::register_parameter", kind()), "'{}' is undefined; hint: give it a value first", name);
  }
  if (parameter.own().leaf()->name.empty()) parameter.own().leaf()->name = name;
  parameters_.emplace_back(std::move(name), &parameter);
}

void Module::register_buffer(std::string name, Tensor& buffer) {
  check_name("buffer", name);
  if (!buffer.defined()) {
    fail(fmt::format("{}::register_buffer", kind()), "'{}' is undefined; hint: give it a value first", name);
  }
  buffers_.emplace_back(std::move(name), &buffer);
}

void Module::register_child(std::string name, Module& child) {
  check_name("child", name);
  children_.emplace_back(std::move(name), &child);
}

void Module::register_part(Module& part, const std::string& suffix) {
  for (const auto& [name, parameter] : part.parameters_) {
    std::string& leaf_name = parameter->own().leaf()->name;
    if (leaf_name == name) leaf_name.clear();  // to be called by the name it gets here
    register_parameter(name + suffix, *parameter);
  }
  for (const auto& [name, buffer] : part.buffers_) register_buffer(name + suffix, *buffer);
  for (const auto& [name, child] : part.children_) register_child(name + suffix, *child);
  parts_.push_back(&part);
  part.is_part_ = true;
}

}  // namespace weft::nn
