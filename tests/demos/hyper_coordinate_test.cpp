// tests/demos/hyper_coordinate_test.cpp: the demo hyper-coordinate from outside
#include <doctest/doctest.h>

#include "tests/demos/program.h"

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
                           "filters-free.png", "filters-painted.png", "report.html"}) {
    REQUIRE_MESSAGE(fs::exists(run / name), name);
    CHECK_MESSAGE(fs::file_size(run / name) > 0, name);
  }
  CHECK(count_of(contents(run / "metrics.jsonl"), "\"split\":\"train\"") == 2 * 2);

  // The oldest checkpoint left stands before the painted network's last one: the end is done again.
  const fs::path copy = folder.path / "copy";
  fs::copy(run, copy, fs::copy_options::recursive);
  std::vector<fs::path> checkpoints;
  for (const auto& entry : fs::directory_iterator(copy / "checkpoints")) checkpoints.push_back(entry.path());
  REQUIRE(checkpoints.size() == 2);
  fs::remove(std::max(checkpoints[0], checkpoints[1]));
  fs::remove(copy / "painted.safetensors");
  const Outcome resumed = run_coordinate("--quiet --resume " + copy.string());
  REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
  for (const char* name : {"free.safetensors", "painted.safetensors", "filters-painted.png"}) {
    CHECK_MESSAGE(contents(run / name) == contents(copy / name), name);
  }
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
