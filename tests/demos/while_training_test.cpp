// tests/demos/while_training_test.cpp: what a run does between its steps: validations, samples, lines, checks
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "hyper/demos/harness/metrics.h"
#include "tests/demos/program.h"
#include "tests/demos/stopped.h"

using namespace weft;
namespace fs = std::filesystem;
using demo_test::contents, demo_test::count_of, demo_test::folder_of, demo_test::Outcome;

namespace {

/// 14 steps an epoch of hyper-cnn on the tiny set.
const std::vector<std::string> kTwoEpochs{"--epochs", "2", "--batch-size", "4"};

/// hyper-cnn on the tiny set in `folder`.
Outcome train_cnn(const fs::path& folder, const std::string& arguments) {
  if (!fs::exists(folder / "train-labels-idx1-ubyte")) demo_test::write_tiny_mnist(folder);
  return demo_test::run_program(WEFT_HYPER_CNN, demo_test::joined(kTwoEpochs) + arguments + " --data " +
                                                    folder.string() + " --out " + (folder / "runs").string());
}

std::vector<demo::Metric> metrics_of(const Outcome& outcome, const std::string& model, const std::string& split) {
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  std::vector<demo::Metric> metrics = demo::read_metrics(folder_of(outcome) / "metrics.jsonl");
  std::erase_if(metrics, [&](const demo::Metric& m) { return m.model != model || m.split != split; });
  return metrics;
}

std::vector<int64_t> steps_of(const std::vector<demo::Metric>& metrics) {
  std::vector<int64_t> steps;
  for (const demo::Metric& metric : metrics) steps.push_back(metric.step);
  return steps;
}

/// Arguments of a small hyper-lstm or hyper-handwriting, whose data are written to `folder`.
std::vector<std::string> small_lstm(const fs::path& folder) {
  std::ofstream text(folder / "text.txt");
  for (int i = 0; i < 200; ++i) text << "the quick brown fox, again " << i % 10 << "\n";
  return {"--corpus",         "file", "--text",          (folder / "text.txt").string(),
          "--hidden-size",    "8",    "--hyper-size",    "4",
          "--embedding-size", "2",    "--length",        "10",
          "--batch-size",     "8",    "--sample-length", "40",
          "--epochs",         "2"};
}

std::vector<std::string> small_handwriting(const fs::path& folder) {
  std::ofstream strokes(folder / "strokes.tsv");
  for (int i = 0; i < 100; ++i) strokes << "all\ta\t0,0,0 " << i % 7 << ",1,0 2," << i % 3 << ",0 2,2,1\n";
  return {"--corpus",         "tsv", "--strokes",    (folder / "strokes.tsv").string(),
          "--hidden-size",    "8",   "--hyper-size", "4",
          "--embedding-size", "2",   "--mixtures",   "3",
          "--batch-size",     "8",   "--samples",    "1",
          "--sample-steps",   "12",  "--epochs",     "2"};
}

}  // namespace

TEST_CASE("--eval-every: validations come at those steps and no others, and the best of them is tested") {
  const demo_test::TempFolder folder;
  const Outcome outcome = train_cnn(folder.path, "--eval-every 5");
  const auto validations = metrics_of(outcome, "plain", "validation");
  CHECK(steps_of(validations) == std::vector<int64_t>{5, 10, 15, 20, 25});
  CHECK(validations[2].epoch == 2);
  CHECK(outcome.says("CNN        epoch 2/2 step 15  train loss "));
  // A run that ends with the best of them has its weights.
  size_t best = 0;
  for (size_t i = 1; i < validations.size(); ++i) {
    if (validations[i].scores[0].second < validations[best].scores[0].second) best = i;
  }
  const Outcome shorter = train_cnn(folder.path, "--eval-every 5 --steps " + std::to_string(validations[best].step));
  CHECK(contents(folder_of(shorter) / "plain.safetensors") == contents(folder_of(outcome) / "plain.safetensors"));
  // Where none is due, the last weights are validated.
  CHECK(steps_of(metrics_of(train_cnn(folder.path, "--eval-every 100"), "plain", "validation")) ==
        std::vector<int64_t>{28});
}

TEST_CASE("--eval-every: a run that is stopped or killed goes on to the same bits, also of one batch alone") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  for (const bool one_batch : {false, true}) {
    std::vector<std::string> words = kTwoEpochs;
    words.insert(words.end(), {"--quiet", "--eval-every", "5", "--checkpoint-every", "3"});
    words.insert(words.end(), {"--data", folder.path.string()});
    if (one_batch) words.push_back("--overfit-batch");
    demo_test::check_goes_on(WEFT_HYPER_CNN, words, {"plain.safetensors", "hyper.safetensors", "kernels.png"});
  }
}

TEST_CASE("--patience counts the validations of --eval-every") {
  const demo_test::TempFolder folder;
  const Outcome outcome =
      demo_test::run_program(WEFT_HYPER_LSTM, demo_test::joined(small_lstm(folder.path)) +
                                                  "--eval-every 1 --patience 1 --lr 5 --out " + folder.path.string());
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  const auto metrics = demo::read_metrics(folder_of(outcome) / "metrics.jsonl");
  std::vector<double> losses;
  for (const demo::Metric& metric : metrics) {
    if (metric.split == "validation") losses.push_back(metric.scores[0].second);
  }
  REQUIRE(losses.size() > 2);
  const auto best = std::min_element(losses.begin(), losses.end());
  CHECK(losses.end() - best == 3);  // two that were no better, and the end
  const std::string before = contents(folder_of(outcome) / "metrics.jsonl");
  const Outcome again = demo_test::run_program(WEFT_HYPER_LSTM, "--quiet --resume " + folder_of(outcome).string());
  CHECK(again.code == 0);
  CHECK(contents(folder_of(outcome) / "metrics.jsonl") == before);  // nothing left to do
}

TEST_CASE("--sample-every leaves samples, which change no bit of the run, and come again after a stop") {
  struct Case {
    std::string program, ending, last;
    std::vector<std::string> (*arguments)(const fs::path&);
  };
  for (const Case& c : {Case{WEFT_HYPER_LSTM, ".txt", "sample.txt", small_lstm},
                        Case{WEFT_HYPER_HANDWRITING, ".svg", "sample-1.svg", small_handwriting}}) {
    CAPTURE(c.program);
    const demo_test::TempFolder folder;
    std::vector<std::string> words = c.arguments(folder.path);
    const std::string weights = "layer-norm-hyper-lstm.safetensors";
    words.insert(words.end(), {"--quiet", "--model", "layer-norm-hyper-lstm"});
    const std::string out = " --out " + (folder.path / "runs").string();
    const Outcome plain = demo_test::run_program(c.program, demo_test::joined(words) + out);
    REQUIRE_MESSAGE(plain.code == 0, plain.err);
    words.insert(words.end(), {"--sample-every", "5", "--eval-every", "5", "--checkpoint-every", "3"});
    demo_test::check_goes_on(c.program, words,
                             {weights, c.last, "samples/step-000005" + c.ending, "samples/step-000010" + c.ending});
    std::erase(words, "--eval-every");
    words.erase(std::find(words.begin(), words.end(), "--sample-every") + 2);
    const Outcome sampled = demo_test::run_program(c.program, demo_test::joined(words) + out);
    REQUIRE_MESSAGE(sampled.code == 0, sampled.err);
    CHECK(contents(folder_of(sampled) / weights) == contents(folder_of(plain) / weights));
    const std::string early = contents(folder_of(sampled) / "samples" / ("step-000005" + c.ending));
    CHECK(early.size() > 40);
    CHECK(early != contents(folder_of(sampled) / "samples" / ("step-000010" + c.ending)));
    CHECK_FALSE(fs::exists(folder_of(plain) / "samples"));
  }
}

TEST_CASE("--log-every: so many steps lie between lines of metrics and of progress, and the weights stay") {
  const demo_test::TempFolder folder;
  const Outcome each = train_cnn(folder.path, ""), some = train_cnn(folder.path, "--log-every 4");
  CHECK(metrics_of(each, "hyper", "train").size() == 28);
  const auto lines = metrics_of(some, "hyper", "train");
  CHECK(steps_of(lines) == std::vector<int64_t>{4, 8, 12, 16, 20, 24, 28});
  CHECK(lines[1].scores == metrics_of(each, "hyper", "train")[7].scores);
  CHECK(metrics_of(some, "hyper", "validation").size() == 2);
  CHECK(count_of(some.err, "\n") == 2 * 6);  // of each network, by the step in its epoch: 4, 8, 12 and again
  CHECK(some.says("hyper-CNN epoch 2/2 8/14, "));
  CHECK(each.err.empty());
  CHECK(contents(folder_of(each) / "hyper.safetensors") == contents(folder_of(some) / "hyper.safetensors"));
}

TEST_CASE("--log-format json: the lines of metrics.jsonl on stderr, in place of progress") {
  const demo_test::TempFolder folder;
  const Outcome outcome = train_cnn(folder.path, "--log-format json --log-every 7");
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  CHECK(outcome.err == contents(folder_of(outcome) / "metrics.jsonl"));
  CHECK(nlohmann::json::parse(outcome.err.substr(0, outcome.err.find('\n')))["step"] == 7);
  CHECK_FALSE(outcome.says("train loss"));
  CHECK(train_cnn(folder.path, "--log-format json --quiet").err.empty());
  const Outcome wrong = train_cnn(folder.path, "--log-format xml");
  CHECK(wrong.code == 2);
  CHECK(wrong.says("option --log-format: 'xml' is unknown; choose one of text, json"));
}

TEST_CASE("--overfit-batch: the loss of the first batch falls towards 0, and its images are the same at every step") {
  const demo_test::TempFolder folder;
  const Outcome outcome = train_cnn(folder.path, "--overfit-batch --lr 0.002");
  for (const char* model : {"plain", "hyper"}) {
    CAPTURE(model);
    const auto losses = metrics_of(outcome, model, "train");
    REQUIRE(losses.size() == 2 * 14);
    CHECK(losses.front().scores[0].second > 1);
    CHECK(losses.back().scores[0].second < 0.02);
  }
  const Outcome whole = train_cnn(folder.path, "--lr 0.002");
  CHECK(metrics_of(whole, "plain", "train")[0].scores == metrics_of(outcome, "plain", "train")[0].scores);
  CHECK(metrics_of(whole, "plain", "train")[1].scores != metrics_of(outcome, "plain", "train")[1].scores);
  const Outcome other = demo_test::run_program(WEFT_HYPER_CNN, "--overfit-batch --resume " + folder_of(whole).string());
  CHECK(other.code == 2);
  CHECK_MESSAGE(other.says("option --overfit-batch: the run to resume has false; hint: "), other.err);
}

TEST_CASE("--overfit-batch: text and strokes, too") {
  const demo_test::TempFolder folder;
  const std::string more = "--overfit-batch --model hyper-lstm --lr 0.05 --out " + folder.path.string();
  const Outcome text = demo_test::run_program(WEFT_HYPER_LSTM, demo_test::joined(small_lstm(folder.path)) + more);
  const Outcome pen =
      demo_test::run_program(WEFT_HYPER_HANDWRITING, demo_test::joined(small_handwriting(folder.path)) + more);
  for (const Outcome& outcome : {text, pen}) {
    const auto losses = metrics_of(outcome, "hyper-lstm", "train");
    REQUIRE(losses.size() > 10);
    CHECK(losses.back().scores[0].second < 0.5 * losses.front().scores[0].second);
  }
}

TEST_CASE("--detect-anomaly: the run ends at the first value that is not finite, and names its op") {
  const demo_test::TempFolder folder;
  const Outcome outcome = train_cnn(folder.path, "--detect-anomaly --lr 1e30");
  CHECK(outcome.code == 3);
  CHECK_MESSAGE(outcome.err.starts_with("CNN: "), outcome.err);
  CHECK_MESSAGE(outcome.says("the first such element, in epoch 1, after "), outcome.err);
  CHECK_MESSAGE(outcome.says("hint: try a smaller --lr than 1e+30; the last checkpoint is whole\n"), outcome.err);
  // It changes no bit of a run that has none.
  const Outcome checked = train_cnn(folder.path, "--detect-anomaly"), plain = train_cnn(folder.path, "");
  CHECK(contents(folder_of(checked) / "hyper.safetensors") == contents(folder_of(plain) / "hyper.safetensors"));
}
