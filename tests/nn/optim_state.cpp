// tests/nn/optim_state.cpp: what optimisers save, load, and carry through moves and casts
#include <doctest/doctest.h>

#include "tests/nn/optim_case.h"

using namespace weft;
using namespace weft::test;

TEST_CASE("an optimiser continues from its saved state, and after a move") {
  const Fixture fixture = load_fixture("nn_optim.json");
  for (const auto& [kind, make] : optimisers()) {
    CAPTURE(kind);
    Path path(fixture);
    auto optimizer = make(path.list());
    for (size_t i = 0; i < 10; ++i) path.step(*optimizer, i);
    const auto state = optimizer->state_dict();
    optimizer = make(path.list());
    optimizer->load_state_dict(state);
    for (const auto& [name, parameter] : path.parameters) parameter.leaf()->value = parameter.value().to(reference);
    for (size_t i = 10; i < kSteps; ++i) path.step(*optimizer, i);
    CHECK(path.error_after(kind, kSteps - 1) < kTolerance);
  }
}

TEST_CASE("an optimiser's moments follow casts of its parameters, and so does its state") {
  const Fixture fixture = load_fixture("nn_optim.json");
  const std::map<size_t, DType> casts{{5, DType::float32}, {12, DType::float64}};
  for (const Device device : {cpu, reference}) {
    for (const auto& [kind, make] : optimisers()) {
      CAPTURE(kind);
      Path path(fixture, device);
      const auto optimizer = make(path.list());
      for (size_t i = 0; i < kSteps; ++i) {
        if (casts.contains(i)) {
          for (const auto& [name, parameter] : path.parameters) {
            parameter.leaf()->value = parameter.value().to(casts.at(i));
          }
          const auto state = optimizer->state_dict();
          make(path.list())->load_state_dict(state);
          for (const auto& [name, tensor] : state) {
            if (name.ends_with(".0") || name.ends_with(".1")) CHECK(tensor.dtype() == casts.at(i));
          }
        }
        path.step(*optimizer, i);
        REQUIRE(path.error_after(kind, i) < (i < 5 ? kTolerance : 1e-4));
      }
    }
  }
}

TEST_CASE("an optimiser loads a state of another floating dtype") {
  const Variable narrow = watch(ones({3})), wide = watch(ones({3}, {.dtype = DType::float64}));
  optim::Adam first({narrow}), second({wide});
  narrow.leaf()->grad = full({3}, 0.5);
  first.step();
  second.load_state_dict(first.state_dict());
  const auto state = second.state_dict();
  CHECK(state.at("exp_avg.0").dtype() == DType::float64);
  CHECK(largest_difference(state.at("exp_avg.0"), first.state_dict().at("exp_avg.0")) == 0);
}

TEST_CASE("an optimiser loads its own state after its momentum was set, and goes on with the same bits") {
  const Fixture fixture = load_fixture("nn_optim.json");
  for (const auto& [kind, make] : optimisers()) {
    if (!make(Path(fixture).list())->momentum()) continue;
    for (const double before : {0.0, 0.9}) {
      for (const double after : {0.0, 0.9, 0.5}) {
        CAPTURE(kind);
        CAPTURE(before);
        CAPTURE(after);
        Path path(fixture), other(fixture);
        const auto optimizer = make(path.list()), loaded = make(other.list());
        const auto set = [&](double momentum) {
          for (size_t group = 0; group < optimizer->num_groups(); ++group) optimizer->set_momentum(group, momentum);
        };
        if (kind == "sgd_nesterov" && before * after == 0) continue;  // refused
        set(before);
        for (size_t i = 0; i < 4; ++i) path.step(*optimizer, i);
        set(after);
        for (const size_t i : {size_t{4}, size_t{5}}) {
          loaded->load_state_dict(optimizer->state_dict());
          for (const auto& [name, p] : path.parameters) other.parameters.at(name).value().copy_(p.value());
          path.step(*optimizer, i);
          other.step(*loaded, i);
          for (const auto& [name, p] : path.parameters) {
            REQUIRE(largest_difference(p.value(), other.parameters.at(name).value()) == 0);
          }
        }
      }
    }
  }
}

TEST_CASE("an optimiser's state before the first gradient loads too") {
  const Fixture fixture = load_fixture("nn_optim.json");
  Path path(fixture);
  optim::Adam first(path.list()), second(path.list());
  path.step(first, 0);
  const auto state = first.state_dict();
  CHECK(state.contains("exp_avg.0"));
  CHECK_FALSE(state.contains("exp_avg.1"));
  CHECK(state.at("step").to_vector<int64_t>() == std::vector<int64_t>{1, 0});
  second.load_state_dict(state);
  CHECK(second.state_dict().size() == state.size());
}

TEST_CASE("a state that does not fit is refused with all its problems") {
  const Fixture fixture = load_fixture("nn_optim.json");
  Path path(fixture);
  optim::Adam adam(path.list());
  path.step(adam, 0);
  auto state = adam.state_dict();
  state.erase("exp_avg.0");
  state["exp_avg_sq.0"] = zeros({3});
  state["momentum_buffer.0"] = zeros({2, 2});
  CHECK(error_of([&] { adam.load_state_dict(state); }) ==
        "Adam::load_state_dict: 3 problems: missing 'exp_avg.0'; 'exp_avg_sq.0' is [3] float32, expected [2, 2] "
        "float64; unexpected 'momentum_buffer.0'");
  state["step"] = zeros({3}, {.dtype = DType::int64});
  CHECK(contains(error_of([&] { adam.load_state_dict(state); }), "'step' is [3] int64, expected [2] int64"));
  CHECK(adam.state_dict().contains("exp_avg.0"));
  optim::SGD sgd(path.list(), {.momentum = 0.9});
  CHECK(contains(error_of([&] {
                   sgd.load_state_dict({{"momentum_buffer.2", zeros({1})}});
                 }),
                 "unexpected 'momentum_buffer.2'"));
}

TEST_CASE("SGD's momentum under the name that older files give it") {
  const Fixture fixture = load_fixture("nn_optim.json");
  Path path(fixture);
  optim::SGD first(path.list(), {.momentum = 0.9}), second(path.list(), {.momentum = 0.9});
  path.step(first, 0);
  auto state = first.state_dict();
  const Tensor buffer = state.at("momentum_buffer.0");
  auto old = state;
  old["velocity.0"] = old.extract("momentum_buffer.0").mapped();
  second.load_state_dict(old);
  CHECK(second.state_dict().at("momentum_buffer.0").to_vector<double>() == buffer.to_vector<double>());
  state["velocity.0"] = buffer;
  CHECK(contains(error_of([&] { second.load_state_dict(state); }), "unexpected 'velocity.0'"));
}

TEST_CASE("groups: rates of their own, and settings that come back with the state") {
  const Variable a = watch(ones({1})), b = watch(ones({1}));
  optim::SGD sgd({{{a}, {.lr = 0.1}}, {{b}, {.lr = 0.2, .momentum = 0.5}}});
  CHECK(sgd.lr() == 0.1);
  CHECK(sgd.lr(1) == 0.2);
  sgd.set_lr(1, 0.4);
  const auto state = sgd.state_dict();
  sgd.set_lr(0.7);
  CHECK(sgd.lr(0) == 0.7);
  CHECK(sgd.lr(1) == 0.7);
  sgd.load_state_dict(state);
  CHECK(sgd.lr(1) == 0.4);
  CHECK(sgd.groups()[1].options.momentum == 0.5);
  CHECK(contains(error_of([&] { sgd.set_lr(0, -1); }), "SGD: lr is -1"));
  CHECK(contains(error_of([&] { sgd.lr(2); }), "SGD: there is no group 2; hint: groups are 0..1"));
  auto broken = state;
  broken["group.0.lr"] = full({}, -1, {.dtype = DType::float64});
  CHECK(contains(error_of([&] { sgd.load_state_dict(broken); }), "SGD: lr is -1"));
  broken.erase("group.0.lr");
  CHECK(contains(error_of([&] { sgd.load_state_dict(broken); }), "1 problem: missing 'group.0.lr'"));
}
