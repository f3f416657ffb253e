// tests/demos/training_test.cpp: Training on a model of a few numbers: how runs end, and go on after their end
#include "hyper/demos/harness/training.h"

#include <doctest/doctest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "datasets/loader.h"
#include "hyper/demos/harness/checkpoint_file.h"
#include "nn/nn.h"
#include "tests/demos/program.h"
#include "tests/demos/stopped.h"
#include "tests/demos/synced.h"

using namespace weft;
namespace fs = std::filesystem;
using demo_test::contents, demo_test::count_of, demo_test::synced;

namespace {

constexpr int64_t kSteps = 5;  ///< an epoch

/// How long a run may be; steps 0: as long as its epochs. `every`: steps between validations and samples, 0: after each
/// epoch, and none.
struct Until {
  int64_t epochs, steps, every = 0;
};

struct End {
  fs::path run;
  demo::Scores test;
  double eval_loss;  ///< of the weights that the model then has, measured once more
};

Tensor numbers(int64_t batch) {
  RandomStream stream(7, static_cast<uint64_t>(batch));
  return random_normal({8, 3}, stream);
}

datasets::Loader<Tensor> loader() {
  return {datasets::BatchSampler(datasets::sequential(kSteps), 1),
          [](std::span<const int64_t> batch, RandomStream&) { return numbers(batch[0]); }};
}

/// Batch norm and dropout: a loss in training mode is not that in eval mode. The first epoch is the best.
/// `stopped_in`: the evaluation that a signal ends.
End train(const fs::path& out, Until until, const fs::path& resumed = {}, const std::string& stopped_in = "") {
  demo::Options options;
  options.out = out.string();
  options.resumed = resumed;
  options.epochs = until.epochs;
  options.steps = until.steps;
  options.eval_every = until.every;
  options.quiet = true;
  options.settings = fmt::format("{{\"epochs\": {}, \"steps\": {}, \"quiet\": {}}}", until.epochs, until.steps,
                                 resumed.empty() ? "false" : "true");
  demo::RunFolder folder({.name = "demo", .about = "", .sample = "", .presets = {}}, options, {});
  Streams streams(1);
  nn::Sequential model(std::make_unique<nn::Linear>(3, 6, streams.init), std::make_unique<nn::BatchNorm1d>(6),
                       std::make_unique<nn::Dropout>(0.5, streams.dropout),
                       std::make_unique<nn::Linear>(6, 1, streams.init));
  nn::optim::Adam adam(model.parameters(), {.lr = 0.01});
  datasets::Loader<Tensor> batches = loader();
  const auto loss = [&] { return mean(square(model(numbers(99)))).item(); };
  demo::Training training({.model = "model", .file = "model", .steps_per_epoch = kSteps, .sample_every = until.every},
                          {.model = model, .optimizer = adam, .streams = &streams}, options, folder);
  const auto stop_in = [&](const std::string& split) {
    if (split == stopped_in) throw Interrupted(SIGINT, "stopped by SIGINT");
  };
  training.validate = [&] {
    stop_in("validation");
    return demo::Scores{{"loss", loss() + (training.steps() > kSteps ? 1 : 0)}};
  };
  training.sample = [&] { folder.write_sample(training.steps(), ".txt", fmt::format("{}", loss())); };
  training.fit(batches, [&](const Tensor& x) { return mean(square(model(x) - 1)); });
  const demo::Scores test = training.test([&] {
    stop_in("test");
    return demo::Scores{{"loss", loss()}};
  });
  return {folder.path(), test, loss()};
}

/// The lines of a split, without their time.
std::vector<std::string> lines(const fs::path& run, const std::string& split) {
  std::vector<std::string> found;
  std::istringstream stream(demo_test::without_seconds(run));
  for (std::string line; std::getline(stream, line);) {
    if (line.find("\"split\":\"" + split + "\"") != std::string::npos) found.push_back(line);
  }
  return found;
}

}  // namespace

TEST_CASE("Training: where --steps ends the first epoch early, its weights are validated in eval mode") {
  const demo_test::TempFolder folder;
  for (const int64_t steps : {1, 3, 5}) {
    const End end = train(folder.path, {2, steps});
    const std::vector<demo::Metric> metrics = demo::read_metrics(end.run / "metrics.jsonl");
    const auto validation =
        std::find_if(metrics.begin(), metrics.end(), [](const auto& m) { return m.split == "validation"; });
    REQUIRE(validation != metrics.end());
    CHECK(validation->scores[0].second == end.eval_loss);
    CHECK(end.test[0].second == end.eval_loss);
  }
}

TEST_CASE(
    "Training: the epoch whose last step is the last of --steps is validated like any other, and no epoch follows") {
  const demo_test::TempFolder folder;
  const End end = train(folder.path, {4, 2 * kSteps});
  CHECK(lines(end.run, "train").size() == 2 * kSteps);
  CHECK(lines(end.run, "validation").size() == 2);
}

TEST_CASE("Training: a run that had finished goes on with more epochs or steps, to the bits of one that was longer") {
  const demo_test::TempFolder folder;
  struct Case {
    Until first, then;
  };
  for (const Case& c : {Case{{1, 0}, {3, 0}}, Case{{2, 0}, {3, 0}}, Case{{3, 2}, {3, 0}}, Case{{3, 5}, {3, 0}},
                        Case{{3, 7}, {3, 0}}, Case{{3, 2}, {3, 4}}, Case{{3, 7}, {3, 9}}, Case{{1, 0}, {2, 8}},
                        Case{{1, 0, 2}, {3, 0, 2}}, Case{{3, 1, 2}, {3, 0, 2}}, Case{{3, 4, 2}, {3, 8, 2}}}) {
    INFO(c.first.epochs << ' ' << c.first.steps << ' ' << c.then.epochs << ' ' << c.then.steps);
    const End whole = train(folder.path, c.then), begun = train(folder.path, c.first);
    const End end = train(folder.path, c.then, begun.run);
    CHECK(end.run == begun.run);
    CHECK(end.test == whole.test);
    CHECK(lines(end.run, "train") == lines(whole.run, "train"));
    CHECK(lines(end.run, "test").back() == lines(whole.run, "test").back());
    CHECK(contents(end.run / "model.safetensors") == contents(whole.run / "model.safetensors"));
    const auto config = nlohmann::json::parse(contents(end.run / "config.json"));
    CHECK(config["settings"]["epochs"] == c.then.epochs);
    CHECK(config["settings"]["steps"] == c.then.steps);
    CHECK(config["settings"]["quiet"] == false);  // as the run began

    const std::string before = contents(end.run / "metrics.jsonl");
    CHECK(train(folder.path, c.then, end.run).test == end.test);  // nothing left to do
    CHECK(contents(end.run / "metrics.jsonl") == before);
  }
}

TEST_CASE("Training: a signal in an evaluation saves, says how to go on, and the run ends with the same bits") {
  for (const Until until : {Until{2, 0}, Until{2, 3}, Until{2, 0, 2}, Until{2, 0, 5}, Until{2, 8, 4}, Until{2, 4, 4}}) {
    for (const std::string split : {"validation", "test"}) {
      CAPTURE(until.steps);
      CAPTURE(split);
      const demo_test::TempFolder folder;
      const End whole = train(folder.path / "whole", until);
      try {
        train(folder.path / "stopped", until, {}, split);
        FAIL("not stopped");
      } catch (const Interrupted& stop) {
        CHECK(stop.exit_code() == 128 + SIGINT);
        CHECK_MESSAGE(std::string(stop.what()).find("all is saved; go on with: demo --resume '") != std::string::npos,
                      stop.what());
      }
      const End end = train(folder.path, until, demo::newest_run("demo", folder.path / "stopped"));
      CHECK(end.test == whole.test);
      CHECK(demo_test::without_seconds(end.run) == demo_test::without_seconds(whole.run));
      CHECK(contents(end.run / "model.safetensors") == contents(whole.run / "model.safetensors"));
      if (until.every == 0) continue;
      for (int64_t step = until.every; step <= 2 * kSteps && step <= (until.steps > 0 ? until.steps : step);
           step += until.every) {
        const fs::path sample = fs::path("samples") / fmt::format("step-{:06}.txt", step);
        REQUIRE(fs::exists(whole.run / sample));
        CHECK(contents(end.run / sample) == contents(whole.run / sample));
      }
    }
  }
}

TEST_CASE("Training: a checkpoint of a model of other shapes is refused, and the run left as it is") {
  const demo_test::TempFolder folder;
  const fs::path run = train(folder.path, {1, 0}).run;
  std::ofstream(run / "metrics.jsonl", std::ios::app) << "a line after the checkpoint\n";
  demo::Options options;
  options.resumed = run;
  options.settings = "{}";
  demo::RunFolder resumed({.name = "demo", .about = "", .sample = "", .presets = {}}, options, {});
  Streams streams(1);
  nn::Linear model(3, 2, streams.init);
  nn::optim::Adam adam(model.parameters(), {.lr = 0.01});
  const nn::TrainingParts parts{.model = model, .optimizer = adam};
  demo_test::check_left_as_it_was(run, [&] {
    CHECK_THROWS_WITH_AS(demo::Training({.model = "a model", .file = "model"}, parts, options, resumed),
                         doctest::Contains("the checkpoint does not fit a model: "), FileError);
  });
}

TEST_CASE("Training: the times of epochs outlive a stop") {
  const demo_test::TempFolder folder;
  const auto ends_of = [](const fs::path& run) {
    const TensorMap state = demo::load_verified(demo_test::checkpoints_of(run).back());
    return demo::epoch_ends(state.at("model.times.ends"));
  };
  const fs::path run = train(folder.path, {3, 7}).run;  // the second epoch ends early
  const std::vector<demo::EpochEnd> before = ends_of(run);
  REQUIRE(before.size() == 1);
  CHECK(before[0].epoch == 1);
  CHECK(before[0].step == kSteps);
  CHECK(before[0].training > 0);
  CHECK(before[0].evaluation > 0);
  train(folder.path, {3, 0}, run);
  const std::vector<demo::EpochEnd> after = ends_of(run);
  REQUIRE(after.size() == 3);
  CHECK(after[0].training == before[0].training);
  CHECK(after[2].epoch == 3);
  CHECK(after[2].step == 3 * kSteps);
  CHECK(after[2].training > after[1].training);
  CHECK(after[2].evaluation > after[1].evaluation);
}

TEST_CASE("RunFolder: metrics.csv of a run that had finished goes when the run goes on") {
  const demo_test::TempFolder folder;
  const fs::path run = train(folder.path, {1, 0}).run;
  std::ofstream(run / "metrics.csv") << "of the first epoch";
  train(folder.path, {2, 0}, run);
  CHECK_FALSE(fs::exists(run / "metrics.csv"));
}

TEST_CASE("RunFolder: the lines a checkpoint counts on are on the disk before it, and so is config.json") {
  const demo_test::TempFolder folder;
  synced().clear();
  const End end = train(folder.path, {1, 0});
  const auto place = [&](const std::string& part, size_t from = 0) {
    for (size_t i = from; i < synced().size(); ++i) {
      if (synced()[i].find(part) != std::string::npos) return i;
    }
    FAIL("never synced: " << part);
    return from;
  };
  const size_t config = place("config.json"), first = place("000001.safetensors");
  CHECK(config < first);
  CHECK(place("metrics.jsonl") < first);
  CHECK(place("metrics.jsonl", first) < place("000002.safetensors"));
}
