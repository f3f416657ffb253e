// bench/ladder/main.cpp: weft-ladder checks every rung against `reference`, and times it on a graphics card
//
// Read the kernels of an operation from top to bottom, then run this: the emulator checks them where there is no card,
// and says in which line a barrier is missing.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "bench/ladder/rung.h"
#include "tensor/backend.h"
#include "tensor/create.h"
#include "tensor/program/command_line.h"
#include "tensor/program/program.h"
#include "tensor/random.h"

namespace {

using namespace weft;
using ladder::Ladder, ladder::Rung;
using Inputs = std::vector<Tensor>;

/// What the rungs of a ladder compute, and on what.
struct Operation {
  std::string_view name;
  std::vector<Shape> checked, timed;                ///< of the inputs
  void (*apply)(const Inputs& x, const Tensor& y);  ///< by the kernel that Weft uses
  double (*work)(const Inputs& x);                  ///< operations, or bytes that must move
  std::string_view unit;                            ///< of 10^9 of work a second
};

void multiply(const Inputs& x, const Tensor& y) {
  y.backend().matmul(x[0].unsqueeze(0), x[1].unsqueeze(0), y.unsqueeze(0));
}
void log_softmax_of_rows(const Inputs& x, const Tensor& y) { y.backend().log_softmax(x[0], 1, y); }
void layer_norm_of_rows(const Inputs& x, const Tensor& y) {
  y.backend().layer_norm(x[0].unsqueeze(1), Tensor(), Tensor(), 1e-5, y.unsqueeze(1));
}
double flops_of(const Inputs& x) { return 2.0 * static_cast<double>(x[0].numel()) * static_cast<double>(x[1].size(1)); }
double bytes_of(const Inputs& x) { return 8.0 * static_cast<double>(x[0].numel()); }

const std::vector<Operation> kOperations = {
    {"matmul", {{256, 128}, {128, 384}}, {{4096, 4096}, {4096, 4096}}, multiply, flops_of, "GFLOP/s"},
    {"log_softmax", {{41, 640}}, {{32768, 1024}}, log_softmax_of_rows, bytes_of, "GB/s"},
    {"layer_norm", {{41, 640}}, {{32768, 1024}}, layer_norm_of_rows, bytes_of, "GB/s"}};

const Operation& operation_of(const Ladder& ladder) {
  return *std::find_if(kOperations.begin(), kOperations.end(),
                       [&](const Operation& operation) { return operation.name == ladder.operation; });
}

Inputs inputs(const std::vector<Shape>& shapes, Device device) {
  Inputs x;
  for (const Shape& shape : shapes) {
    RandomStream stream(7, static_cast<uint32_t>(x.size()));
    x.push_back(random_normal(shape, stream, 1, 2, {.device = device}));
  }
  return x;
}

Tensor result_for(const Inputs& x) {
  return full({x.front().size(0), x.back().size(1)}, std::nan(""), {.device = x[0].device()});
}

/// The largest difference from `reference`, relative to the largest number there. NaN when a number is.
double error_of(const Tensor& y, const Tensor& expected) {
  const std::vector<double> got = y.to_vector<double>(), wanted = expected.to_vector<double>();
  double worst = 0, scale = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    const double error = std::fabs(got[i] - wanted[i]);
    worst = error <= worst ? worst : error;
    scale = std::max(scale, std::fabs(wanted[i]));
  }
  return worst / scale;
}

constexpr double kTolerance = 1e-5;

double checked_error(const Operation& operation, const Rung& rung, Device device) {
  const Inputs x = inputs(operation.checked, device), same = inputs(operation.checked, reference);
  const Tensor y = result_for(x), expected = result_for(same);
  operation.apply(same, expected);
  rung.run(x, y);
  return error_of(y, expected);
}

/// Seconds a run, the best of five series: a series is as many runs as fit into some milliseconds, and one wait.
double seconds_of(const std::function<void()>& run, void (*synchronize)()) {
  using Clock = std::chrono::steady_clock;
  const auto series = [&](int runs) {
    const auto begin = Clock::now();
    for (int i = 0; i < runs; ++i) run();
    synchronize();
    return std::chrono::duration<double>(Clock::now() - begin).count() / runs;
  };
  constexpr double kSeries = 0.02;
  series(1);  // the first run loads the kernel
  const int runs = static_cast<int>(std::clamp(kSeries / series(1), 1.0, 1000.0));
  double best = series(runs);
  for (int i = 1; i < 5; ++i) best = std::min(best, series(runs));
  return best;
}

struct Options {
  std::string device = "auto", json, operation = "all";
};

/// cuda where there is a card, else the emulator.
Device device_of(const Options& options) {
  if (options.device != "auto") return parse_device(options.device);
  const std::vector<Device> available = available_devices();
  const auto is_card = [](const Device& device) { return device.kind == DeviceKind::cuda; };
  return std::any_of(available.begin(), available.end(), is_card) ? Device{DeviceKind::cuda, 0}
                                                                  : Device{DeviceKind::emulated, 0};
}

/// One line of the table. Returns whether the rung is right.
bool climb(const Operation& operation, const Rung& rung, Device device, void (*synchronize)(), const Inputs& timed,
           nlohmann::json& records) {
  const double error = checked_error(operation, rung, device);
  const bool right = error < kTolerance;
  nlohmann::json record = {{"operation", operation.name}, {"rung", rung.name}, {"error", error}, {"right", right}};
  std::string speed = right ? "" : "WRONG";
  if (right && !timed.empty()) {
    const Tensor y = result_for(timed);
    const double seconds = seconds_of([&] { rung.run(timed, y); }, synchronize);
    const double rate = operation.work(timed) / seconds / 1e9;
    record["seconds"] = seconds;
    record[std::string(operation.unit)] = rate;
    speed = fmt::format("{:9.1f} us {:9.0f} {}", seconds * 1e6, rate, operation.unit);
  }
  fmt::print("  {:<14} {:7.1e}  {:<32}  {}\n", rung.name, error, speed, rung.idea);
  records.push_back(record);
  return right;
}

bool climb_all(const Options& options, Device device, nlohmann::json& records) {
  bool right = true;
  for (const Ladder& ladder : ladder::all_ladders()) {
    if (ladder.kind != device.kind || (options.operation != "all" && options.operation != ladder.operation)) continue;
    const Operation& operation = operation_of(ladder);
    const Inputs timed = device.kind == DeviceKind::cuda ? inputs(operation.timed, device) : Inputs{};
    fmt::print("{}\n", ladder.operation);
    std::vector<Rung> rungs = ladder.rungs;
    rungs.push_back({"shipped", "what Weft uses: any size, stride and dtype", operation.apply});
    for (const Rung& rung : rungs) {
      right = climb(operation, rung, device, ladder.synchronize, timed, records) && right;
    }
  }
  return right;
}

void run(int argc, char** argv) {
  Options options;
  const program::CommandLine line{
      .name = "weft-ladder",
      .about = "kernels in rising order of speed: each checked, and timed where there is a graphics card",
      .settings = {program::choice("--device", options.device, "where they run", {"auto", "cuda", "emulated"}),
                   program::choice("--operation", options.operation, "one of the ladders",
                                   {"all", "matmul", "log_softmax", "layer_norm"}),
                   program::text("--json", options.json, "FILE", "write the numbers to this file, too")},
      .ending = "\nExit: 0 done, 1 a kernel is wrong, 2 usage, 5 a file cannot be written\n"};
  if (!program::parse(line, argc, argv)) return;
  const Device device = device_of(options);
  fmt::print("{}: {}; errors are relative to reference\n", to_string(device), backend_of(device).description());
  nlohmann::json records = nlohmann::json::array();
  const bool right = climb_all(options, device, records);
  if (!options.json.empty()) {
    std::ofstream file(options.json);
    file << nlohmann::json{{"device", backend_of(device).description()}, {"rungs", records}}.dump(2) << "\n";
    if (!file.flush()) throw WriteError(fmt::format("weft-ladder: '{}' cannot be written", options.json));
  }
  if (!right) throw Error("weft-ladder: a kernel is wrong");
}

}  // namespace

int main(int argc, char** argv) {
  return weft::run_program("weft-ladder", [&] { run(argc, argv); });
}
