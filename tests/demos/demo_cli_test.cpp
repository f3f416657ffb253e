// tests/demos/demo_cli_test.cpp: the demo program from outside: options, exit codes, files
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "hyper/demos/harness/metrics.h"
#include "hyper/models/mnist_cnn.h"
#include "tensor/random.h"
#include "tensor/safetensors.h"
#include "tests/demos/program.h"
#include "tests/demos/stopped.h"

using namespace weft;
namespace fs = std::filesystem;
using demo_test::contents, demo_test::count_of, demo_test::folder_of, demo_test::Outcome, demo_test::run_cnn;

TEST_CASE("hyper-cnn: --help lists the options with their defaults in 80 columns") {
  const Outcome help = run_cnn("--help");
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
  CHECK(run_cnn("--version").says("hyper-cnn 0."));
  const Outcome devices = run_cnn("--list-devices");
  CHECK(devices.code == 0);
  CHECK(devices.says("reference"));
  CHECK(devices.says("cpu"));
}

TEST_CASE("hyper-cnn: a generated kernel that starts far from a learnt one is warned of, unless --quiet") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const std::string data = " --dry-run --data " + folder.path.string();
  const Outcome outcome = run_cnn(data);
  CHECK_MESSAGE(
      outcome.says("\nwarning: generated weights start far from learnt ones\nsecond kernel: generated weights "
                   "have variance "),
      outcome.out);
  CHECK(outcome.says("\nThis is the paper's own initialiser"));
  CHECK_FALSE(outcome.says("at the start"));  // the table
  const Outcome verbose = run_cnn("--verbose" + data);
  CHECK(verbose.says("\nwarning: generated weights"));
  CHECK(verbose.says("at the start"));
  CHECK_FALSE(run_cnn("--quiet" + data).says("warning"));
}

TEST_CASE("--quick is --preset quick in every demo, and refused beside another preset") {
  for (const auto& [program, other] : {std::pair{WEFT_HYPER_CNN, "paper"},
                                       {WEFT_HYPER_COORDINATE, "long"},
                                       {WEFT_HYPER_HANDWRITING, "paper-iam"},
                                       {WEFT_HYPER_LSTM, "paper-ptb"},
                                       {WEFT_HYPER_WRN, "paper-wrn-40-1"}}) {
    CAPTURE(program);
    const auto says = [&](const std::string& arguments) { return demo_test::run_program(program, arguments); };
    CHECK(says("--help").says("\n  --quick                the same as --preset quick\n"));
    const demo_test::TempFolder folder;  // settings that the preset must win over
    std::ofstream(folder.path / "config.json") << says("--epochs 77 --print-config").out;
    const std::string saved = "--print-config --config " + (folder.path / "config.json").string();
    const Outcome quick = says("--quick " + saved);
    CHECK(quick.code == 0);
    CHECK(says(saved).says("\"epochs\": 77"));
    CHECK_FALSE(quick.says("\"epochs\": 77"));
    CHECK(quick.out == says("--preset quick " + saved).out);
    CHECK(quick.out == says("--quick --preset quick " + saved).out);
    const Outcome refused = says(std::string("--quick --preset ") + other);
    CHECK(refused.code == 2);
    CHECK(refused.err == std::string("option --quick: it means --preset quick, but --preset ") + other +
                             " is given too; hint: leave one of them out\n");
    std::ofstream(folder.path / "config.json") << says(std::string("--print-config --preset ") + other).out;
    const Outcome unlike = says("--quick --resume " + folder.path.string());
    CHECK(unlike.code == 2);
    CHECK(unlike.err == std::string("option --quick: the run to resume has --preset ") + other +
                            "; hint: leave it out, or begin a new run\n");
  }
}

TEST_CASE("hyper-cnn: a wrong command line exits 2 and says what was meant") {
  const Outcome unknown = run_cnn("--epoch 3");
  CHECK(unknown.code == 2);
  CHECK(unknown.err == "option --epoch is unknown; did you mean --epochs?\n");
  CHECK(run_cnn("--batchsize=3").says("did you mean --batch-size?"));
  CHECK(run_cnn("--zzzzzzzzzzzzzzzzzz").says("see --help"));
  CHECK(run_cnn("surprise").err == "argument 'surprise' is not expected; see --help\n");
  CHECK(run_cnn("--epochs").err == "option --epochs needs a value; see --help\n");
  CHECK(run_cnn("--data= --dry-run").err == "option --data has an empty value; see --help\n");
  CHECK(run_cnn("--seed 1 --seed 2").err == "option --seed is given more than once; see --help\n");
  for (const char* bad : {"--epochs 0", "--epochs 2x", "--epochs -1", "--batch-size none", "--lr 0", "--lr nan",
                          "--seed -1", "--threads 0", "--threads 1025", "--device gpu", "--device auto:3",
                          "--device cpu:x", "--device cuda:", "--device cuda:-1", "--device cuda:99999999999",
                          "--seed 18446744073709551616", "--preset fast", "--epochs 99999999999999999999"}) {
    const Outcome outcome = run_cnn(bad);
    CHECK_MESSAGE(outcome.code == 2, bad);
    CHECK_MESSAGE(count_of(outcome.err, "\n") == 1, outcome.err);
    CHECK_MESSAGE(outcome.out.empty(), outcome.out);
  }
  CHECK(run_cnn("--epochs 2x").says("'2x' is not a whole number of at least 1"));
  CHECK(run_cnn("--threads 5000").says("'5000' is not a whole number from 1 to 1024"));
  CHECK(run_cnn("--device auto:3").says("'auto:3' takes no card number; write auto"));
  CHECK(run_cnn("--device cpu:x").says("'cpu:x' has no card number after the colon; write cpu or cpu:0"));
}

TEST_CASE("hyper-cnn: a device that is not there exits 6, without falling back") {
  const Outcome outcome = run_cnn("--device cuda:99");
  CHECK(outcome.code == 6);
  CHECK(outcome.says("cuda:99"));
  if (!run_cnn("--list-devices").says("cuda       not available")) return;
  const Outcome cuda = run_cnn("--device cuda");
  CHECK(cuda.code == 6);
  CHECK(cuda.says("cuda"));
}

TEST_CASE("hyper-cnn: data that is missing or cut off exits 1 with a hint") {
  const demo_test::TempFolder folder;
  const Outcome missing = run_cnn("--data " + folder.path.string());
  CHECK(missing.code == 1);
  CHECK(missing.says(folder.path.string()));
  CHECK(missing.says("hint"));
  CHECK(count_of(missing.err, "hint") == 1);

  demo_test::write_tiny_mnist(folder.path);
  const fs::path images = folder.path / "train-images-idx3-ubyte";
  fs::resize_file(images, fs::file_size(images) - 1);
  const Outcome truncated = run_cnn("--data " + folder.path.string() + " --out " + (folder.path / "runs").string());
  CHECK(truncated.code == 1);
  CHECK(truncated.says("train-images-idx3-ubyte"));
  CHECK_FALSE(fs::exists(folder.path / "runs"));
}

TEST_CASE("hyper-cnn: a set that cannot be used exits 1 and names its folder, before a run folder is made") {
  const demo_test::TempFolder folder;
  const auto check_refused = [&](const char* fact) {
    const Outcome outcome = run_cnn("--data " + folder.path.string() + " --out " + (folder.path / "runs").string());
    CHECK(outcome.code == 1);
    CHECK_MESSAGE(outcome.says("hyper-cnn: '" + folder.path.string() + "': " + fact), outcome.err);
    CHECK_FALSE(fs::exists(folder.path / "runs"));
  };
  demo_test::write_tiny_mnist(folder.path);
  demo_test::write_split(folder.path, "train", 11);
  check_refused("11 training images; hint: at least 12");
  demo_test::write_split(folder.path, "train", 0);
  check_refused("0 training images");
  demo_test::write_split(folder.path, "train", 12);
  demo_test::write_split(folder.path, "t10k", 0);
  check_refused("no test images");
  demo_test::write_split(folder.path, "train", 60, 32);
  demo_test::write_split(folder.path, "t10k", 20, 32);
  check_refused("images of 32 x 32 pixels; hint: the network takes 28 x 28");
}

TEST_CASE("hyper-cnn: WEFT_DATA that is not there exits 1 and names it") {
  const Outcome outcome = run_cnn("--epochs 1", "WEFT_DATA=/nowhere/at/all ");
  CHECK(outcome.code == 1);
  CHECK(outcome.says("'/nowhere/at/all': WEFT_DATA names it"));
}

TEST_CASE("hyper-cnn: output that cannot be printed exits 5") {
  if (!fs::exists("/dev/full")) return;
  const Outcome outcome = run_cnn("--version >/dev/full");
  CHECK(outcome.code == 5);
  CHECK(outcome.says("stdout: cannot write: No space left on device"));
}

TEST_CASE("hyper-cnn: an output folder that cannot be made exits 5") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  std::ofstream(folder.path / "file") << "in the way";
  const Outcome outcome = run_cnn("--epochs 1 --limit-batches 1 --data " + folder.path.string() + " --out " +
                                  (folder.path / "file").string());
  CHECK(outcome.code == 5);
  CHECK(outcome.says("run folder: cannot make '"));
  CHECK(outcome.says("; hint: name another folder with --out"));
}

TEST_CASE("hyper-cnn: settings come from a file, are printed, and runs are compared") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const std::string data = " --data " + folder.path.string() + " --out " + (folder.path / "runs").string();
  const Outcome printed = run_cnn("--preset paper --lr 0.25 --print-config");
  CHECK(printed.says("\"epochs\": 50"));
  std::ofstream(folder.path / "config.json") << printed.out;
  const Outcome read = run_cnn("--config " + (folder.path / "config.json").string() + " --epochs 3 --print-config");
  CHECK(read.says("\"epochs\": 3"));
  CHECK(read.says("\"lr\": 0.25"));
  std::ofstream(folder.path / "broken.json") << "{";
  const Outcome broken = run_cnn("--config " + (folder.path / "broken.json").string());
  CHECK(broken.code == 1);
  CHECK(broken.says("broken.json': no JSON object with \"settings\"; hint: name the config.json of a run"));

  const Outcome dry = run_cnn("--dry-run" + data);
  CHECK(dry.code == 0);
  CHECK(dry.says("12,910"));
  CHECK_FALSE(fs::exists(folder.path / "runs"));
  CHECK_FALSE(dry.says("\npreset "));
  CHECK(run_cnn("--dry-run --verbose" + data).says("\nsecond kernel "));
  CHECK(run_cnn("--dry-run --preset paper" + data).says("\npreset      paper: the paper's batch, 20 minutes\n"));

  const Outcome stopped = run_cnn("--quiet --epochs 9 --batch-size 8 --steps 3" + data);
  REQUIRE_MESSAGE(stopped.code == 0, stopped.err);
  const fs::path run = folder_of(stopped);
  CHECK(count_of(contents(run / "metrics.jsonl"), "\"split\":\"train\"") == 2 * 3);
  const Outcome compared = run_cnn("--compare " + run.string() + " " + run.string() + data);
  REQUIRE_MESSAGE(compared.code == 0, compared.err);
  CHECK(compared.says(run.filename().string()));
  CHECK(contents(folder.path / "runs/hyper-cnn/compare.html").find("new Chart(") != std::string::npos);
  fs::create_directories(folder.path / "elsewhere");
  fs::copy(run, folder.path / "elsewhere" / run.filename(), fs::copy_options::recursive);
  const std::string twin = (folder.path / "elsewhere" / run.filename()).string();
  const Outcome twins = run_cnn("--compare " + run.string() + " " + twin + data);
  REQUIRE_MESSAGE(twins.code == 0, twins.err);
  const std::string page = contents(folder.path / "runs/hyper-cnn/compare.html");
  for (const std::string& path : {run.string(), twin}) {
    CHECK_MESSAGE(twins.says("\n" + path + " "), twins.out);
    CHECK(page.find("\"label\":\"" + path + " plain, train\"") != std::string::npos);
  }
  CHECK(run_cnn("--compare /nowhere").code == 1);
  const Outcome unwritable = run_cnn("--compare " + run.string() + " --out " + (run / "config.json").string());
  CHECK(unwritable.code == 5);
  CHECK(unwritable.says("--compare: cannot write"));
  const Outcome both = run_cnn("--resume " + run.string() + " --config " + (run / "config.json").string());
  CHECK(both.code == 2);
  CHECK(both.says("option --config: a resumed run has its own settings"));
  CHECK(run_cnn("--config /nowhere").says("'/nowhere': cannot be read"));
}

TEST_CASE("hyper-cnn: --no-fuse computes the same without fused kernels, is kept in config.json and stays on resume") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const auto train = [&](const std::string& more) {
    const Outcome outcome =
        run_cnn("--device cpu --profile --epochs 1 --batch-size 8 --steps 3 --data " + folder.path.string() +
                " --out " + (folder.path / ("runs" + more)).string() + " " + more);
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    return outcome;
  };
  const Outcome fused = train(""), composed = train("--no-fuse");
  CHECK(fused.says("\nsoftmax_cross_entropy "));
  CHECK_FALSE(composed.says("softmax_cross_entropy"));
  CHECK(composed.says("\nlog_softmax "));

  const auto losses = [](const Outcome& outcome) {
    std::vector<double> values;
    for (const demo::Metric& metric : demo::read_metrics(folder_of(outcome) / "metrics.jsonl")) {
      if (metric.split == "train") values.push_back(metric.scores.at(0).second);
    }
    return values;
  };
  const std::vector<double> one = losses(fused), other = losses(composed);
  REQUIRE(one.size() == 2 * 3);
  REQUIRE(other.size() == one.size());
  for (size_t i = 0; i < one.size(); ++i) CHECK(other[i] == doctest::Approx(one[i]).epsilon(1e-4));

  CHECK(contents(folder_of(fused) / "config.json").find("\"no-fuse\": false") != std::string::npos);
  const std::string run = folder_of(composed).string();
  CHECK(contents(run + "/config.json").find("\"no-fuse\": true") != std::string::npos);
  const Outcome resumed = run_cnn("--resume " + run + " --steps 5 --profile");
  CHECK(resumed.code == 0);
  CHECK(resumed.says("\nlog_softmax "));
  CHECK_FALSE(resumed.says("softmax_cross_entropy"));
}

TEST_CASE("hyper-cnn: --gemm is named at the start, kept in config.json, and stays on resume") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const std::string common = "--device cpu --epochs 2 --batch-size 8 --steps 3 --data " + folder.path.string() +
                             " --out " + (folder.path / "runs").string();
  const Outcome begun = run_cnn(common + " --gemm openblas");
  REQUIRE_MESSAGE(begun.code == 0, begun.err);
  CHECK(begun.says("gemm openblas, "));
  const std::string run = folder_of(begun).string();
  CHECK(contents(run + "/config.json").find("\"gemm\": \"openblas\"") != std::string::npos);
  const Outcome other = run_cnn("--resume " + run + " --gemm own");
  CHECK(other.code == 2);
  CHECK(other.says("option --gemm: the run to resume has openblas"));
  const Outcome resumed = run_cnn("--resume " + run + " --steps 4");
  REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
  CHECK(resumed.says("gemm openblas, "));
  CHECK(run_cnn("--gemm mkl").says("'mkl' is unknown; choose one of auto, own, openblas"));
}

TEST_CASE("hyper-cnn: a run leaves all its files, with the same bits for any number of threads") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const std::string common = "--epochs 2 --batch-size 8 --limit-batches 2 --seed 18446744073709551615 --data " +
                             folder.path.string() + " --out " + (folder.path / "runs").string();
  const Outcome one = run_cnn(common + " --threads 1"), two = run_cnn(common + " --threads 2");
  REQUIRE_MESSAGE(one.code == 0, one.err);
  REQUIRE_MESSAGE(two.code == 0, two.err);
  const fs::path a = folder_of(one), b = folder_of(two);
  CHECK(a != b);
  for (const char* name : {"config.json", "metrics.jsonl", "plain.safetensors", "hyper.safetensors", "kernels.png",
                           "report.html", "curves.svg", "metrics.csv", "mistakes.png", "mistakes.txt"}) {
    CHECK_MESSAGE(fs::file_size(a / name) > 0, name);
  }
  CHECK(std::distance(fs::directory_iterator(a), {}) == 11);  // and the checkpoints
  CHECK(contents(a / "plain.safetensors") == contents(b / "plain.safetensors"));
  CHECK(contents(a / "hyper.safetensors") == contents(b / "hyper.safetensors"));
  CHECK(contents(a / "kernels.png") == contents(b / "kernels.png"));

  // Two networks, each: 2 epochs of 2 steps and a validation, and one test.
  const std::string metrics = contents(a / "metrics.jsonl");
  CHECK(count_of(metrics, "\n") == 2 * (2 * (2 + 1) + 1));
  CHECK(count_of(metrics, "\"split\":\"test\"") == 2);
  const std::string config = contents(a / "config.json");
  for (const char* key :
       {"\"limit-batches\": 2", "\"lr\": 0.005", "\"seed\": 18446744073709551615", "\"argv\"", "\"versions\""}) {
    CHECK_MESSAGE(config.find(key) != std::string::npos, key);
  }
  CHECK(one.says("12,544"));
  CHECK(one.says("4,244"));
  CHECK(one.says("21,210"));
  CHECK(one.says("12,910"));
  CHECK(one.says(folder.path.filename().string() + ": 16 to train"));
  CHECK(one.says("neither MNIST nor Fashion-MNIST: named by its folder, classes 0 to 9"));

  CHECK(contents(a / "metrics.csv") == demo::csv_of(demo::read_metrics(a / "metrics.jsonl")));

  // The report names each file of weights as sha256sum does, and says how long epochs took.
  const std::string report = contents(a / "report.html");
  for (const char* name : {"plain.safetensors", "hyper.safetensors"}) {
    const Outcome sum = demo_test::run_program("sha256sum", (a / name).string());
    REQUIRE_MESSAGE(sum.code == 0, sum.err);
    const std::string row = "<td>" + std::string(name) + "</td><td>" + sum.out.substr(0, 64) + "</td>";
    CHECK_MESSAGE(report.find(row) != std::string::npos, row);
  }
  for (const char* part : {"<h2>time: CNN</h2>", "<h2>time: hyper-CNN</h2>", "<td>2</td><td>2</td>",
                           "<td>all</td><td>4</td>", "<td>peak of the process</td>"}) {
    CHECK_MESSAGE(report.find(part) != std::string::npos, part);
  }

  // The weights are those of the model, and differ from a fresh one's.
  Streams streams(18446744073709551615U);
  hyper::MnistCnn model(hyper::Kernel::generated, streams.init);
  const double before = model.second_kernel().value().at({0, 0, 0, 0});
  model.load_state_dict(load_safetensors(a / "hyper.safetensors").tensors);
  CHECK(model.second_kernel().value().at({0, 0, 0, 0}) != before);
}

TEST_CASE("hyper-cnn: --quiet prints the results only") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const Outcome outcome = run_cnn("--quiet --epochs 1 --batch-size 8 --limit-batches 1 --data " + folder.path.string() +
                                  " --out " + folder.path.string());
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  CHECK_FALSE(outcome.says("epoch 1/1"));
  CHECK(outcome.out.find(folder.path.filename().string() + "\n\nmodel ") != std::string::npos);
  CHECK(fs::exists(folder_of(outcome) / "config.json"));
}
