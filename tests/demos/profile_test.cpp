// tests/demos/profile_test.cpp: where the time of a step goes
#include "hyper/demos/harness/profile.h"

#include <doctest/doctest.h>

#include "autograd/autograd.h"
#include "tensor/create.h"
#include "tests/demos/program.h"

using namespace weft;
using demo_test::contents, demo_test::folder_of, demo_test::Outcome;

namespace {

/// A step of two products and one sum, whose tapes are shown to the profile.
void profiled_step(demo::Profile& profile, const Variable& w, double seconds) {
  Tape tape({.time = true});
  const Variable loss = sum(matmul(matmul(Tensor(ones({64, 128})), w), w));
  profile.add_forward(tape);
  tape.backward(loss);
  profile.add_backward(tape);
  profile.add_step(seconds);
}

}  // namespace

TEST_CASE("Profile: records, bytes and times of a step, and what no op took") {
  const Variable w = watch(ones({128, 128}));
  demo::Profile profile;
  for (int step = 0; step < 3; ++step) profiled_step(profile, w, 10);
  CHECK(profile.steps() == 3);
  const auto rows = profile.rows();
  REQUIRE(rows.size() == 1 + 2 + 2);
  CHECK(rows[1][0] == "matmul");
  CHECK(rows[1][1] == "2");
  CHECK(std::stod(rows[1][2]) > 0);
  CHECK(std::stod(rows[1][3]) > 0);
  // Each product saves its left operand, [64, 128] float32; the weight is a leaf.
  CHECK(rows[1][5] == fmt::format("{:.2f}", 2 * 64 * 128 * 4 / 1048576.0));
  CHECK(rows[2][0] == "sum");
  CHECK(rows[3][0] == "data, optimiser, rest");
  CHECK(std::stod(rows[3][2]) > 9'000);  // of the ten seconds that a step is said to take
  CHECK(std::stod(rows[3][2]) < 10'000);
  CHECK(rows[4][0] == "a step");
  CHECK(rows[4][1] == "3");
  CHECK(std::stod(rows[4][2]) + std::stod(rows[4][3]) == doctest::Approx(10'000).epsilon(0.05));
}

TEST_CASE("--profile: a table a network at the end and in report.html, and the bits stay") {
  const demo_test::TempFolder folder;
  demo_test::write_tiny_mnist(folder.path);
  const std::string common = "--quiet --epochs 2 --batch-size 4 --steps 16 --data " + folder.path.string() + " --out " +
                             (folder.path / "runs").string();
  const Outcome plain = demo_test::run_program(WEFT_HYPER_CNN, common);
  const Outcome profiled = demo_test::run_program(WEFT_HYPER_CNN, common + " --profile");
  REQUIRE_MESSAGE(plain.code == 0, plain.err);
  REQUIRE_MESSAGE(profiled.code == 0, profiled.err);
  const std::string report = contents(folder_of(profiled) / "report.html");
  for (const char* title :
       {"CNN: a step, mean of 10 after the first", "hyper-CNN: a step, mean of 10 after the first"}) {
    CHECK_MESSAGE(profiled.says(title), profiled.out);
    CHECK(report.find(title) != std::string::npos);
  }
  CHECK(profiled.says("\nconv2d "));
  CHECK(report.find("<td>conv2d</td>") != std::string::npos);
  CHECK_FALSE(plain.says("conv2d"));
  CHECK(contents(folder_of(plain) / "hyper.safetensors") == contents(folder_of(profiled) / "hyper.safetensors"));
}
