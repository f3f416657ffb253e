// tests/demos/diverged_test.cpp: a run that diverges says where: in a step, a validation, a test or a checkpoint
#include <doctest/doctest.h>

#include <limits>

#include "datasets/loader.h"
#include "hyper/demos/harness/finite_loss.h"
#include "hyper/demos/harness/training.h"
#include "nn/nn.h"
#include "tests/demos/program.h"
#include "tests/demos/stopped.h"

using namespace weft;
namespace fs = std::filesystem;
using demo_test::Outcome, demo_test::run_cnn;

namespace {

/// Two epochs of three steps of a linear layer without a bias, and what its message says when it diverges. `scale`: of
/// the loss, and so of its gradient.
struct SmallRun {
  double lr = 0.1, scale = 1;
  std::function<double(nn::Linear&model)> validation = [](nn::Linear&) { return 1.0; }, test = validation;

  std::string message() const {
    const demo_test::TempFolder folder;
    demo::Options options;
    options.out = folder.path.string();
    options.epochs = 2;
    options.checkpoint_every = 1;
    options.quiet = true;
    options.lr = lr;
    options.settings = "{}";
    demo::RunFolder run({.name = "demo", .about = "", .sample = "", .presets = {}}, options, {});
    Streams streams(1);
    nn::Linear model(2, 1, streams.init, nn::Bias::no);
    nn::optim::Adam adam(model.parameters(), {.lr = lr});
    demo::Training training({.model = "a model", .file = "model", .steps_per_epoch = 3},
                            {.model = model, .optimizer = adam}, options, run);
    training.validate = [&] { return demo::Scores{{"loss", validation(model)}}; };
    datasets::Loader<Tensor> batches(datasets::BatchSampler(datasets::sequential(3), 1),
                                     [](std::span<const int64_t>, RandomStream&) {
                                       return ones({1, 2});
                                     });
    try {
      training.fit(batches, [&](const Tensor& x) { return sum(model(x)) * scale; });
      training.test([&] { return demo::Scores{{"loss", test(model)}}; });
    } catch (const demo::Diverged& error) {
      return error.what();
    }
    return "";
  }
};

/// The loss of a batch that overflows, as a demo measures it.
double overflown(nn::Linear& model) {
  return demo::finite_loss([&] { return sum(square(model(full({1, 2}, 1e30)))); });
}

const std::string kHint = "; hint: try a smaller --lr than 0.1; the last checkpoint is whole";

}  // namespace

TEST_CASE("finite_loss: a number is returned; what is none is computed again, and its first op named") {
  const Variable x = watch(tensor<float>({4, 0}), "x");
  int calls = 0;
  CHECK(demo::finite_loss([&] { return ++calls, sum(x); }) == 4);
  CHECK(calls == 1);
  CHECK_THROWS_WITH_AS(demo::finite_loss([&] { return ++calls, sum(exp(log(x) * -1)); }),
                       "evaluate: the loss is inf, first in log: the output (from the leaf 'x'), [2] float32 cpu, is "
                       "-inf at [1], the first such element; hint: lower the learning rate or clip",
                       nn::NonFinite);
  CHECK(calls == 3);
  CHECK_THROWS_WITH_AS(demo::finite_loss([] { return Variable(full({}, NAN)); }),
                       "evaluate: the loss is nan; hint: lower the learning rate or clip", nn::NonFinite);
}

TEST_CASE("Training: a validation or a test whose loss is not finite names model, epoch, step, op and index") {
  CHECK(SmallRun().message().empty());
  const std::string fact =
      "a model: the loss is inf, first in square: the output, [1, 1] float32 cpu, is inf at [0, 0], the first such "
      "element, in the ";
  CHECK(SmallRun{.validation = overflown}.message() == fact + "validation of epoch 1, after 3 steps" + kHint);
  CHECK(SmallRun{.test = overflown}.message() == fact + "test of epoch 2, after 6 steps" + kHint);
  // A score that is measured in another way has no op.
  const auto no_number = [](nn::Linear&) { return std::numeric_limits<double>::infinity(); };
  CHECK(SmallRun{.validation = no_number}.message() ==
        "a model: the loss is inf, in the validation of epoch 1, after 3 steps" + kHint);
}

TEST_CASE("Training: a step whose loss is not finite names the same, and counts epochs as progress does: from 1") {
  CHECK(SmallRun{.scale = std::numeric_limits<double>::infinity()}.message() ==
        "a model: the loss is inf, first in mul: the output, [] float32 cpu, is inf at [], the first such element, in "
        "epoch 1, after 0 steps" +
            kHint);
}

TEST_CASE("Training: a checkpoint that would not be finite names the parameter or the optimiser's buffer") {
  // The square of the gradient overflows, and Adam divides by its root: the weights stay where they are.
  CHECK(SmallRun{.scale = 1e25}.message() ==
        "a model: checkpoint: optimizer.exp_avg_sq.0, the leaf 'weight', [1, 2] float32 cpu, is inf at [0, 0], the "
        "first such element, in epoch 1, after 1 steps" +
            kHint);
  CHECK(SmallRun{.lr = 1e39}.message() ==
        "a model: checkpoint: model.weight, [1, 2] float32 cpu, is -inf at [0, 0], the first such element, in epoch 1, "
        "after 1 steps; hint: try a smaller --lr than 1e+39; the last checkpoint is whole");
}

TEST_CASE("hyper-cnn: a run that diverges exits 3, and leaves a checkpoint that is finite") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  demo_test::check_diverges(WEFT_HYPER_CNN, {"--epochs", "4", "--batch-size", "4", "--data", folder.path.string()});
}

TEST_CASE("hyper-cnn: a run whose first score is no number exits 3, and keeps no weights and no pictures") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const Outcome outcome = run_cnn("--epochs 1 --limit-batches 1 --lr 1e38 --data " + folder.path.string() + " --out " +
                                  (folder.path / "runs").string());
  CHECK(outcome.code == 3);
  CHECK_MESSAGE(outcome.err.starts_with("CNN: the loss is nan, first in "), outcome.err);
  CHECK_MESSAGE(outcome.says(", the first such element, in the validation of epoch 1, after 1 steps; hint: "),
                outcome.err);
  for (const auto& entry : fs::directory_iterator(demo_test::run_in(folder.path / "runs", WEFT_HYPER_CNN))) {
    CHECK_MESSAGE(entry.path().extension() != ".safetensors", entry.path().string());
    CHECK_MESSAGE(entry.path().extension() != ".png", entry.path().string());
  }
}
