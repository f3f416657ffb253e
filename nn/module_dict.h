// nn/module_dict.h: modules by name
#pragma once
#include <map>
#include <memory>

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
    register_child(name, *module);
    return *(modules_[name] = std::move(module));
  }
  int64_t size() const { return static_cast<int64_t>(modules_.size()); }
  bool contains(const std::string& name) const { return modules_.contains(name); }
  /// Throws: no such name.
  M& operator[](const std::string& name) const {
    const auto found = modules_.find(name);
    if (found == modules_.end()) fail("ModuleDict", "there is no module '{}' among {}", name, size());
    return *found->second;
  }
  auto begin() const { return modules_.begin(); }  ///< of name and std::unique_ptr<M>, in order of name
  auto end() const { return modules_.end(); }

 private:
  std::map<std::string, std::unique_ptr<M>> modules_;
};

}  // namespace weft::nn
