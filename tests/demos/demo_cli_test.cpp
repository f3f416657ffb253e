// tests/demos/demo_cli_test.cpp: the demo program from outside: options, exit codes, files
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "hyper/demos/harness/chart.h"
#include "hyper/demos/harness/png.h"
#include "hyper/demos/harness/spelling.h"
#include "hyper/demos/harness/table.h"
#include "hyper/models/mnist_cnn.h"
#include "tensor/create.h"
#include "tensor/safetensors.h"
#include "tests/demos/tiny_mnist.h"

using namespace weft;
namespace fs = std::filesystem;

namespace {

struct Outcome {
  int code;
  std::string out, err;
  bool says(const std::string& text) const { return (out + err).find(text) != std::string::npos; }
};

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Runs hyper-cnn with `arguments` (words without spaces or quotes of their own).
Outcome run_demo(const std::string& arguments) {
  static const demo_test::TempFolder scratch;
  const fs::path err = scratch.path / "stderr";
  const std::string command = "'" WEFT_HYPER_CNN "' " + arguments + " 2>'" + err.string() + "'";
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  Outcome outcome;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) outcome.out += static_cast<char>(c);
  const int status = pclose(pipe);
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  outcome.err = contents(err);
  return outcome;
}

/// The run folder's path is the last line of stdout.
fs::path folder_of(const Outcome& outcome) {
  std::istringstream lines(outcome.out);
  std::string line, last;
  while (std::getline(lines, line)) last = line;
  return last;
}

int64_t count_of(const std::string& text, const std::string& word) {
  int64_t n = 0;
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("hyper-cnn: --help lists the options with their defaults in 80 columns") {
  const Outcome help = run_demo("--help");
  CHECK(help.code == 0);
  for (const char* option :
       {"--data DIR", "--out DIR", "--epochs N", "--batch-size N", "--lr X", "--seed N", "--device NAME", "--threads N",
        "--limit-batches N", "--list-devices", "--version", "--quiet", "--preset NAME", "[0.005]", "[runs]"}) {
    CHECK_MESSAGE(help.says(option), option);
  }
  std::istringstream lines(help.out);
  for (std::string line; std::getline(lines, line);) CHECK_MESSAGE(line.size() <= 80, line);
}

TEST_CASE("hyper-cnn: --version and --list-devices answer and leave") {
  CHECK(run_demo("--version").says("hyper-cnn 0."));
  const Outcome devices = run_demo("--list-devices");
  CHECK(devices.code == 0);
  CHECK(devices.says("reference"));
  CHECK(devices.says("cpu"));
}

TEST_CASE("hyper-cnn: a wrong command line exits 2 and says what was meant") {
  const Outcome unknown = run_demo("--epoch 3");
  CHECK(unknown.code == 2);
  CHECK(unknown.err == "option --epoch is unknown; did you mean --epochs?\n");
  CHECK(run_demo("--batchsize=3").says("did you mean --batch-size?"));
  CHECK(run_demo("--zzzzzzzzzzzzzzzzzz").says("see --help"));
  CHECK(run_demo("surprise").code == 2);
  CHECK(run_demo("--epochs").code == 2);
  for (const char* bad :
       {"--epochs 0", "--epochs 2x", "--epochs -1", "--batch-size none", "--lr 0", "--lr nan", "--seed -1",
        "--threads 0", "--device gpu", "--preset fast", "--epochs 99999999999999999999"}) {
    const Outcome outcome = run_demo(bad);
    CHECK_MESSAGE(outcome.code == 2, bad);
    CHECK_MESSAGE(count_of(outcome.err, "\n") == 1, outcome.err);
    CHECK_MESSAGE(outcome.out.empty(), outcome.out);
  }
  CHECK(run_demo("--epochs 2x").says("'2x' is not a whole number of at least 1"));
}

TEST_CASE("hyper-cnn: a device that is not there exits 6, without falling back") {
  const Outcome outcome = run_demo("--device emulated");
  CHECK(outcome.code == 6);
  CHECK(outcome.says("emulated"));
  if (!run_demo("--list-devices").says("cuda       not available")) return;
  const Outcome cuda = run_demo("--device cuda");
  CHECK(cuda.code == 6);
  CHECK(cuda.says("cuda"));
}

TEST_CASE("hyper-cnn: data that is missing or cut off exits 1 with a hint") {
  const demo_test::TempFolder folder;
  const Outcome missing = run_demo("--data " + folder.path.string());
  CHECK(missing.code == 1);
  CHECK(missing.says(folder.path.string()));
  CHECK(missing.says("hint"));
  CHECK(count_of(missing.err, "hint") == 1);

  demo_test::write_tiny_mnist(folder.path);
  const fs::path images = folder.path / "train-images-idx3-ubyte";
  fs::resize_file(images, fs::file_size(images) - 1);
  const Outcome truncated = run_demo("--data " + folder.path.string() + " --out " + (folder.path / "runs").string());
  CHECK(truncated.code == 1);
  CHECK(truncated.says("train-images-idx3-ubyte"));
  CHECK_FALSE(fs::exists(folder.path / "runs"));
}

TEST_CASE("hyper-cnn: an output folder that cannot be made exits 5") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  std::ofstream(folder.path / "file") << "in the way";
  const Outcome outcome = run_demo("--epochs 1 --limit-batches 1 --data " + folder.path.string() + " --out " +
                                   (folder.path / "file").string());
  CHECK(outcome.code == 5);
  CHECK(outcome.says("--out"));
}

TEST_CASE("hyper-cnn: a run that diverges exits 3") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const Outcome outcome =
      run_demo("--epochs 4 --batch-size 4 --lr 1e38 --data " + folder.path.string() + " --out " + folder.path.string());
  CHECK(outcome.code == 3);
  CHECK(outcome.says("--lr"));
}

TEST_CASE("hyper-cnn: a run leaves all its files, with the same bits for any number of threads") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const std::string common = "--epochs 2 --batch-size 8 --limit-batches 2 --seed 7 --data " + folder.path.string() +
                             " --out " + (folder.path / "runs").string();
  const Outcome one = run_demo(common + " --threads 1"), two = run_demo(common + " --threads 2");
  REQUIRE_MESSAGE(one.code == 0, one.err);
  REQUIRE_MESSAGE(two.code == 0, two.err);
  const fs::path a = folder_of(one), b = folder_of(two);
  CHECK(a != b);
  for (const char* name : {"config.json", "metrics.jsonl", "plain.safetensors", "hyper.safetensors", "kernels.png",
                           "loss.svg", "mistakes.png", "mistakes.txt"}) {
    CHECK_MESSAGE(fs::file_size(a / name) > 0, name);
  }
  CHECK(std::distance(fs::directory_iterator(a), {}) == 8);
  CHECK(contents(a / "plain.safetensors") == contents(b / "plain.safetensors"));
  CHECK(contents(a / "hyper.safetensors") == contents(b / "hyper.safetensors"));
  CHECK(contents(a / "kernels.png") == contents(b / "kernels.png"));

  // Two networks, each: 2 epochs of 2 steps and a validation, and one test.
  const std::string metrics = contents(a / "metrics.jsonl");
  CHECK(count_of(metrics, "\n") == 2 * (2 * (2 + 1) + 1));
  CHECK(count_of(metrics, "\"split\":\"test\"") == 2);
  const std::string config = contents(a / "config.json");
  for (const char* key : {"\"limit-batches\": 2", "\"lr\": 0.005", "\"seed\": 7", "\"argv\"", "\"versions\""}) {
    CHECK_MESSAGE(config.find(key) != std::string::npos, key);
  }
  CHECK(one.says("12,544"));
  CHECK(one.says("4,244"));
  CHECK(one.says("21,210"));
  CHECK(one.says("12,910"));

  // The weights are those of the model, and differ from a fresh one's.
  Streams streams(7);
  hyper::MnistCnn model(hyper::Kernel::generated, streams.init);
  const double before = model.second_kernel().value().at({0, 0, 0, 0});
  model.load_state_dict(load_safetensors(a / "hyper.safetensors").tensors);
  CHECK(model.second_kernel().value().at({0, 0, 0, 0}) != before);
}

TEST_CASE("hyper-cnn: --quiet prints the results only") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const Outcome outcome = run_demo("--quiet --epochs 1 --batch-size 8 --limit-batches 1 --data " +
                                   folder.path.string() + " --out " + folder.path.string());
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  CHECK_FALSE(outcome.says("epoch 1/1"));
  CHECK(fs::exists(folder_of(outcome) / "config.json"));
}

TEST_CASE("spelling: the nearest word wins, and none that is far off") {
  CHECK(demo::edit_distance("kitten", "sitting") == 3);
  CHECK(demo::edit_distance("", "abc") == 3);
  CHECK(demo::edit_distance("same", "same") == 0);
  CHECK(demo::nearest("--sed", {"--data", "--seed", "--epochs"}) == "--seed");
  CHECK(demo::nearest("--xyzxyzxyz", {"--data", "--seed"}).empty());
}

TEST_CASE("table: numbers stand right, and thousands are grouped") {
  CHECK(demo::table({{"model", "n"}, {"a", "1,000"}}) == "model      n\n-----  -----\na      1,000\n");
  CHECK(demo::grouped(0) == "0");
  CHECK(demo::grouped(999) == "999");
  CHECK(demo::grouped(12544) == "12,544");
  CHECK(demo::grouped(-1234567) == "-1,234,567");
}

TEST_CASE("kernel_grid: each kernel runs from black to white on its own") {
  const Tensor kernels = tensor<float>({0, 1, 10, 30}, Shape{1, 2, 1, 2});
  const demo::Image image = demo::kernel_grid(kernels, 1);
  CHECK(image.width == 6);
  CHECK(image.height == 1);
  const std::vector<int> row{*image.at(0, 0), *image.at(1, 0), *image.at(4, 0), *image.at(5, 0)};
  CHECK(row == std::vector<int>{0, 255, 0, 255});
  CHECK(demo::png_of(image).substr(1, 3) == "PNG");
}

TEST_CASE("svg_chart: leaves out what a logarithm cannot show, and escapes names") {
  const std::string svg =
      demo::svg_chart({"a < b", "x", "y"}, {{"c & d", "red", demo::Stroke::solid, {{1, 0}, {2, 3}}}});
  CHECK(svg.find("a &lt; b") != std::string::npos);
  CHECK(svg.find("c &amp; d") != std::string::npos);
  CHECK(svg.find("nan") == std::string::npos);
  CHECK(svg.find("inf") == std::string::npos);
  CHECK(demo::smoothed({{1, 2}, {3, 4}, {5, 6}}, 2) == std::vector<std::pair<double, double>>{{2, 3}, {5, 6}});
}
