// bench/main.cpp: weft-bench times every case on the devices there are, after checking that they agree
//
// --gemm own|openblas|auto says who multiplies matrices on cpu; all other options are Google Benchmark's.
// weft-bench serve CASE FILE: see bench/serve.h. diff A.json B.json, page RUN.json PAGE.html: bench/results/command.h.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <map>

#include "backends/cpu/cpu_backend.h"
#include "bench/case.h"
#include "bench/results/command.h"
#include "bench/serve.h"
#include "hyper/demos/harness/machine.h"
#include "tensor/create.h"
#include "tensor/program/program.h"
#include "tensor/program/version.h"
#include "tensor/threads.h"

namespace {

using namespace weft;
using bench::Case;

bool refused = false;

/// Checks once a case and device; Google Benchmark calls a function several times.
const std::string& checked(const Case& item, Device device) {
  static std::map<std::string, std::string> known;
  const auto [entry, is_new] = known.try_emplace(item.name + "/" + to_string(device));
  // What a card is given to do would take reference minutes; cpu is held against it.
  if (is_new && device != reference) entry->second = bench::difference(item, device, device == cpu ? reference : cpu);
  return entry->second;
}

/// Runs of a card between two waits for it: it is asked for work as in training, ahead of what it is doing.
constexpr int kRunsAhead = 10;

void time_runs(benchmark::State& state, const bench::Work& work, Device device) {
  if (device != bench::cuda) {
    for (auto _ : state) work.run();
    return;
  }
  const Tensor last = scalar(1, {.device = device});
  while (state.KeepRunningBatch(kRunsAhead)) {
    for (int i = 0; i < kRunsAhead; ++i) work.run();
    last.item();  // waits: everything runs in the order it was asked for
  }
}

void time_case(benchmark::State& state, const Case& item, Device device) {
  const std::string& difference = checked(item, device);
  if (!difference.empty()) {
    refused = true;
    state.SkipWithError(fmt::format("refused, the result is wrong: {}", difference).c_str());
    return;
  }
  const bench::Work work = item.prepare(device);
  work.run();  // takes memory from the system, which is not what we time
  time_runs(state, work, device);
  using benchmark::Counter;  // rates are printed with "/s", inverted ones as seconds
  if (item.flops > 0) state.counters["GFLOP"] = Counter(item.flops / 1e9, Counter::kIsIterationInvariantRate);
  if (item.bytes > 0) state.counters["GB"] = Counter(item.bytes / 1e9, Counter::kIsIterationInvariantRate);
  if (item.calls > 1)
    state.counters["call"] =
        Counter(static_cast<double>(item.calls), Counter::kIsIterationInvariantRate | Counter::kInvert);
}

void register_cases() {
  const std::vector<Device> available = available_devices();
  for (const Device device : {cpu, reference, bench::cuda}) {
    if (std::find(available.begin(), available.end(), device) == available.end()) continue;
    benchmark::AddCustomContext("weft " + to_string(device), backend_of(device).description());
    for (const Case& item : bench::all_cases()) {
      if (std::find(item.devices.begin(), item.devices.end(), device) == item.devices.end()) continue;
      benchmark::RegisterBenchmark((item.name + "/" + to_string(device)).c_str(),
                                   [item, device](benchmark::State& state) { time_case(state, item, device); })
          ->UseRealTime()
          ->Unit(benchmark::kMicrosecond);
    }
  }
  benchmark::AddCustomContext("weft threads", std::to_string(num_threads()));
}

/// Takes --gemm NAME (or --gemm=NAME) out of the words, which Google Benchmark does not know, and follows it.
void take_gemm(int& argc, char** argv) {
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with("--gemm=")) {
      set_gemm(parse_gemm(word.substr(7)));
    } else if (word == "--gemm" && i + 1 < argc) {
      set_gemm(parse_gemm(argv[++i]));
    } else {
      argv[kept++] = argv[i];
    }
  }
  argc = kept;
}

/// What stands in the results about the program.
void add_build_context() {
  benchmark::AddCustomContext("weft version", program::version());
  benchmark::AddCustomContext("weft compiler", demo::compiler());
  benchmark::AddCustomContext("weft flags", WEFT_FLAGS);
  const std::string onednn = WEFT_ONEDNN;
  benchmark::AddCustomContext(
      "onednn", onednn.empty() ? "not found when this was built: no case ends in /onednn; hint: libdnnl-dev" : onednn);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && argv[1][0] != '-') {
    const std::vector<std::string> words(argv + 1, argv + argc);
    return run_program("weft-bench", [&] {
      if (words.size() == 3 && words[0] == "serve") {
        bench::serve(words[1], words[2]);
      } else {
        bench::command(words);
      }
    });
  }
  try {
    take_gemm(argc, argv);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    add_build_context();
    register_cases();
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
  } catch (const std::exception& error) {
    fmt::print(stderr, "weft-bench: {}\n", error.what());
    return 1;
  }
  return refused ? 1 : 0;
}
