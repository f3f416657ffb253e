// tests/demos/hyper_coordinate_test.cpp: the demo hyper-coordinate from outside
#include <doctest/doctest.h>

#include "tests/demos/program.h"
#include "tests/demos/stopped.h"

using namespace weft;
namespace fs = std::filesystem;
using demo_test::contents, demo_test::count_of, demo_test::folder_of, demo_test::Outcome;

namespace {

Outcome run_coordinate(const std::string& arguments) {
  return demo_test::run_program(WEFT_HYPER_COORDINATE, arguments);
}

}  // namespace

TEST_CASE("hyper-coordinate: two steps leave all files, and a run of one step goes on to the same bits") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const std::string common =
      "--epochs 2 --batch-size 60 --data " + folder.path.string() + " --out " + folder.path.string() + "/runs";
  const Outcome whole = run_coordinate(common);
  REQUIRE_MESSAGE(whole.code == 0, whole.err);
  for (const char* fact : {"203,530", "3,627", "200,704", "801", "98.5 %", "93.5 %"})
    CHECK_MESSAGE(whole.says(fact), fact);
  const fs::path run = folder_of(whole);
  for (const char* name : {"config.json", "metrics.jsonl", "free.safetensors", "painted.safetensors",
                           "filters-free.png", "filters-painted.png", "report.html", "curves.svg"}) {
    REQUIRE_MESSAGE(fs::exists(run / name), name);
    CHECK_MESSAGE(fs::file_size(run / name) > 0, name);
  }
  CHECK(count_of(contents(run / "metrics.jsonl"), "\"split\":\"train\"") == 2 * 2);

  demo_test::check_goes_back(WEFT_HYPER_COORDINATE, run, "painted.safetensors",
                             {"free.safetensors", "painted.safetensors", "filters-painted.png"});
}

TEST_CASE("hyper-coordinate: a run that is stopped or killed goes on to the same bits") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  demo_test::check_goes_on(
      WEFT_HYPER_COORDINATE,
      {"--quiet", "--epochs", "2", "--batch-size", "6", "--checkpoint-every", "3", "--data", folder.path.string()},
      {"free.safetensors", "painted.safetensors", "filters-painted.png"});
}

TEST_CASE("hyper-coordinate: a run that diverges exits 3, and leaves a checkpoint that is finite") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  demo_test::check_diverges(WEFT_HYPER_COORDINATE, {"--batch-size", "6", "--data", folder.path.string()});
}

TEST_CASE("hyper-coordinate: a painted matrix that starts far from a learnt one is warned of, and only such a one") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const std::string data = " --dry-run --data " + folder.path.string();
  const Outcome near = run_coordinate("--seed 1" + data), far = run_coordinate("--seed 5" + data);  // 3 and 13 times
  CHECK_FALSE(near.says("warning"));
  CHECK_MESSAGE(far.says("\nwarning: generated weights start far from learnt ones\nmatrix: generated weights have "),
                far.out);
  CHECK(far.says("\nA painter of another --seed may start nearer: the paper names no initialiser.\n"));
  CHECK_FALSE(run_coordinate("--quiet --seed 5" + data).says("warning"));
  CHECK(run_coordinate("--verbose --seed 1" + data).says("\nmatrix "));
}

TEST_CASE("hyper-coordinate: wrong data exits 1 before a run folder is made") {
  const demo_test::TempFolder folder;
  const std::string common = "--data " + folder.path.string() + " --out " + folder.path.string() + "/runs";
  CHECK(run_coordinate(common).code == 1);
  demo_test::write_tiny_mnist(folder.path);
  demo_test::write_split(folder.path, "train", 60, 32);
  demo_test::write_split(folder.path, "t10k", 20, 32);
  const Outcome outcome = run_coordinate(common);
  CHECK(outcome.code == 1);
  CHECK(outcome.says("hyper-coordinate: '" + folder.path.string() + "': images of 32 x 32 pixels"));
  CHECK_FALSE(fs::exists(folder.path / "runs"));
}
