// nn/module_dict.h: modules by name
#pragma once
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nn/module.h"

namespace weft::nn {

/// Owns modules of type M; their names are their state names. It runs nothing by itself.
template <class M = Module>
class ModuleDict : public Module {
 public:
  ModuleDict() = default;
  std::string_view kind() const override { return "ModuleDict"; }

  /// Returns the module.  Throws: null, or a name that is empty, taken or holds a dot.
  M& insert(const std::string& name, std::unique_ptr<M> module) {
    if (!module) fail("ModuleDict::insert", "module '{}' is null", name);
    std::pair<std::string, std::unique_ptr<M>> entry(name, std::move(module));
    modules_.reserve(modules_.size() + 1);  // so that nothing throws once the address is registered
    register_child(name, *entry.second);
    modules_.push_back(std::move(entry));
    return *modules_.back().second;
  }
  int64_t size() const { return static_cast<int64_t>(modules_.size()); }
  bool contains(const std::string& name) const { return find(name) != end(); }
  /// Throws: no such name.
  M& operator[](const std::string& name) const {
    const auto found = find(name);
    if (found == end()) fail("ModuleDict", "there is no module '{}' among {}", name, size());
    return *found->second;
  }
  auto begin() const { return modules_.begin(); }  ///< of name and std::unique_ptr<M>, in order of insertion
  auto end() const { return modules_.end(); }

 private:
  auto find(const std::string& name) const {
    return std::find_if(begin(), end(), [&name](const auto& entry) { return entry.first == name; });
  }

  std::vector<std::pair<std::string, std::unique_ptr<M>>> modules_;
};

}  // namespace weft::nn
