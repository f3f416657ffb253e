// tests/demos/banner_test.cpp: what a run says of itself first, and keeps in config.json
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "tensor/program/version.h"
#include "tests/demos/program.h"

using namespace weft;
namespace fs = std::filesystem;
using demo_test::contents, demo_test::folder_of, demo_test::Outcome;

namespace {

const std::string kOneStep = " --epochs 1 --batch-size 8 --steps 1";

/// The tiny set in a folder, and where runs go.
std::string in_folder(const fs::path& folder) {
  return " --data " + folder.string() + " --out " + (folder / "runs").string();
}

/// What follows a name at the start of a line.
std::string line_of(const Outcome& outcome, const std::string& name) {
  std::smatch found;
  const std::string out = "\n" + outcome.out;
  return std::regex_search(out, found, std::regex("\n" + name + " +([^\n]*)")) ? found[1].str() : "";
}

}  // namespace

TEST_CASE(
    "banner: version, commit, compiler, device, processor, seed, digest and parameters, and config.json has them") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const Outcome cpu =
      demo_test::run_program(WEFT_HYPER_CNN, "--device cpu --seed 7" + kOneStep + in_folder(folder.path));
  REQUIRE_MESSAGE(cpu.code == 0, cpu.err);
  CHECK(std::regex_match(program::git_id(), std::regex("unknown|\\S*[0-9a-f]{4,}(-dirty)?")));
  CHECK(cpu.out.starts_with("hyper-cnn " + program::version() + ", git " + program::git_id() + "\ncompiler    "));
  CHECK(std::regex_search(line_of(cpu, "compiler"), std::regex("^(gcc|clang) [0-9]+")));
  for (const char* fact : {"baseline|avx2|avx512", "OpenBLAS [0-9.]+ \\(.* kernels\\)", "gemm ", "[0-9]+ threads"})
    CHECK_MESSAGE(std::regex_search(line_of(cpu, "device"), std::regex(fact)), fact);
  CHECK(line_of(cpu, "processor").empty());  // it is the device
  CHECK(line_of(cpu, "seed") == "7");
  CHECK(line_of(cpu, "CNN") == "21,210 parameters");
  const std::string digest = line_of(cpu, "sha256");
  CHECK(std::regex_match(digest, std::regex("[0-9a-f]{64}")));

  const auto config = nlohmann::json::parse(contents(folder_of(cpu) / "config.json"));
  CHECK(config["versions"]["git"] == program::git_id());
  CHECK(config["versions"]["compiler"] == line_of(cpu, "compiler"));
  CHECK(config["data"]["sha256"] == digest);
  CHECK(config["parameters"] == nlohmann::json{{"plain", 21210}, {"hyper", 12910}});
  CHECK(contents(folder_of(cpu) / "report.html").find("<td>" + digest + "</td>") != std::string::npos);

  const Outcome reference =
      demo_test::run_program(WEFT_HYPER_CNN, "--device reference --dry-run" + in_folder(folder.path));
  CHECK(std::regex_search(line_of(reference, "processor"), std::regex("OpenBLAS")));
  CHECK(line_of(reference, "sha256") == digest);
}

TEST_CASE("banner: one pixel or label changes the digest, and a run that goes on with other data says so") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const Outcome begun = demo_test::run_program(WEFT_HYPER_CNN, kOneStep + in_folder(folder.path));
  REQUIRE_MESSAGE(begun.code == 0, begun.err);
  const std::string resume = "--resume " + folder_of(begun).string() + " --steps 2", digest = line_of(begun, "sha256");
  CHECK_FALSE(demo_test::run_program(WEFT_HYPER_CNN, resume).says("the data are not those"));
  for (const char* file : {"train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
    {
      std::fstream bytes(folder.path / file, std::ios::in | std::ios::out | std::ios::binary);
      bytes.seekp(20);  // a pixel at the edge, a label
      bytes.put('\x03');
    }
    const Outcome changed = demo_test::run_program(WEFT_HYPER_CNN, "--quiet " + resume);
    CHECK_MESSAGE(changed.code == 0, changed.err);
    const std::string now = line_of(demo_test::run_program(WEFT_HYPER_CNN, resume), "sha256");
    CHECK(now != digest);
    CHECK_MESSAGE(changed.err.find("the data are not those the run began with: their SHA-256 is " + now + ", it was " +
                                   digest) != std::string::npos,
                  changed.err);
    const auto resumed = nlohmann::json::parse(contents(folder_of(begun) / "config.json"))["resumed"];
    CHECK(resumed.back()["data"]["sha256"] == now);
    CHECK(resumed.back()["git"] == program::git_id());
    CHECK(contents(folder_of(begun) / "report.html").find(now) != std::string::npos);
  }
}

TEST_CASE("banner: every demo names the digest of its data") {
  const demo_test::TempFolder folder;
  std::ofstream text(folder.path / "text.txt"), strokes(folder.path / "strokes.tsv");
  for (int i = 0; i < 100; ++i) text << "the quick brown fox " << i % 10 << "\n";
  for (int i = 0; i < 40; ++i) strokes << "all\ta\t0,0,1 " << i << ",1,0 2,2,1\n";
  text.close();
  strokes.close();
  const std::string in = folder.path.string();
  const Outcome lstm = demo_test::run_program(
      WEFT_HYPER_LSTM, "--dry-run --batch-size 4 --length 8 --corpus file --text " + in + "/text.txt");
  const Outcome pen =
      demo_test::run_program(WEFT_HYPER_HANDWRITING, "--dry-run --corpus tsv --strokes " + in + "/strokes.tsv");
  for (const Outcome& outcome : {lstm, pen}) {
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    CHECK(std::regex_match(line_of(outcome, "sha256"), std::regex("[0-9a-f]{64}")));
  }
}
