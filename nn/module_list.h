// nn/module_list.h: modules by number
#pragma once
#include <memory>

#include "nn/module.h"

namespace weft::nn {

/// Owns modules of type M; state names "0", "1", ... It runs nothing by itself: who owns it says what is done with
/// them.
///   ModuleList<Linear> heads;  heads.append(std::make_unique<Linear>(8, 3, streams.init));  heads[0](x);
template <class M = Module>
class ModuleList : public Module {
 public:
  ModuleList() = default;
  std::string_view kind() const override { return "ModuleList"; }

  /// Returns the module.  Throws: null.
  M& append(std::unique_ptr<M> module) {
    if (!module) fail("ModuleList::append", "module {} is null", size());
    modules_.push_back(std::move(module));
    register_child(std::to_string(size() - 1), *modules_.back());
    return *modules_.back();
  }
  int64_t size() const { return static_cast<int64_t>(modules_.size()); }
  /// Throws: out of range.
  M& operator[](int64_t i) const {
    if (i < 0 || i >= size()) fail("ModuleList", "module {} is out of range: there are {}", i, size());
    return *modules_[static_cast<size_t>(i)];
  }
  auto begin() const { return modules_.begin(); }  ///< of std::unique_ptr<M>
  auto end() const { return modules_.end(); }

 private:
  std::vector<std::unique_ptr<M>> modules_;
};

}  // namespace weft::nn
