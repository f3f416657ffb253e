// tests/nn/trainer.cpp: EMA, checkpoints and the training loop; a run that was stopped goes on with the same bits
#include "nn/trainer.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "autograd/anomaly.h"
#include "nn/nn.h"
#include "tests/fixtures/nn_fixture.h"

using namespace weft;
using namespace weft::test;

namespace {

/// Everything a run can have, on a small regression; batches are numbers of seeds.
struct Run {
  explicit Run(nn::TrainerOptions options = {.epochs = 4, .accumulate = 2, .max_grad_norm = 1.0}, uint64_t seed = 5)
      : streams(seed), model(3, 1, streams.init), dropout(0.3, streams.dropout), trainer(parts(), options) {
    trainer.validate = [this] { return nn::mse_loss(model(ones({2, 3})), zeros({2, 1})).item(); };
  }
  nn::TrainingParts parts() { return {model, adam, &scheduler, &plateau, &ema, &streams}; }
  Variable loss(int64_t batch) {
    RandomStream data(static_cast<uint64_t>(batch), 9);
    const Tensor x = random_normal({4, 3}, data);
    return nn::mse_loss(model(dropout(x)), random_normal({4, 1}, data));
  }
  /// Batches from `first` on: what a loader does after load_state.
  void fit(int64_t first = 0) {
    struct Batches {
      int64_t first;
      std::vector<int64_t> left;
      auto begin() {
        left.clear();
        for (int64_t i = first; i < 5; ++i) left.push_back(i);
        first = 0;
        return left.begin();
      }
      auto end() { return left.end(); }
    };
    trainer.fit(Batches{first, {}}, [this](int64_t batch) { return loss(batch); });
  }

  Streams streams;
  nn::Linear model;
  nn::Dropout dropout;
  nn::optim::Adam adam{model.parameters(), {.lr = 0.05, .amsgrad = true}};
  nn::optim::LrScheduler scheduler{adam, nn::optim::ExponentialLR{.gamma = 0.97}};
  nn::optim::ReduceLROnPlateau plateau{adam, {.patience = 1}};
  nn::Ema ema{model, {.decay = 0.9, .warmup = true}};
  nn::Trainer trainer;
};

std::filesystem::path file() { return std::filesystem::temp_directory_path() / "weft_trainer_test.safetensors"; }

bool same_bits(const nn::StateDict& a, const nn::StateDict& b) {
  if (a.size() != b.size()) return false;
  for (const auto& [name, tensor] : a) {
    if (!b.contains(name) || largest_difference(tensor, b.at(name)) != 0) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a run that was stopped after any step and resumed has the bits of one that was not") {
  Run whole;
  whole.fit();
  const nn::StateDict expected = nn::state_dict(whole.parts());
  CHECK(whole.trainer.progress().step == 12);
  for (const int64_t stop : {1, 3, 5, 6, 11}) {
    CAPTURE(stop);
    Run first;
    first.trainer.on_step_end = [&](nn::Trainer& t) {
      if (t.progress().step != stop) return;
      t.save(file());
      t.stop();
    };
    first.fit();
    CHECK_FALSE(same_bits(nn::state_dict(first.parts()), expected));
    Run second({.epochs = 4, .accumulate = 2, .max_grad_norm = 1.0}, 77);
    second.trainer.load(file());
    CHECK(second.trainer.progress().step == stop);
    second.fit(second.trainer.progress().batch);
    CHECK(second.trainer.progress().step == 12);
    CHECK(same_bits(nn::state_dict(second.parts()), expected));
  }
  std::filesystem::remove(file());
}

TEST_CASE("accumulated batches step by the mean of their gradients") {
  struct One : nn::Module {
    std::string_view kind() const override { return "One"; }
    nn::Parameter w{zeros({1})};
    One() { register_parameter("w", w); }
  } model;
  nn::optim::SGD sgd(model.parameters(), {.lr = 1});
  nn::Trainer trainer({.model = model, .optimizer = sgd}, {.accumulate = 2});
  std::vector<double> losses;
  trainer.on_step_end = [&](nn::Trainer& t) { losses.push_back(t.progress().loss); };
  trainer.fit(std::vector<double>{1, 3, 5}, [&](double slope) { return sum(model.w * slope); });
  CHECK(model.w.value().item() == -(1 + 3) / 2.0 - 5);
  CHECK(losses == std::vector<double>{0, -10});
}

TEST_CASE("training stops early, by a callback, and at a loss that is not finite") {
  Run early({.epochs = 50, .patience = 2});
  int64_t calls = 0;
  early.trainer.validate = [&] { return static_cast<double>(calls++); };
  early.fit();
  CHECK(early.trainer.progress().epoch == 4);
  CHECK(early.trainer.progress().best == 0);
  CHECK(early.trainer.progress().epochs_since_best == 3);

  Run broken;
  broken.trainer.on_step_end = [&](nn::Trainer&) { broken.model.bias.value().fill_(NAN); };
  CHECK(contains(error_of([&] { broken.fit(); }), "Trainer: the loss is nan in epoch 0, batch 2, after 1 steps"));

  Run steep;
  const auto infinite = [&](int64_t) { return sum(sqrt(steep.model.bias * 0)); };
  CHECK(contains(error_of([&] {
                   steep.trainer.fit(std::vector<int64_t>{0, 1}, infinite);
                 }),
                 "Trainer: the gradient's norm is nan in epoch 0, batch 2, after 0 steps, first in gradient: the "
                 "gradient of input "
                 "0 of record 1 (sqrt)"));
  CHECK(contains(
      error_of([&] { steep.trainer.fit(std::vector<int64_t>{0}, [](int64_t) { return Variable(zeros({2})); }); }),
      "Trainer: the loss is [2] float32"));
  CHECK(contains(error_of([&] { Run run({.accumulate = 0}); }), "accumulate 0"));
  CHECK(contains(error_of([&] { Run run({.max_grad_norm = -1.0}); }), "max_grad_norm is -1"));
}

TEST_CASE("validate_now is called where a program wants it, counts for patience, and leaves training mode") {
  Run run({.epochs = 50, .patience = 1, .validate_per = nn::ValidatePer::call});
  run.trainer.validate = nullptr;
  CHECK(contains(error_of([&] { run.trainer.validate_now(); }), "Trainer: there is no validate to call; hint: set it"));
  int64_t calls = 0;
  run.trainer.validate = [&] {
    CHECK_FALSE(run.model.is_training());
    return static_cast<double>(calls++);
  };
  run.trainer.on_step_end = [&](nn::Trainer& t) {
    if (t.progress().step % 2 == 0) t.validate_now();
    CHECK(run.model.is_training());
  };
  run.fit();
  CHECK(calls == 3);  // the best, and two that are not better
  CHECK(run.trainer.progress().step == 6);
  CHECK(run.trainer.progress().epochs_since_best == 2);
}

TEST_CASE("a trainer's tapes have its options, and are shown before and after they are walked") {
  Run run;
  run.trainer.tape_options.detect_anomaly = true;
  int64_t before = 0, after = 0;
  run.trainer.on_loss = [&](const Tape& tape) { before += tape.bytes_saved() > 0 ? 1 : 0; };
  run.trainer.on_backward = [&](const Tape& tape) { after += tape.bytes_saved() == 0 && tape.size() > 0 ? 1 : 0; };
  run.trainer.on_step_end = [](nn::Trainer& t) { t.stop(); };
  run.fit();
  CHECK(before > 0);
  CHECK(after == before);
  // The loss is finite: no other check would name the division.
  const auto hidden = [&](int64_t) {
    return sum(where(zeros({1}).to(DType::boolean), run.model.bias / 0.0, run.model.bias));
  };
  CHECK_THROWS_WITH_AS(run.trainer.fit(std::vector<int64_t>{0}, hidden), doctest::Contains("the output"), Anomaly);
}

TEST_CASE("an exception in the middle of an accumulation leaves none of it, and training goes on") {
  enum class Fault : uint8_t { loss_of, loss, norm, batches };
  for (const Fault fault : {Fault::loss_of, Fault::loss, Fault::norm, Fault::batches}) {
    CAPTURE(int(fault));
    const nn::TrainerOptions options{.accumulate = 3, .max_grad_norm = 1.0};
    Run whole(options), broken(options);
    for (Run* run : {&whole, &broken}) run->trainer.validate = {};
    bool breaks = true;
    const auto loss_of = [&](Run& run, int64_t batch) {
      const Variable x = full({4, 3}, 0.1 * static_cast<double>(batch + 1));
      const Variable loss = nn::mse_loss(run.model(x), ones({4, 1}));
      if (batch < 4 || &run == &whole || !breaks) return loss;
      if (fault == Fault::loss_of) fail("test", "no more");
      if (fault == Fault::norm && batch == 5) return loss + sum(sqrt(run.model.bias - run.model.bias.value()));
      return fault == Fault::loss ? loss * NAN : loss;
    };
    struct Batches {
      int64_t first, broken_at;
      struct Iterator {
        int64_t i, broken_at;
        int64_t operator*() const { return i == broken_at ? fail("test", "no more"), 0 : i; }
        void operator++() { ++i; }
        bool operator!=(const Iterator& other) const { return i != other.i; }
      };
      Iterator begin() const { return {first, broken_at}; }
      Iterator end() const { return {6, broken_at}; }
    };
    const auto fit = [&](Run& run, Batches batches) {
      run.trainer.fit(batches, [&](int64_t batch) { return loss_of(run, batch); });
    };
    fit(whole, {0, -1});
    CHECK_FALSE(error_of([&] { fit(broken, {0, fault == Fault::batches ? 5 : -1}); }).empty());
    CHECK(broken.trainer.progress().step == 1);
    CHECK(broken.trainer.progress().batch == 3);
    for (const Variable& parameter : broken.model.parameters()) CHECK_FALSE(parameter.grad().defined());
    CHECK(error_of([&] { broken.trainer.state_dict(); }).empty());
    breaks = false;
    fit(broken, {broken.trainer.progress().batch, -1});
    CHECK(broken.trainer.progress().step == 2);
    CHECK(same_bits(broken.model.state_dict(), whole.model.state_dict()));
  }
}

TEST_CASE("a run whose model was cast goes on, and its checkpoint loads into one of the other dtype") {
  Run run({.epochs = 1});
  run.fit();
  run.model.to(DType::float64);
  const nn::StateDict cast = nn::state_dict(run.parts());
  run.ema.update();
  CHECK(run.ema.state_dict().at("average.weight").dtype() == DType::float64);
  Run narrow({}, 8);
  nn::load_state_dict(narrow.parts(), cast);
  CHECK(same_bits(nn::state_dict(narrow.parts()), cast));
  CHECK(narrow.model.weight.dtype() == DType::float32);
}

TEST_CASE("a checkpoint that is refused after the momentum was set changes nothing") {
  Streams streams(3);
  nn::Linear model(2, 1, streams.init);
  nn::optim::SGD sgd(model.parameters(), {.lr = 0.1, .momentum = 0.9});
  const nn::TrainingParts parts{.model = model, .optimizer = sgd, .streams = &streams};
  for (const Variable& parameter : model.parameters()) parameter.leaf()->grad = ones(parameter.shape());
  sgd.step();
  sgd.set_momentum(0, 0);
  const nn::StateDict good = nn::state_dict(parts);
  nn::StateDict bad = good;
  for (const char* name : {"model.weight", "optimizer.momentum_buffer.0"}) bad[name] = zeros({1, 2});
  bad.erase("streams.dropout");
  CHECK(contains(error_of([&] { nn::load_state_dict(parts, bad); }), "Streams: 1 problem: missing 'dropout'"));
  CHECK(same_bits(nn::state_dict(parts), good));
}

TEST_CASE("a checkpoint that does not fit changes nothing") {
  Run run;
  run.fit();
  const nn::StateDict good = nn::state_dict(run.parts());
  nn::StateDict bad = good;
  bad["model.weight"] = zeros({1, 3});
  bad.erase("streams.dropout");
  CHECK(contains(error_of([&] { nn::load_state_dict(run.parts(), bad); }), "Streams: 1 problem: missing 'dropout'"));
  CHECK(same_bits(nn::state_dict(run.parts()), good));
  const nn::TrainingParts fewer{.model = run.model, .optimizer = run.adam};
  CHECK(contains(error_of([&] { nn::load_state_dict(fewer, good); }), "this run has no ema"));
  bad["other"] = zeros({1});
  CHECK(contains(error_of([&] { nn::load_state_dict(run.parts(), bad); }), "unexpected 'other'"));
  nn::save_checkpoint(file(), run.parts());
  Run other({}, 8);
  nn::load_checkpoint(file(), other.parts());
  CHECK(same_bits(nn::state_dict(other.parts()), good));
  CHECK(contains(error_of([&] { other.trainer.load(file()); }), "Trainer: 8 problems: missing 'epoch'"));
  std::filesystem::remove(file());
}

TEST_CASE("Ema follows its formula, and swaps in and out") {
  Streams streams(1);
  nn::Linear model(1, 1, streams.init);
  const Tensor weight = model.weight.value();
  weight.fill_(1);
  nn::Ema ema(model, {.decay = 0.75});
  weight.fill_(3);
  ema.update();
  {
    const nn::EmaScope scope(ema);
    CHECK(weight.item() == 0.75 * 1 + 0.25 * 3);
    CHECK(contains(error_of([&] { ema.update(); }), "Ema::update: the model holds the averages"));
  }
  CHECK(weight.item() == 3);
  nn::Ema warm(model, {.decay = 0.75, .warmup = true});
  weight.fill_(4);
  warm.update();
  CHECK(warm.state_dict().at("average.weight").item() == doctest::Approx(3 * 2 / 11.0 + 4 * 9 / 11.0));
  warm.load_state_dict(ema.state_dict());
  CHECK(warm.state_dict().at("average.weight").item() == 1.5);
  CHECK(contains(error_of([&] { warm.load_state_dict({}); }), "Ema::load_state_dict: 3 problems"));
  CHECK(contains(error_of([&] { nn::Ema(model, {.decay = 2}); }), "Ema: decay is 2"));
}

TEST_CASE("carried tensors are part of a checkpoint, and of the place a batch is computed again from") {
  struct One : nn::Module {
    nn::Parameter w{ones({})};
    std::string_view kind() const override { return "One"; }
    One() { register_parameter("w", w); }
  } model;
  nn::optim::SGD sgd(model.parameters(), {.lr = 0});
  Tensor state = zeros({2});
  nn::Trainer trainer({.model = model, .optimizer = sgd, .carried = {{"h", &state}}});
  trainer.fit(std::vector<int>{1, 2}, [&](int x) {
    state = state + x;
    return sum(model.w * state);
  });
  CHECK(state.to_vector<float>() == std::vector<float>{3, 3});
  const nn::StateDict saved = trainer.state_dict();
  state = zeros({2});
  trainer.load_state_dict(saved);
  CHECK(state.to_vector<float>() == std::vector<float>{3, 3});
  nn::StateDict wrong = saved;
  wrong["carried.h"] = zeros({3});
  CHECK(contains(error_of([&] { trainer.load_state_dict(wrong); }), "'h'"));

  nn::Trainer again({.model = model, .optimizer = sgd, .carried = {{"h", &state}}});
  int64_t calls = 0;
  const std::string message = error_of([&] {
    again.fit(std::vector<int>{1}, [&](int) {
      ++calls;
      state = state * 2;  // once more from where it was: 6, not 12
      return sum(model.w * state) * (state.at({0}) == 6 ? NAN : 1);
    });
  });
  CHECK(calls == 2);
  CHECK(contains(message, "first in"));
}
