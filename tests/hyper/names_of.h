// tests/hyper/names_of.h: what a module's parameters are called
#pragma once
#include "nn/module.h"

namespace weft::test {

inline std::vector<std::string> names_of(const nn::Module& module) {
  std::vector<std::string> names;
  for (const auto& [name, parameter] : module.named_parameters()) names.push_back(name);
  return names;
}

}  // namespace weft::test
