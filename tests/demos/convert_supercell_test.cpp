// tests/demos/convert_supercell_test.cpp: weft-convert-supercell from outside
#include <doctest/doctest.h>

#include "hyper/lstm.h"
#include "hyper/supercell.h"
#include "tensor/allclose.h"
#include "tests/demos/program.h"

using namespace weft;
using weft::demo_test::contents, weft::demo_test::Outcome, weft::demo_test::TempFolder;

namespace {

Outcome convert(const std::string& arguments) {
  return weft::demo_test::run_program(WEFT_CONVERT_SUPERCELL, arguments);
}

void check_same(const TensorMap& a, const TensorMap& b) {
  CHECK(a.size() == b.size());
  for (const auto& [name, tensor] : b) {
    CAPTURE(name);
    REQUIRE(a.contains(name));
    CHECK(allclose(a.at(name), tensor, 0, 0));
  }
}

}  // namespace

TEST_CASE("weft-convert-supercell: a cell's file travels both ways") {
  const TempFolder folder;
  const std::string ours = folder.path / "ours", theirs = folder.path / "theirs", back = folder.path / "back";
  Streams streams(1);
  hyper::HyperLSTMCell hyper_cell(3, 5, streams, {.hyper_size = 4, .embedding_size = 2});
  nn::LayerNormLSTMCell plain_cell(3, 5, streams);
  for (const nn::StateDict& state : {hyper_cell.state_dict(), plain_cell.state_dict()}) {
    save_safetensors(ours, state, {{"made", "here"}});
    const Outcome to = convert("--to-supercell " + ours + " " + theirs);
    REQUIRE_MESSAGE(to.code == 0, to.err);
    CHECK(to.says(fmt::format("{} tensors of {}", state.size(), ours)));
    const bool is_hyper = state.contains("embeddings.weight");
    check_same(load_safetensors(theirs).tensors,
               is_hyper ? hyper::hyper_lstm_to_supercell(state) : hyper::lstm_to_supercell(state));
    REQUIRE(convert("--to-weft " + theirs + " " + back).code == 0);
    check_same(load_safetensors(back).tensors, state);
    CHECK(load_safetensors(back).metadata.at("made") == "here");
  }
}

TEST_CASE("weft-convert-supercell: one layer of a model, below a scope") {
  const TempFolder folder;
  const std::string ours = folder.path / "ours", theirs = folder.path / "theirs", back = folder.path / "back";
  Streams streams(1);
  hyper::HyperLSTM layers(3, 5, {.num_layers = 2}, streams, {.hyper_size = 4, .embedding_size = 2});
  TensorMap state{{"classifier.weight", zeros({2, 2})}}, second;
  for (const auto& [name, tensor] : layers.state_dict()) {
    state["layers." + name] = tensor;
    if (name.find("_l1") != std::string::npos) second["layers." + name] = tensor;
  }
  save_safetensors(ours, state);
  const std::string places = " --prefix layers --layer 1 --scope rnn/cell ";
  const Outcome to = convert("--to-supercell" + places + ours + " " + theirs);
  REQUIRE_MESSAGE(to.code == 0, to.err);
  CHECK(load_safetensors(theirs).tensors.at("rnn/cell/LayerNormLSTMCell/W_hh").shape() == Shape{4, 16});
  REQUIRE(convert("--to-weft" + places + theirs + " " + back).code == 0);
  check_same(load_safetensors(back).tensors, second);
}

TEST_CASE("weft-convert-supercell: options and exit codes") {
  const TempFolder folder;
  const std::string in = folder.path / "in", out = folder.path / "out", files = in + " " + out;
  CHECK(convert("--help").says("Usage: weft-convert-supercell --to-weft|--to-supercell [options] IN OUT"));
  CHECK(convert("--version").says("weft-convert-supercell 0."));
  const auto refused = [&](const std::string& arguments, int code, const std::string& fact) {
    const Outcome outcome = convert(arguments);
    CHECK_MESSAGE(outcome.code == code, arguments);
    CHECK_MESSAGE(outcome.says(fact), outcome.err);
  };
  save_safetensors(in, {{"W_hh", zeros({5, 20})}, {"extra", zeros({1})}});
  refused(files, 2, "weft-convert-supercell: one of --to-weft and --to-supercell, and two files");
  refused("--to-weft --to-supercell " + files, 2, "one of --to-weft and --to-supercell");
  refused("--to-weft " + in, 2, "and two files");
  refused("--to-weft --layer -1 " + files, 2, "option --layer: '-1' is not a whole number of at least 0");
  refused("--to-weft --layers 1 " + files, 2, "option --layers is unknown; did you mean --layer?");
  refused("--to-weft --scope rnn " + files, 1, "has no names of the cell among its 2; hint: see --scope");
  refused("--to-supercell --layer 0 " + files, 1, "has no names of the cell");
  refused("--to-weft " + files, 1,
          "lstm_from_supercell: 3 problems: missing 'W_xh'; missing 'bias'; unexpected 'extra'");
  refused("--to-weft " + (folder.path / "none").string() + " " + out, 1, "none");
  CHECK_FALSE(std::filesystem::exists(out));
  Streams streams(1);
  save_safetensors(in, nn::LayerNormLSTMCell(3, 5, streams).state_dict());
  refused("--to-supercell " + in + " " + (folder.path / "no/out").string(), 5, "no/out");
}
