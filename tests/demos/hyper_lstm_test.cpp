// tests/demos/hyper_lstm_test.cpp: hyper-lstm from outside
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <iterator>

#include "tests/demos/program.h"
#include "tests/demos/stopped.h"

namespace fs = std::filesystem;
using weft::demo_test::contents, weft::demo_test::folder_of, weft::demo_test::Outcome;

namespace {

Outcome run_lstm(const std::string& arguments) { return weft::demo_test::run_program(WEFT_HYPER_LSTM, arguments); }

/// A text of 6,000 letters that repeats itself, with an umlaut.
fs::path write_text(const fs::path& folder) {
  std::ofstream file(folder / "text.txt");
  for (int i = 0; i < 200; ++i) file << "the quick br\xC3\xB6wn fox, again " << i % 10 << "\n";
  return folder / "text.txt";
}

const std::string kSmallLstm =
    " --hidden-size 8 --hyper-size 4 --embedding-size 2 --length 10 --batch-size 8 --sample-length 40";

}  // namespace

TEST_CASE("hyper-lstm: each cell trains, and leaves a sample and a report") {
  const weft::demo_test::TempFolder folder;
  const std::string text =
      " --corpus file --text " + write_text(folder.path).string() + " --out " + folder.path.string();
  for (const char* model : {"lstm", "layer-norm-lstm", "hyper-lstm", "layer-norm-hyper-lstm"}) {
    const Outcome outcome = run_lstm("--epochs 1 --steps 3 --model " + std::string(model) + kSmallLstm + text);
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    const fs::path run = folder_of(outcome);
    CHECK(contents(run / "sample.txt").size() > 40);
    CHECK(contents(run / "report.html").find("tanh(c) of the memory cells") != std::string::npos);
    CHECK(contents(run / "curves.svg").find(std::string(model) + ", validation</text>") != std::string::npos);
    CHECK(fs::exists(run / "weight-change.svg") == (std::string(model).find("hyper") != std::string::npos));
    CHECK(contents(run / "metrics.jsonl").find("\"bits\":") != std::string::npos);
    CHECK(outcome.says("bits a token"));
  }
}

TEST_CASE("hyper-lstm: a run that is stopped or killed goes on to the same bits, the carried state among them") {
  const weft::demo_test::TempFolder folder;
  weft::demo_test::check_goes_on(WEFT_HYPER_LSTM,
                                 {"--quiet",
                                  "--corpus",
                                  "file",
                                  "--text",
                                  write_text(folder.path).string(),
                                  "--epochs",
                                  "2",
                                  "--dropout",
                                  "0.2",
                                  "--recurrent-dropout",
                                  "0.1",
                                  "--lr",
                                  "0.01",
                                  "--checkpoint-every",
                                  "3",
                                  "--hidden-size",
                                  "8",
                                  "--hyper-size",
                                  "4",
                                  "--embedding-size",
                                  "2",
                                  "--length",
                                  "10",
                                  "--batch-size",
                                  "8",
                                  "--sample-length",
                                  "40"},
                                 {"layer-norm-hyper-lstm.safetensors", "sample.txt", "weight-change.svg"});
}

TEST_CASE("hyper-lstm: a text that has moved is named on resume") {
  const weft::demo_test::TempFolder folder;
  const fs::path text = write_text(folder.path), moved = folder.path / "moved.txt";
  const Outcome begun = run_lstm("--quiet --steps 1 --corpus file --text " + text.string() + kSmallLstm + " --out " +
                                 folder.path.string());
  REQUIRE_MESSAGE(begun.code == 0, begun.err);
  fs::rename(text, moved);
  const std::string resume = "--quiet --steps 2 --resume " + folder_of(begun).string();
  CHECK(run_lstm(resume).code == 1);
  const Outcome resumed = run_lstm(resume + " --text " + moved.string());
  CHECK_MESSAGE(resumed.code == 0, resumed.err);
  CHECK(resumed.err.empty());  // the same data
}

TEST_CASE("hyper-lstm: two layers train, are saved and resumed to the same bits") {
  const weft::demo_test::TempFolder folder;
  const std::string small = kSmallLstm + " --layers 2 --model hyper-lstm --dropout 0.2 --hyper-dropout 0.1";
  std::istringstream words("--quiet --epochs 2 --checkpoint-every 3 --corpus file --text " +
                           write_text(folder.path).string() + small);
  weft::demo_test::check_goes_on(WEFT_HYPER_LSTM, {std::istream_iterator<std::string>(words), {}},
                                 {"hyper-lstm.safetensors", "sample.txt", "weight-change.svg", "histogram.json"});
}

TEST_CASE("hyper-lstm: the text is by default what the program bible on PATH prints, and a failure of it is told") {
  const weft::demo_test::TempFolder folder;
  const fs::path bible = folder.path / "bible", runs = folder.path / "runs";
  const std::string path = "PATH='" + folder.path.string() + "':/usr/bin:/bin ";
  const auto run = [&](const std::string& arguments) {
    return weft::demo_test::run_program(WEFT_HYPER_LSTM, arguments + kSmallLstm + " --out " + runs.string(), path);
  };
  const auto write_bible = [&](const std::string& script) {
    std::ofstream(bible) << "#!/bin/sh\n" << script;
    fs::permissions(bible, fs::perms::owner_all);
  };
  write_bible(
      "[ \"$*\" = '-f gen1:1-rev22:21' ] || exit 9\n"
      "i=0; while [ $i -lt 100 ]; do echo \"In the beginning, verse $i\"; i=$((i + 1)); done\n");
  const Outcome outcome = run("--epochs 1 --steps 2");
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  CHECK_MESSAGE(outcome.says("text        King James Bible: "), outcome.out);
  CHECK(outcome.says("bits a token"));
  CHECK(outcome.says(": 2,422 tokens to train, 134 to validate, 134 to test"));  // of 10 x 26 + 90 x 27
  fs::remove_all(runs);
  for (const char* script : {"echo half; exit 3\n", "exit 0\n"}) {  // fails, prints nothing
    write_bible(script);
    const Outcome failed = run("");
    CHECK(failed.code == 1);
    CHECK_MESSAGE(failed.says("hyper-lstm: '" + bible.string() + "' failed"), failed.err);
    CHECK_FALSE(fs::exists(runs));
  }
}

TEST_CASE("hyper-lstm: a checkpoint made with other settings is refused, and left as it is") {
  const weft::demo_test::TempFolder folder;
  const Outcome whole = run_lstm("--quiet --epochs 1 --steps 2 --corpus file --text " +
                                 write_text(folder.path).string() + " --out " + folder.path.string() + kSmallLstm);
  REQUIRE_MESSAGE(whole.code == 0, whole.err);
  const fs::path run = folder_of(whole);
  std::string config = contents(run / "config.json");
  const size_t at = config.find("\"hidden-size\": 8");
  REQUIRE(at != std::string::npos);
  std::ofstream(run / "config.json") << config.replace(at, 16, "\"hidden-size\": 9");
  std::ofstream(run / "metrics.jsonl", std::ios::app) << "a line after the checkpoint\n";
  std::ofstream(run / "checkpoints" / ".000099.safetensors.1-0.tmp") << "half";
  weft::demo_test::check_left_as_it_was(run, [&] {
    const Outcome outcome = run_lstm("--quiet --resume " + run.string());
    CHECK(outcome.code == 1);
    CHECK_MESSAGE(
        outcome.err == "'" + run.string() +
                           "': the checkpoint was made with --hidden-size 8, config.json now has 9; hint: put "
                           "it back, or begin a new run\n",
        outcome.err);
  });
}

TEST_CASE("hyper-lstm: a run goes on with the alphabet it was trained on only, and is else left as it is") {
  for (const char* tokens : {"characters", "bytes"}) {
    const weft::demo_test::TempFolder folder;
    const fs::path text = folder.path / "text.txt";
    const auto write = [&](const std::string& line) {
      std::ofstream file(text);
      for (int i = 0; i < 100; ++i) file << line << "\n";
    };
    write("abcdefghij");
    const Outcome whole = run_lstm(std::string("--quiet --epochs 1 --steps 2 --corpus file --tokens ") + tokens +
                                   " --text " + text.string() + " --out " + folder.path.string() + kSmallLstm);
    REQUIRE_MESSAGE(whole.code == 0, whole.err);
    const fs::path run = folder_of(whole);
    const auto refused = [&](const std::string& now) {
      weft::demo_test::check_left_as_it_was(run, [&] {
        const Outcome outcome = run_lstm("--quiet --resume " + run.string() + " --steps 4");
        CHECK(outcome.code == 1);
        CHECK_MESSAGE(
            outcome.says("'" + run.string() + "': the checkpoint does not fit the text: it was trained on the " +
                         "tokens '\\nabcdefghij', the text now has '" + now + "'; hint: "),
            outcome.err);
      });
    };
    write("klmnopqrst");
    refused("\\nklmnopqrst");
    write("abc\x01\xC3\xB6");
    refused(std::string("\\x01\\nabc") + (tokens == std::string("bytes") ? "\\xb6\\xc3" : "\xC3\xB6"));
    write("jihgfedcba");
    const Outcome resumed = run_lstm("--quiet --resume " + run.string() + " --steps 4");
    CHECK_MESSAGE(resumed.code == 0, resumed.err);
  }
}

TEST_CASE("hyper-lstm: --lr-decay is the rate's, step by step, and goes on with a run; --forget-bias is the cells'") {
  const weft::demo_test::TempFolder folder;
  const std::string common = "--quiet --model lstm --corpus file --text " + write_text(folder.path).string() +
                             " --out " + folder.path.string() + kSmallLstm;
  const auto weights = [&](const std::string& arguments) {
    const Outcome outcome = run_lstm(common + " --epochs 1 " + arguments);
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    return std::pair(contents(folder_of(outcome) / "lstm.safetensors"), folder_of(outcome));
  };
  const auto [one, run] = weights("--steps 1 --lr-decay 0.9");
  const auto [four, unused] = weights("--steps 4 --lr-decay 0.9");
  CHECK(one == weights("--steps 4 --lr-decay 0").first);  // all steps but the first have a rate of 0
  CHECK(one == weights("--steps 1").first);
  CHECK(four != weights("--steps 4").first);
  const Outcome resumed = run_lstm("--quiet --steps 4 --resume " + run.string());
  REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
  CHECK(contents(run / "lstm.safetensors") == four);
  CHECK(run_lstm("--lr-decay 1.1").says("option --lr-decay: '1.1' is not a number from 0 to 1"));

  CHECK(weights("--steps 1 --forget-bias 0").first != one);
  CHECK(weights("--steps 1 --forget-bias 1").first == one);
}

TEST_CASE("hyper-lstm: SIGINT stops a test between its windows") {
  const weft::demo_test::TempFolder folder;
  const fs::path text = folder.path / "long.txt";
  std::ofstream file(text);
  for (int i = 0; i < 20'000; ++i) file << "the quick brown fox " << i % 10 << "\n";
  file.close();
  weft::demo_test::check_stops_in_test(
      WEFT_HYPER_LSTM, {"--quiet", "--steps", "1", "--corpus", "file", "--text", text.string(), "--hidden-size", "8",
                        "--hyper-size", "4", "--length", "10", "--batch-size", "8", "--sample-length", "9"});
}

TEST_CASE("hyper-lstm: a run that diverges exits 3, and leaves a checkpoint that is finite") {
  const weft::demo_test::TempFolder folder;
  weft::demo_test::check_diverges(WEFT_HYPER_LSTM,
                                  {"--corpus", "file", "--text", write_text(folder.path).string(), kSmallLstm});
}

TEST_CASE("hyper-lstm: a text without a new line is sampled from its first token, and anew by a finished run") {
  const weft::demo_test::TempFolder folder;
  std::ofstream file(folder.path / "line.txt");
  for (int i = 0; i < 200; ++i) file << "the quick brown fox again ";
  file.close();
  const Outcome whole = run_lstm("--quiet --epochs 1 --steps 2 --corpus file --text " +
                                 (folder.path / "line.txt").string() + " --out " + folder.path.string() + kSmallLstm);
  REQUIRE_MESSAGE(whole.code == 0, whole.err);
  const fs::path run = folder_of(whole);
  CHECK(contents(run / "sample.txt").size() == 1 + 40 + 1);
  CHECK(contents(run / "sample.txt").starts_with("t"));
  const std::string weights = contents(run / "layer-norm-hyper-lstm.safetensors");
  const Outcome again = run_lstm("--resume " + run.string() + " --prompt fox --sample-length 7 --temperature 0.5");
  REQUIRE_MESSAGE(again.code == 0, again.err);
  CHECK(contents(run / "sample.txt").size() == 3 + 7 + 1);
  CHECK(contents(run / "sample.txt").starts_with("fox"));
  CHECK(contents(run / "layer-norm-hyper-lstm.safetensors") == weights);
  CHECK(contents(run / "config.json").find("\"sample-length\": 7,") != std::string::npos);
  CHECK(contents(run / "report.html").find("<td>sample-length</td><td>7</td>") != std::string::npos);
}

TEST_CASE("hyper-lstm: the paper's models at full size, with the paper's numbers of parameters, take 20 steps") {
  struct Case {
    const char *preset, *model, *parameters, *cost;
    int tokens;
  };
  // Penn Treebank has 50 characters, enwik8 205 different bytes.
  for (const Case& c : {Case{"paper-ptb", "layer-norm-hyper-lstm", "4,923,154",
                             "400 steps an epoch, 4 s each on two cores: up to 4 days", 50},
                        Case{"paper-enwik8", "hyper-lstm", "18,708,213",
                             "2,800 steps an epoch, 35 s and more each on two cores: 3 weeks and more", 205}}) {
    CAPTURE(c.preset);
    const weft::demo_test::TempFolder folder;
    std::string text;
    for (int i = 0; i < 20 * c.tokens; ++i) text += static_cast<char>((i + i / c.tokens * 7) % c.tokens);
    std::ofstream(folder.path / "text", std::ios::binary) << text;
    const Outcome outcome =
        run_lstm(fmt::format("--preset {} --model {} --corpus file --text {} --out {} --batch-size 1 --length 5 "
                             "--limit-batches 21 --epochs 1 "
                             "--steps 20 --sample-length 5",
                             c.preset, c.model, (folder.path / "text").string(), folder.path.string()));
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    CHECK_MESSAGE(outcome.says(fmt::format("{} parameters", c.parameters)), outcome.out);
    CHECK_MESSAGE(outcome.says(fmt::format("\npreset      {}: the paper's ", c.preset)), outcome.out);
    CHECK_MESSAGE(outcome.says(fmt::format(": {}\n", c.cost)), outcome.out);
    CHECK(contents(folder_of(outcome) / "metrics.jsonl").find("\"step\":20,") != std::string::npos);
  }
}

TEST_CASE("hyper-lstm: the paper's models have the paper's numbers of parameters") {
  const auto check = [](const std::string& arguments, int tokens, const std::string& parameters) {
    CAPTURE(arguments);
    const weft::demo_test::TempFolder folder;
    std::string text;
    for (int i = 0; i < 20 * tokens; ++i) text += static_cast<char>(i % tokens);
    std::ofstream(folder.path / "text", std::ios::binary) << text;
    const Outcome outcome = run_lstm(arguments + " --dry-run --corpus file --text " + (folder.path / "text").string());
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    CHECK_MESSAGE(outcome.says(": " + parameters + " parameters\n"), outcome.out);
  };
  const std::string ptb = "--preset paper-ptb --model ", enwik8 = "--preset paper-enwik8 --model ";
  check(ptb + "lstm", 50, "4,254,050");
  check(ptb + "lstm --hidden-size 1250", 50, "6,567,550");
  check(ptb + "lstm --layers 2", 50, "12,258,050");
  check(ptb + "layer-norm-lstm", 50, "4,264,050");
  check(ptb + "hyper-lstm", 50, "4,911,874");
  check(ptb + "layer-norm-hyper-lstm --layers 2 --embedding-size 16", 50, "14,407,714");
  check(enwik8 + "lstm", 205, "14,812,405");
  check(enwik8 + "lstm --hidden-size 2000", 205, "18,058,205");
  check(enwik8 + "layer-norm-hyper-lstm --hidden-size 2048 --hyper-size 512", 205, "26,541,773");
}

TEST_CASE("hyper-lstm: presets are the paper's, and wrong texts are refused") {
  std::istringstream lines(run_lstm("--help").out);
  for (std::string line; std::getline(lines, line);) CHECK_MESSAGE(line.size() <= 80, line);
  const Outcome ptb = run_lstm("--preset paper-ptb --print-config");
  for (const char* value :
       {"\"hidden-size\": 1000", "\"hyper-size\": 128", "\"embedding-size\": 4", "\"clip\": 1.0", "\"dropout\": 0.1",
        "\"batch-size\": 128", "\"length\": 100", "\"lr\": 0.001,", "\"checkpoint-every\": 100"}) {
    CHECK_MESSAGE(ptb.says(value), value);
  }
  const Outcome enwik8 = run_lstm("--preset paper-enwik8 --print-config");
  for (const char* value : {"\"hidden-size\": 1800", "\"hyper-size\": 256", "\"embedding-size\": 64", "\"clip\": 1.0",
                            "\"dropout\": 0.0", "\"recurrent-dropout\": 0.1", "\"batch-size\": 128", "\"length\": 250",
                            "\"lr\": 0.001,", "\"checkpoint-every\": 25"}) {
    CHECK_MESSAGE(enwik8.says(value), value);
  }

  const weft::demo_test::TempFolder folder;
  const std::string text = (folder.path / "short.txt").string();
  const auto refused = [&](const std::string& arguments, int code, const std::string& fact) {
    const Outcome outcome = run_lstm(arguments + " --out " + (folder.path / "runs").string());
    CHECK(outcome.code == code);
    CHECK_MESSAGE(outcome.says(fact), outcome.err);
    CHECK_FALSE(fs::exists(folder.path / "runs"));
  };
  refused("--corpus file", 2, "option --text");
  refused("--text " + text, 2, "option --text");
  refused("--corpus file --text " + text, 1, "short.txt");
  std::ofstream(text) << "short";
  refused("--corpus file --text " + text, 1, "the training text has 5 tokens");
  std::ofstream(text) << "no UTF-8: \xFF\xFE, and more of it to read in many lines of many words";
  refused("--corpus file --text " + text, 1,
          "hyper-lstm: '" + text + "': the text is not UTF-8, so it has no characters; hint: --tokens bytes\n");
  CHECK(run_lstm("--tokens bytes --batch-size 4 --dry-run --corpus file --text " + text).code == 0);
  std::ofstream(text) << "a text of one line, long enough to train on, to validate and to test: and so on and on";
  for (const char* more : {"", " --dry-run"}) {
    refused("--batch-size 4 --prompt Zebra --corpus file --text " + text + more, 2,
            "option --prompt: Vocabulary: 'Z' at byte 0");
  }
  refused("--corpus ptb --data " + folder.path.string(), 1, "ptb");
  const Outcome bible = weft::demo_test::run_program(WEFT_HYPER_LSTM, "--quiet", "PATH= ");
  CHECK(bible.code == 1);
  CHECK_MESSAGE(bible.says("the program 'bible' is missing; hint: install the package bible-kjv"), bible.err);
  const weft::demo_test::TempFolder programs;
  std::ofstream(programs.path / "bible") << "#!/bin/sh\nexit 1\n";
  fs::permissions(programs.path / "bible", fs::perms::owner_all);
  const Outcome failed =
      weft::demo_test::run_program(WEFT_HYPER_LSTM, "--quiet", "PATH=" + programs.path.string() + " ");
  CHECK(failed.code == 1);
  CHECK_MESSAGE(failed.says(fmt::format("hyper-lstm: '{}/bible' failed", programs.path.string())), failed.err);
  refused("--model gru", 2, "'gru' is unknown; choose one of lstm");
}
