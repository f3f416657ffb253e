// hyper/demos/harness/profile.cpp: records of tapes, summed by op
#include "hyper/demos/harness/profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "hyper/demos/harness/progress.h"

namespace weft::demo {
namespace {

constexpr size_t kMostOps = 20;  ///< rows that a screen can show

}  // namespace

Profile::Cost& Profile::Cost::operator+=(const Cost& other) {
  records += other.records;
  bytes += other.bytes;
  forward += other.forward;
  backward += other.backward;
  return *this;
}

void Profile::add(const Tape& tape, Cost (*cost_of)(const TapeGraph::Vertex& vertex)) {
  const Stopwatch watch;
  for (const TapeGraph::Vertex& vertex : graph_of(tape).vertices) {
    if (!vertex.is_leaf) ops_[vertex.name] += cost_of(vertex);
  }
  own_seconds_ += watch.seconds();
}

void Profile::add_forward(const Tape& tape) {
  add(tape, [](const TapeGraph::Vertex& vertex) { return Cost{1, vertex.bytes_saved, vertex.forward_seconds, 0}; });
}

void Profile::add_backward(const Tape& tape) {
  add(tape, [](const TapeGraph::Vertex& vertex) { return Cost{0, 0, 0, vertex.backward_seconds}; });
}

void Profile::add_step(double seconds) {
  seconds_ += seconds - std::exchange(own_seconds_, 0);
  ++steps_;
}

std::vector<std::string> Profile::row_of(const std::string& name, const Cost& cost) const {
  const auto steps = static_cast<double>(steps_);
  return {name,
          fmt::format("{:.0f}", static_cast<double>(cost.records) / steps),
          fmt::format("{:.3f}", 1e3 * cost.forward / steps),
          fmt::format("{:.3f}", 1e3 * cost.backward / steps),
          fmt::format("{:.1f} %", 100 * cost.seconds() / seconds_),
          fmt::format("{:.2f}", static_cast<double>(cost.bytes) / steps / (1 << 20))};
}

std::vector<std::vector<std::string>> Profile::rows() const {
  std::vector<std::pair<std::string, Cost>> ops(ops_.begin(), ops_.end());
  std::sort(ops.begin(), ops.end(),
            [](const auto& a, const auto& b) { return a.second.seconds() > b.second.seconds(); });
  std::vector<std::vector<std::string>> rows{
      {"op", "records", "forward ms", "backward ms", "of the step", "MiB saved"}};
  Cost others, sum;
  for (size_t i = 0; i < ops.size(); ++i) {
    sum += ops[i].second;
    if (ops.size() <= kMostOps || i + 1 < kMostOps) rows.push_back(row_of(ops[i].first, ops[i].second));
    else others += ops[i].second;
  }
  if (ops.size() > kMostOps) rows.push_back(row_of(fmt::format("{} others", ops.size() - kMostOps + 1), others));
  const double rest = std::max(seconds_ - sum.seconds(), 0.0);
  rows.push_back({"data, optimiser, rest", "", fmt::format("{:.3f}", 1e3 * rest / static_cast<double>(steps_)), "",
                  fmt::format("{:.1f} %", 100 * rest / seconds_), ""});
  rows.push_back({"a step", fmt::format("{:.0f}", static_cast<double>(sum.records) / static_cast<double>(steps_)),
                  fmt::format("{:.3f}", 1e3 * (sum.forward + rest) / static_cast<double>(steps_)),
                  fmt::format("{:.3f}", 1e3 * sum.backward / static_cast<double>(steps_)), "100.0 %",
                  fmt::format("{:.2f}", static_cast<double>(sum.bytes) / static_cast<double>(steps_) / (1 << 20))});
  return rows;
}

}  // namespace weft::demo
