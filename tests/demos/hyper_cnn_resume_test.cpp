// tests/demos/hyper_cnn_resume_test.cpp: hyper-cnn is stopped, killed and resumed
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cmath>
#include <csignal>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "hyper/demos/harness/checkpoint_file.h"
#include "hyper/demos/harness/metrics.h"
#include "tensor/create.h"
#include "tensor/program/version.h"
#include "tensor/safetensors.h"
#include "tests/demos/program.h"
#include "tests/demos/stopped.h"

using namespace weft;
namespace fs = std::filesystem;
using demo_test::contents, demo_test::folder_of, demo_test::Outcome, demo_test::run_cnn, demo_test::without_seconds;

namespace {

/// 14 steps an epoch, twice: long enough to be hit in the middle.
const std::vector<std::string> kShortRun{"--quiet", "--epochs", "2", "--batch-size", "4", "--checkpoint-every", "3"};

const std::vector<std::string> kResults{"plain.safetensors", "hyper.safetensors", "kernels.png", "mistakes.txt"};

std::vector<std::string> with(std::vector<std::string> words, const fs::path& data, const fs::path& runs) {
  words.insert(words.end(), {"--data", data.string(), "--out", runs.string()});
  return words;
}

/// A run on the tiny data in `folder` that has made a step of each model.
fs::path run_of_one_step(const fs::path& folder, std::vector<std::string> words = {}) {
  demo_test::write_tiny_mnist(folder);
  words.insert(words.end(), {"--steps", "1"});
  const Outcome begun = run_cnn(demo_test::joined(with(words, folder, folder / "runs")));
  REQUIRE_MESSAGE(begun.code == 0, begun.err);
  return folder_of(begun);
}

}  // namespace

TEST_CASE("hyper-cnn: a run that is stopped or killed goes on, and ends with the bits of one that was not") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  std::vector<std::string> words = kShortRun;
  words.insert(words.end(), {"--data", folder.path.string()});
  demo_test::check_goes_on(WEFT_HYPER_CNN, words, kResults);
}

TEST_CASE("hyper-cnn: SIGINT and SIGTERM save, say how to go on, and exit 130 and 143; SIGUSR1 does not end the run") {
  for (const int signal : {SIGINT, SIGTERM}) {
    const demo_test::TempFolder folder;
    demo_test::write_tiny_mnist(folder.path);
    const fs::path runs = folder.path / "runs", err = folder.path / "stderr";
    const pid_t demo = demo_test::start_program(
        WEFT_HYPER_CNN,
        with({"--quiet", "--epochs", "1000000", "--batch-size", "4", "--keep", "1000000"}, folder.path, runs), err);
    const std::optional<int> status = demo_test::hit_at_line(demo, runs, WEFT_HYPER_CNN, 1, {SIGUSR1, signal});
    REQUIRE(status);
    REQUIRE(WIFEXITED(*status));
    CHECK(WEXITSTATUS(*status) == 128 + signal);
    const fs::path run = demo_test::run_in(runs, WEFT_HYPER_CNN);
    const std::string message = contents(err);
    CHECK_MESSAGE(message.starts_with("CNN: stopped by SIG"), message);
    CHECK_MESSAGE(
        message.find("all is saved; go on with: " WEFT_HYPER_CNN " --resume '" + run.string()) != std::string::npos,
        message);
    const Outcome resumed = run_cnn("--quiet --resume " + run.string() + " --steps 1");  // there is nothing left to do
    CHECK_MESSAGE(resumed.code == 0, resumed.err);
  }
}

TEST_CASE("hyper-cnn: SIGINT stops a test between its batches") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  demo_test::write_split(folder.path, "t10k", 5000);
  demo_test::check_stops_in_test(WEFT_HYPER_CNN,
                                 {"--quiet", "--steps", "1", "--batch-size", "4", "--data", folder.path.string()});
}

TEST_CASE("hyper-cnn: --resume goes back to the newest checkpoint that is whole") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const fs::path runs = folder.path / "runs";
  const Outcome whole = run_cnn(demo_test::joined(with(kShortRun, folder.path, runs)));
  REQUIRE_MESSAGE(whole.code == 0, whole.err);
  const fs::path run = folder_of(whole), copy = folder.path / "copy";
  fs::copy(run, copy, fs::copy_options::recursive);
  const std::vector<fs::path> files = demo_test::checkpoints_of(run);
  REQUIRE(files.size() == 2);
  {
    std::fstream file(files[1], std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-1, std::ios::end);
    file.put('\x55');
  }
  const Outcome resumed = run_cnn("--quiet --out " + runs.string() + " --resume");
  REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
  CHECK(resumed.says("skipped '" + files[1].string() + "': damaged"));
  demo_test::check_same_results(copy, run, kResults);

  fs::resize_file(run / "metrics.jsonl", 10);
  CHECK(run_cnn("--quiet --resume " + run.string()).says("metrics.jsonl has lost lines"));
  for (const fs::path& file : demo_test::checkpoints_of(run)) fs::resize_file(file, 100);
  const Outcome none = run_cnn("--quiet --resume " + run.string());
  CHECK(none.code == 1);
  CHECK(none.says("no checkpoint to go on from"));
  CHECK(run_cnn("--resume /nowhere").code == 1);
  CHECK(run_cnn("--resume --out " + (folder.path / "empty").string()).says("no run to resume"));
  const Outcome other = run_cnn("--resume " + run.string() + " --lr 0.5");
  CHECK(other.code == 2);
  CHECK(other.says("option --lr: the run to resume has 0.005"));
}

TEST_CASE("hyper-cnn: --resume takes the checkpoint that latest names, and else the newest that is whole") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  std::vector<std::string> words = with(kShortRun, folder.path, folder.path / "runs");
  words.insert(words.end(), {"--keep", "100"});
  const Outcome whole = run_cnn(demo_test::joined(words));
  REQUIRE_MESSAGE(whole.code == 0, whole.err);
  const fs::path run = folder_of(whole);
  const std::vector<fs::path> all = demo_test::checkpoints_of(run);
  REQUIRE(all.size() > 6);
  CHECK(contents(run / "checkpoints/latest") == all.back().filename().string() + "\n");
  struct Case {
    std::string latest, says;
    size_t from;  ///< which checkpoint it goes on from
  };
  const std::string none = "which is no checkpoint there";
  for (const Case& c :
       {Case{all[3].filename().string() + "\n", "", 3}, Case{"000099.safetensors\n", none, all.size() - 1},
        Case{"../config.json\n", none, all.size() - 1}, Case{"", "", all.size() - 1}}) {
    CAPTURE(c.latest);
    const fs::path copy = folder.path / "copy";
    fs::remove_all(copy);
    fs::copy(run, copy, fs::copy_options::recursive);
    std::ofstream(copy / "checkpoints/latest") << c.latest;
    fs::remove(copy / "hyper.safetensors");
    const Outcome resumed = run_cnn("--quiet --keep 100 --resume " + copy.string());
    REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
    CHECK_MESSAGE(resumed.err.find(c.says) != std::string::npos, resumed.err);
    CHECK(resumed.err.empty() == c.says.empty());
    CHECK(without_seconds(copy) == without_seconds(run));
    // Those it did not go on from are made anew, and no later ones are left over.
    CHECK(fs::exists(copy / "hyper.safetensors") == (c.from == 3));
    CHECK(demo_test::checkpoints_of(copy).size() == all.size());
    CHECK(contents(copy / "checkpoints/latest") == all.back().filename().string() + "\n");
    if (c.from == 3) demo_test::check_same_results(run, copy, kResults);
  }
}

TEST_CASE("hyper-cnn: what a killed process had not finished writing goes on resume, which says so once") {
  const demo_test::TempFolder folder;
  const fs::path run = run_of_one_step(folder.path);
  const std::vector<fs::path> unfinished{run / ".config.json.4711-3.tmp",
                                         run / "checkpoints" / ".000099.safetensors.1-0.tmp"};
  for (const fs::path& file : unfinished) std::ofstream(file) << "half";
  std::ofstream(run / "mine.tmp") << "no file of a run";
  const std::string more = "--quiet --resume " + run.string() + " --steps ";
  const Outcome resumed = run_cnn(more + "2");
  CHECK(resumed.code == 0);
  CHECK(resumed.err == "removed what a killed process had not finished writing: '" + unfinished[0].string() + "', '" +
                           unfinished[1].string() + "'\n");
  for (const fs::path& file : unfinished) CHECK_FALSE_MESSAGE(fs::exists(file), file.string());
  CHECK(fs::exists(run / "mine.tmp"));
  CHECK(run_cnn(more + "3").err.empty());
}

TEST_CASE("hyper-cnn: a checkpoint holds who wrote it, the best validation so far and its weights") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  std::vector<std::string> words = with(kShortRun, folder.path, folder.path / "runs");
  words.insert(words.end(), {"--keep", "100", "--eval-every", "3", "--lr", "0.05"});
  const Outcome outcome = run_cnn(demo_test::joined(words));
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  const std::vector<demo::Metric> metrics = demo::read_metrics(folder_of(outcome) / "metrics.jsonl");
  const std::string writer = fmt::format("weft {}, git {}", program::version(), program::git_id());
  std::set<double> bests;
  for (const fs::path& file : demo_test::checkpoints_of(folder_of(outcome))) {
    CAPTURE(file.string());
    const Safetensors saved = load_safetensors(file, cpu);
    CHECK(saved.metadata.at("writer") == writer);
    if (saved.tensors.contains("hyper.run.best_epoch")) continue;  // of plain, while it is trained
    const double step = saved.tensors.at("plain.trainer.progress.step").item();
    double best = std::numeric_limits<double>::quiet_NaN();
    for (const demo::Metric& metric : metrics) {
      const bool counts = metric.model == "plain" && metric.split == "validation" && double(metric.step) <= step;
      if (counts && !(metric.scores[0].second >= best)) best = metric.scores[0].second;
    }
    const double kept = saved.tensors.at("plain.trainer.progress.best").item();
    CHECK((kept == best || (std::isnan(kept) && std::isnan(best))));
    CHECK(saved.tensors.contains("plain.best.classifier.weight") == !std::isnan(best));
    if (!std::isnan(kept)) bests.insert(kept);
  }
  CHECK(bests.size() > 2);  // it got better
}

TEST_CASE("hyper-cnn: a checkpoint of another format is refused, and the run left as it is") {
  const demo_test::TempFolder folder;
  const fs::path run = run_of_one_step(folder.path), file = demo_test::checkpoints_of(run).back();
  const Safetensors saved = load_safetensors(file, cpu);
  std::map<std::string, std::string> metadata = saved.metadata;
  metadata["format"] = "weft run 1";
  save_safetensors(file, saved.tensors, metadata);
  demo_test::check_left_as_it_was(run, [&] {
    const Outcome outcome = run_cnn("--resume " + run.string() + " --quiet --steps 2");
    CHECK(outcome.code == 1);
    CHECK_MESSAGE(
        outcome.err == "'" + file.string() +
                           "': its format is 'weft run 1', this program reads 'weft run 2'; hint: go on with " +
                           saved.metadata.at("writer") + ", or begin a new run\n",
        outcome.err);
  });
}

TEST_CASE("hyper-cnn: a run that auto put on a device stays there when it is resumed") {
  const demo_test::TempFolder folder;
  const fs::path run = run_of_one_step(folder.path, {"--device", "auto"}), config = run / "config.json";
  auto json = nlohmann::ordered_json::parse(contents(config));
  json["device"]["name"] = "reference";  // as if the machine of then had been another
  std::ofstream(config) << json.dump(2);
  const Outcome resumed = run_cnn("--steps 2 --resume " + run.string());
  CHECK_MESSAGE(resumed.code == 0, resumed.err);
  CHECK(resumed.says("device      reference"));
  CHECK(nlohmann::json::parse(contents(config))["resumed"].back()["device"] == "reference");
}

TEST_CASE("hyper-cnn: a config.json or a state that no run has written is refused by name") {
  const demo_test::TempFolder folder;
  const fs::path run = run_of_one_step(folder.path), config = run / "config.json",
                 file = demo_test::checkpoints_of(run).back();
  const std::string resume = "--quiet --steps 2 --resume " + run.string(), good = contents(config);
  const auto changed = [&](const char* name, const nlohmann::ordered_json& value) {
    auto json = nlohmann::ordered_json::parse(good);
    json[name] = value;
    std::ofstream(config) << json.dump();
    return run_cnn(resume);
  };
  CHECK(changed("resumed", "x").err == "'" + config.string() + "': not as a run writes it; hint: begin a new run\n");
  const Outcome untold = changed("data", nlohmann::ordered_json::array());
  CHECK_MESSAGE(untold.code == 0, untold.err);
  std::ofstream(config) << good;

  const Safetensors saved = load_safetensors(demo_test::checkpoints_of(run).back(), cpu);
  const auto with_part = [&](const std::string& name, const Tensor& value) {
    for (const fs::path& other : demo_test::checkpoints_of(run)) fs::remove(other);
    fs::remove(run / "checkpoints/latest");
    TensorMap tensors = saved.tensors;
    tensors[name] = value;
    demo::save_verified(file, tensors);
    return run_cnn(resume);
  };
  const Outcome settings = with_part("run.settings", full({1}, 91, {.dtype = DType::uint8, .device = cpu}));  // "["
  CHECK(settings.code == 1);
  CHECK_MESSAGE(settings.err == "'" + run.string() + "': the settings in its checkpoint are no JSON object\n",
                settings.err);
  for (const double bytes : {double{NAN}, -1.0}) {
    const Outcome lost = with_part("run.metrics_bytes", full({}, bytes, {.dtype = DType::float64, .device = cpu}));
    CHECK(lost.code == 1);
    CHECK_MESSAGE(lost.says("metrics.jsonl has lost lines it counts on"), lost.err);
  }
}
