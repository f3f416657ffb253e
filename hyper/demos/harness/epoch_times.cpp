// hyper/demos/harness/epoch_times.cpp: differences between the ends of epochs
#include "hyper/demos/harness/epoch_times.h"

#include <fmt/format.h>

#include <algorithm>

#include "tensor/create.h"

namespace weft::demo {
namespace {

constexpr size_t kMostRows = 30;
constexpr int64_t kNumbers = 4;  ///< of an EpochEnd

std::vector<std::string> time_row(const std::string& name, const EpochEnd& from, const EpochEnd& to) {
  const int64_t steps = to.step - from.step;
  const double training = to.training - from.training;
  return {name, std::to_string(steps), fmt::format("{:.2f}", training),
          fmt::format("{:.2f}", to.evaluation - from.evaluation),
          training > 0 ? fmt::format("{:.2f}", static_cast<double>(steps) / training) : "-"};
}

}  // namespace

Tensor tensor_of(const std::vector<EpochEnd>& ends) {
  std::vector<double> numbers;
  for (const EpochEnd& end : ends) {
    numbers.insert(numbers.end(),
                   {static_cast<double>(end.epoch), static_cast<double>(end.step), end.training, end.evaluation});
  }
  return from_data(numbers, {std::ssize(ends), kNumbers}, cpu);
}

std::vector<EpochEnd> epoch_ends(const Tensor& ends) {
  if (ends.rank() != 2 || ends.size(1) != kNumbers || ends.dtype() != DType::float64)
    fail("epoch_ends", "expected float64 [n, {}], got {}", kNumbers, ends.describe());
  const std::vector<double> numbers = ends.reshape({ends.numel()}).to_vector<double>();
  std::vector<EpochEnd> read;
  for (size_t i = 0; i < numbers.size(); i += kNumbers) {
    read.push_back(
        {static_cast<int64_t>(numbers[i]), static_cast<int64_t>(numbers[i + 1]), numbers[i + 2], numbers[i + 3]});
  }
  return read;
}

std::vector<std::vector<std::string>> time_rows(const std::vector<EpochEnd>& ends) {
  std::vector<std::vector<std::string>> rows{{"epoch", "steps", "training s", "evaluation s", "steps/s"}};
  const EpochEnd start{};
  const size_t group = std::max<size_t>(1, (ends.size() + kMostRows - 1) / kMostRows);
  for (size_t first = 0; first < ends.size(); first += group) {
    const size_t last = std::min(first + group, ends.size()) - 1;
    const std::string name =
        first == last ? std::to_string(ends[last].epoch) : fmt::format("{}-{}", ends[first].epoch, ends[last].epoch);
    rows.push_back(time_row(name, first == 0 ? start : ends[first - 1], ends[last]));
  }
  if (!ends.empty()) rows.push_back(time_row("all", start, ends.back()));
  return rows;
}

}  // namespace weft::demo
