// tests/demos/hyper_wrn_test.cpp: the demo hyper-wrn from outside
#include <doctest/doctest.h>

#include "hyper/demos/harness/checkpoint_file.h"
#include "tests/demos/program.h"
#include "tests/demos/stopped.h"
#include "tests/fixtures/folder.h"

using namespace weft;
namespace fs = std::filesystem;
using demo_test::contents, demo_test::count_of, demo_test::folder_of, demo_test::Outcome;

namespace {

Outcome run_wrn(const std::string& arguments) { return demo_test::run_program(WEFT_HYPER_WRN, arguments); }

/// CIFAR-10's records: a label, then 32 x 32 pixels of each colour.
void write_records(const fs::path& path, int n) {
  std::string bytes;
  for (int i = 0; i < n; ++i) {
    bytes += static_cast<char>(i % 10);
    for (int at = 0; at < 3 * 32 * 32; ++at) bytes += static_cast<char>(at * (i % 10 + 1) % 251);
  }
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace

TEST_CASE("hyper-wrn: two steps leave all files, and a run whose end is lost goes on to the same bits") {
  const demo_test::TempFolder folder;
  write_records(folder.path / "data_batch_1.bin", 20);
  write_records(folder.path / "test_batch.bin", 10);
  const std::string data = " --data " + folder.path.string() + " --out " + folder.path.string() + "/runs";
  const Outcome whole = run_wrn("--epochs 2 --batch-size 18" + data);
  REQUIRE_MESSAGE(whole.code == 0, whole.err);
  const fs::path run = folder_of(whole);
  for (const char* name : {"config.json", "metrics.jsonl", "free.safetensors", "generated.safetensors", "report.html",
                           "curves.svg", "kernels-free-group1.png", "kernels-generated-group3.png"}) {
    REQUIRE_MESSAGE(fs::exists(run / name), name);
    CHECK_MESSAGE(fs::file_size(run / name) > 0, name);
  }
  CHECK(count_of(contents(run / "metrics.jsonl"), "\"split\":\"train\"") == 2 * 2);

  for (const fs::path& file : demo_test::checkpoints_of(run)) {  // the norm is known where it was checked
    const TensorMap state = demo::load_verified(file);
    CHECK(state.at("free.trainer.progress.grad_norm").item() > 0);
    CHECK(state.at("generated.trainer.progress.grad_norm").item() > 0);
  }

  demo_test::check_goes_back(WEFT_HYPER_WRN, run, "generated.safetensors",
                             {"free.safetensors", "generated.safetensors", "kernels-generated-group3.png"});
}

TEST_CASE("hyper-wrn: a run that is stopped or killed goes on to the same bits") {
  const demo_test::TempFolder folder;
  write_records(folder.path / "data_batch_1.bin", 20);
  write_records(folder.path / "test_batch.bin", 10);
  demo_test::check_goes_on(
      WEFT_HYPER_WRN,
      {"--quiet", "--epochs", "3", "--batch-size", "6", "--checkpoint-every", "2", "--data", folder.path.string()},
      {"free.safetensors", "generated.safetensors", "kernels-generated-group3.png"});
}

TEST_CASE("hyper-wrn: a run that diverges exits 3, and leaves a checkpoint that is finite") {
  const demo_test::TempFolder folder;
  write_records(folder.path / "data_batch_1.bin", 20);
  write_records(folder.path / "test_batch.bin", 10);
  demo_test::check_diverges(WEFT_HYPER_WRN, {"--batch-size", "6", "--data", folder.path.string()});
}

TEST_CASE("hyper-wrn: the paper's networks by their presets") {
  const demo_test::TempFolder folder;
  write_records(folder.path / "data_batch_1.bin", 20);
  write_records(folder.path / "test_batch.bin", 10);
  const std::string data = " --dry-run --data " + folder.path.string();
  const Outcome narrow = run_wrn("--preset paper-wrn-40-1" + data), wide = run_wrn("--preset paper-wrn-40-2" + data);
  CHECK(narrow.says("WRN-40-1    563,930 parameters"));
  CHECK(narrow.says("hyper-40-1  97,770 parameters"));
  CHECK(wide.says("WRN-40-2    2,243,546 parameters"));
  CHECK(wide.says("hyper-40-2  155,626 parameters"));
  CHECK_FALSE(run_wrn("--model free" + data).says("hyper-10-1"));
  CHECK(run_wrn("--verbose" + data).says("\nlast kernel of group 3 "));
  CHECK(run_wrn("--depth 12" + data).code == 2);
  CHECK(run_wrn("--preset paper-wrn-40-1 --print-config").says("\"checkpoint-every\": 100"));
}

TEST_CASE("hyper-wrn: generated kernels that start far from learnt ones are warned of, also when trained alone") {
  const demo_test::TempFolder folder;
  write_records(folder.path / "data_batch_1.bin", 20);
  write_records(folder.path / "test_batch.bin", 10);
  const std::string data = " --dry-run --data " + folder.path.string();
  const std::string warning =
      "\nwarning: generated weights start far from learnt ones\nlast kernel of group 1: generated";
  const Outcome both = run_wrn(data), alone = run_wrn("--model generated" + data);
  for (const Outcome& outcome : {both, alone}) {
    CHECK_MESSAGE(outcome.says(warning), outcome.out);
    CHECK(outcome.says("\nThis is the initialiser of the authors' notebook"));
    CHECK_FALSE(outcome.says("at the start"));  // the table
  }
  CHECK(both.out.substr(both.out.find(warning)) == alone.out.substr(alone.out.find(warning)));
  CHECK_FALSE(run_wrn("--quiet" + data).says("warning"));
  CHECK_FALSE(run_wrn("--model free" + data).says("warning"));
}

TEST_CASE("hyper-wrn: the paper's networks at full size take 20 steps") {
  const demo_test::TempFolder folder;
  write_records(folder.path / "data_batch_1.bin", 30);
  write_records(folder.path / "test_batch.bin", 2);
  for (const auto& [preset, cost] :
       {std::pair{"paper-wrn-40-1", "140k and 672k steps, 53 PFLOP: two weeks on two cores"},
        {"paper-wrn-40-2", "the same steps, 210 PFLOP: two months on two cores"}}) {
    CAPTURE(preset);
    const Outcome outcome = run_wrn(std::string("--preset ") + preset + " --steps 20 --batch-size 1 --data " +
                                    folder.path.string() + " --out " + folder.path.string() + "/runs");
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    CHECK_MESSAGE(outcome.says(fmt::format("\npreset      {}: {}\n", preset, cost)), outcome.out);
    CHECK(count_of(contents(folder_of(outcome) / "metrics.jsonl"), "\"step\":20,") > 0);
    for (const char* weights : {"free.safetensors", "generated.safetensors"})
      CHECK_MESSAGE(fs::exists(folder_of(outcome) / weights), weights);
  }
}

TEST_CASE("hyper-wrn: wrong data exits 1 before a run folder is made") {
  const demo_test::TempFolder folder;
  const std::string data = "--data " + folder.path.string() + " --out " + folder.path.string() + "/runs";
  CHECK(run_wrn(data).code == 1);
  write_records(folder.path / "data_batch_1.bin", 20);
  CHECK(run_wrn(data).says("hyper-wrn: '" + folder.path.string() + "': no test images"));
  fs::resize_file(folder.path / "data_batch_1.bin", 3072);
  const Outcome cut = run_wrn(data);
  CHECK(cut.code == 1);
  CHECK(cut.says("not whole records"));
  fs::create_directories(folder.path / "train");
  fs::create_directories(folder.path / "test");
  CHECK(run_wrn(data).code == 1);
  CHECK_FALSE(fs::exists(folder.path / "runs"));
}

TEST_CASE("hyper-wrn: pictures decoded in child processes are the same data") {
  const demo_test::TempFolder folder;
  for (int i = 0; i < 20; ++i) {
    const fs::path pictures = folder.path / (i < 10 ? "train" : "test") / std::to_string(i % 10);
    fs::create_directories(pictures);
    fs::copy_file(weft::test::fixtures() / "images" / (i % 2 == 0 ? "rgb.jpg" : "rgba.png"),
                  pictures / (i % 2 == 0 ? "a.jpg" : "a.png"));
  }
  const std::string arguments = "--dry-run --data " + folder.path.string();
  const auto digest = [](const Outcome& outcome) {
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    const size_t at = outcome.out.find("sha256");
    REQUIRE(at != std::string::npos);
    return outcome.out.substr(at, outcome.out.find('\n', at) - at);
  };
  CHECK(digest(run_wrn(arguments + " --safe-images")) == digest(run_wrn(arguments)));
  CHECK(run_wrn("--help").says("--safe-images"));
  fs::remove_all(folder.path / "test/9");
  const Outcome nine = run_wrn(arguments);
  CHECK(nine.code == 1);
  CHECK(nine.says("': 10 classes to train, 9 to test; hint: both need the same 10 subfolders"));
}
