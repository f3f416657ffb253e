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
}

void Module::zero_grad() const {
  for (const Variable& parameter : parameters()) parameter.zero_grad();
}

void Module::to(Device device) {
  const std::vector<Variable> leaves = parameters();
  const auto buffers = named_buffers();
  // Everything is copied before anything is replaced: running out of memory half way leaves the module whole.
  std::vector<Tensor> moved;
  for (const Variable& leaf : leaves) moved.push_back(leaf.value().to(device));
  for (const auto& [path, buffer] : buffers) moved.push_back(buffer->to(device));
  size_t next = 0;
  for (const Variable& leaf : leaves) {
    leaf.leaf()->value = moved[next++];
    leaf.zero_grad();
  }
  for (const auto& [path, buffer] : buffers) *buffer = moved[next++];
}

void Module::check_name(std::string_view kind_of_entry, const std::string& name) const {
  const auto taken = [&name](const auto& entries) {
    for (const auto& entry : entries) {
      if (entry.first == name) return true;
    }
    return false;
  };
  const std::string op = fmt::format("{}::register_{}", kind(), kind_of_entry);
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

}  // namespace weft::nn
