// bench/serve.cpp: runs of a case, by request
#include "bench/serve.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "bench/case.h"
#include "tensor/program/setting.h"

namespace weft::bench {
namespace {

Work prepared(const std::string& name) {
  const std::vector<Case> cases = all_cases();
  const auto found = std::find_if(cases.begin(), cases.end(), [&](const Case& item) { return item.name == name; });
  if (found == cases.end()) fail("serve", "no case '{}'; hint: --benchmark_list_tests, without the device", name);
  Work work = found->prepare(cpu);
  if (!work.state) fail("serve", "'{}' has no state to give away; hint: a training step has", name);
  return work;
}

void answer(const nlohmann::ordered_json& line) {
  fmt::print("{}\n", line.dump());
  std::fflush(stdout);
}

double time_of(const Work& work, int64_t runs) {
  const auto start = std::chrono::steady_clock::now();
  for (int64_t i = 0; i < runs; ++i) work.run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

void serve(const std::string& name, const std::string& file) {
  const Work work = prepared(name);
  TensorMap saved;
  for (const auto& [key, tensor] : work.state()) saved.emplace(key, tensor.clone());
  work.run();
  for (const auto& [key, tensor] : work.state()) saved.try_emplace(key, tensor);  // what was there before stays
  save_safetensors(file, saved);
  answer({{"about", backend_of(cpu).description()}});
  for (std::string line; std::getline(std::cin, line);) {
    int64_t runs = 0;
    if (!program::parse_number(line, runs) || runs < 1)
      fail("serve", "'{}' is no number of runs; hint: 1 or more, one number a line", line);
    answer({{"seconds", time_of(work, runs)}});
  }
}

}  // namespace weft::bench
