// tests/demos/emulated_test.cpp: a demo trains on the emulated card as it does on the processor
#include <doctest/doctest.h>

#include "hyper/demos/harness/metrics.h"
#include "tests/demos/program.h"

using namespace weft;
using demo_test::folder_of, demo_test::Outcome;

namespace {

std::vector<demo::Metric> trained_on(const std::string& device, const std::filesystem::path& folder) {
  const Outcome outcome =
      demo_test::run_program(WEFT_HYPER_CNN, "--steps 3 --batch-size 8 --device " + device + " --data " +
                                                 folder.string() + " --out " + (folder / "runs").string());
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  return demo::read_metrics(folder_of(outcome) / "metrics.jsonl");
}

}  // namespace

TEST_CASE("hyper-cnn: the emulated card follows the curve of the processor") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const std::vector<demo::Metric> card = trained_on("emulated", folder.path), cpu = trained_on("cpu", folder.path);
  REQUIRE(card.size() == cpu.size());
  REQUIRE(card.size() >= 2 * 3);  // both models, three steps each
  for (size_t i = 0; i < card.size(); ++i)
    CHECK(card[i].scores.front().second == doctest::Approx(cpu[i].scores.front().second).epsilon(1e-4));
}
