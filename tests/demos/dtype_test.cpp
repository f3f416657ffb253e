// tests/demos/dtype_test.cpp: demos in float64
#include <doctest/doctest.h>

#include "hyper/demos/harness/metrics.h"
#include "tensor/safetensors.h"
#include "tests/demos/program.h"

using namespace weft;
namespace fs = std::filesystem;
using demo_test::contents, demo_test::folder_of, demo_test::Outcome;

namespace {

struct DtypeCase {
  std::string program, arguments, weights;
};

/// Each demo on data that are written to `folder`.
std::vector<DtypeCase> dtype_cases(const fs::path& folder) {
  demo_test::write_tiny_mnist(folder);
  std::ofstream records(folder / "data_batch_1.bin"), test(folder / "test_batch.bin"), text(folder / "text.txt"),
      strokes(folder / "strokes.tsv");
  for (int i = 0; i < 20; ++i) {
    std::string record(1, static_cast<char>(i % 10));
    for (int at = 0; at < 3 * 32 * 32; ++at) record += static_cast<char>(at * (i % 10 + 1) % 251);
    records << record;
    test << record;
  }
  for (int i = 0; i < 200; ++i) text << "the quick brown fox " << i % 10 << "\n";
  for (int i = 0; i < 60; ++i) strokes << "all\ta\t0,0,0 " << i % 7 << ",1,0 2," << i % 3 << ",0 2,2,1\n";
  const std::string in = folder.string(), small = " --hidden-size 8 --hyper-size 4 --embedding-size 2 --batch-size 4";
  return {{WEFT_HYPER_CNN, "--batch-size 8 --data " + in, "hyper.safetensors"},
          {WEFT_HYPER_COORDINATE, "--batch-size 8 --data " + in, "painted.safetensors"},
          {WEFT_HYPER_WRN, "--batch-size 4 --data " + in, "generated.safetensors"},
          {WEFT_HYPER_LSTM, "--corpus file --length 8 --sample-length 9 --text " + in + "/text.txt" + small,
           "layer-norm-hyper-lstm.safetensors"},
          {WEFT_HYPER_HANDWRITING,
           "--model layer-norm-hyper-lstm --corpus tsv --samples 1 --sample-steps 9 --strokes " + in + "/strokes.tsv" +
               small,
           "layer-norm-hyper-lstm.safetensors"}};
}

double first_loss(const fs::path& run) { return demo::read_metrics(run / "metrics.jsonl").front().scores[0].second; }

}  // namespace

TEST_CASE("--dtype float64: every demo trains in it, from the same weights and on the same data, and goes on in it") {
  const demo_test::TempFolder folder;
  for (const DtypeCase& c : dtype_cases(folder.path)) {
    CAPTURE(c.program);
    const std::string common = "--verbose " + c.arguments + " --out " + (folder.path / "runs").string();
    const Outcome narrow = demo_test::run_program(c.program, common + " --steps 4");
    const Outcome wide = demo_test::run_program(c.program, common + " --steps 4 --dtype float64");
    const Outcome begun = demo_test::run_program(c.program, common + " --steps 2 --dtype float64");
    for (const Outcome& outcome : {narrow, wide, begun}) REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    CHECK(narrow.says("\ndtype       float32\n"));
    CHECK(wide.says("\ndtype       float64\n"));
    const fs::path run = folder_of(wide), going_on = folder_of(begun);
    for (const auto& [name, tensor] : load_safetensors(run / c.weights, cpu).tensors) {
      const bool counts = tensor.dtype() == DType::int64;  // of batches, in norms
      CHECK_MESSAGE((counts || tensor.dtype() == DType::float64), name);
    }
    CHECK(first_loss(run) == doctest::Approx(first_loss(folder_of(narrow))).epsilon(1e-4));
    CHECK(first_loss(run) != first_loss(folder_of(narrow)));
    const Outcome other = demo_test::run_program(c.program, "--dtype float32 --resume " + going_on.string());
    CHECK(other.code == 2);
    CHECK_MESSAGE(other.says("option --dtype: the run to resume has float64; hint: "), other.err);
    const Outcome resumed = demo_test::run_program(c.program, "--quiet --steps 4 --resume " + going_on.string());
    REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
    CHECK(contents(going_on / c.weights) == contents(run / c.weights));
  }
}
