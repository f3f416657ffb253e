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

TEST_CASE("--emu-seed is the order of the emulated card's threads, which results do not depend on, and of no other") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const std::string common = " --steps 1 --batch-size 4 --limit-batches 1 --data " + folder.path.string() + " --out " +
                             (folder.path / "runs").string();
  std::string weights;
  for (const char* seed : {"5", "18446744073709551615"}) {
    const Outcome outcome = demo_test::run_program(
        WEFT_HYPER_CNN, "--device emulated --emu-seed " + std::string(seed) + common, "WEFT_EMU_SEED=9 ");
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    CHECK_MESSAGE(outcome.says("thread by thread, in the order of seed " + std::string(seed) + "\n"), outcome.out);
    const std::string now = demo_test::contents(folder_of(outcome) / "hyper.safetensors");
    CHECK((weights.empty() || weights == now));
    weights = now;
  }
  std::filesystem::remove_all(folder.path / "runs");
  const Outcome cpu = demo_test::run_program(WEFT_HYPER_CNN, "--device cpu --emu-seed 5" + common);
  CHECK(cpu.code == 2);
  CHECK(
      cpu.err ==
      "option --emu-seed: the device is cpu, which has no order of threads to choose; hint: add --device emulated, or "
      "leave it out\n");
  CHECK(demo_test::run_program(WEFT_HYPER_CNN, "--emu-seed 7x" + common).says("'7x' is not a whole number"));
  CHECK_FALSE(std::filesystem::exists(folder.path / "runs"));
  const Outcome environment =
      demo_test::run_program(WEFT_HYPER_CNN, "--dry-run --device emulated" + common, "WEFT_EMU_SEED=9 ");
  CHECK(environment.says("in the order of seed 9\n"));
}

TEST_CASE("hyper-cnn: the emulated card follows the curve of the processor") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const std::vector<demo::Metric> card = trained_on("emulated", folder.path), cpu = trained_on("cpu", folder.path);
  REQUIRE(card.size() == cpu.size());
  REQUIRE(card.size() >= 2 * 3);  // both models, three steps each
  for (size_t i = 0; i < card.size(); ++i)
    CHECK(card[i].scores.front().second == doctest::Approx(cpu[i].scores.front().second).epsilon(1e-4));
}
