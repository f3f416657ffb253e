// tests/demos/hyper_handwriting_test.cpp: hyper-handwriting from outside
#include <doctest/doctest.h>

#include "tests/demos/program.h"
#include "tests/demos/stopped.h"

namespace fs = std::filesystem;
using weft::demo_test::contents, weft::demo_test::count_of, weft::demo_test::folder_of, weft::demo_test::Outcome;

namespace {

Outcome run_handwriting(const std::string& arguments) {
  return weft::demo_test::run_program(WEFT_HYPER_HANDWRITING, arguments);
}

/// 60 zigzags of 6 to 14 points in absolute form.
std::string write_zigzags(const fs::path& folder) {
  std::ofstream file(folder / "zigzag.tsv");
  for (int i = 0; i < 60; ++i) {
    file << "all\tzigzag\t";
    const int steps = 6 + i * 7 % 9;
    for (int t = 0; t < steps; ++t)
      file << 10 * t + i % 3 << ',' << 20 * (t % 2) + i % 5 << ',' << (t + 1 == steps || t == 3 ? 0 : 1)
           << (t + 1 < steps ? " " : "\n");
  }
  return " --corpus tsv --points absolute --strokes " + (folder / "zigzag.tsv").string();
}

/// A line of IAM-OnDB with so many points.
void write_line(const fs::path& folder, const std::string& form, int steps) {
  const fs::path place = folder / "lineStrokes" / form.substr(0, 3) / form.substr(0, 7);
  fs::create_directories(place);
  std::ofstream file(place / (form + "-01.xml"));
  file << "<WhiteboardCaptureSession><StrokeSet><Stroke>";
  for (int t = 0; t < steps; ++t) file << "<Point x=\"" << 3 * t << "\" y=\"" << t % 7 * 5 << "\" time=\"0\"/>";
  file << "</Stroke></StrokeSet></WhiteboardCaptureSession>\n";
}

const std::string kSmall =
    " --hidden-size 8 --hyper-size 4 --embedding-size 2 --mixtures 3 --batch-size 8 --samples 2 --sample-steps 12";

}  // namespace

TEST_CASE("hyper-handwriting: each cell trains, and leaves drawings and a report") {
  const weft::demo_test::TempFolder folder;
  const std::string lines = write_zigzags(folder.path) + " --out " + folder.path.string();
  for (const char* model : {"lstm", "layer-norm-lstm", "hyper-lstm", "layer-norm-hyper-lstm"}) {
    const Outcome outcome = run_handwriting("--epochs 1 --steps 3 --model " + std::string(model) + kSmall + lines);
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    CHECK(outcome.says("zigzag.tsv: 54 to train"));
    CHECK(outcome.says("test nats a step"));
    const fs::path run = folder_of(outcome);
    CHECK(contents(run / "curves.svg").find("<polyline points=") != std::string::npos);
    const std::string svg = contents(run / "sample-2.svg"), report = contents(run / "report.html");
    CHECK(svg.find("<path d=\"M") != std::string::npos);
    const bool hyper = std::string(model).find("hyper") != std::string::npos;
    CHECK(count_of(svg, "<rect") == (hyper ? 4 * 12 : 0));  // four gates, twelve points
    CHECK(report.find("validation: zigzag") != std::string::npos);
    CHECK(contents(run / "metrics.jsonl").find("\"line\":") != std::string::npos);
  }
}

TEST_CASE("hyper-handwriting: a run that diverges exits 3, and leaves a checkpoint that is finite") {
  const weft::demo_test::TempFolder folder;
  weft::demo_test::check_diverges(WEFT_HYPER_HANDWRITING, {write_zigzags(folder.path), kSmall});
}

TEST_CASE(
    "hyper-handwriting: a run that is stopped or killed goes on to the same bits, stretched lines and noise too") {
  const weft::demo_test::TempFolder folder;
  write_zigzags(folder.path);
  weft::demo_test::check_goes_on(WEFT_HYPER_HANDWRITING,
                                 {"--quiet",
                                  "--corpus",
                                  "tsv",
                                  "--points",
                                  "absolute",
                                  "--strokes",
                                  (folder.path / "zigzag.tsv").string(),
                                  "--epochs",
                                  "3",
                                  "--checkpoint-every",
                                  "2",
                                  "--batch-size",
                                  "4",
                                  "--hidden-size",
                                  "8",
                                  "--hyper-size",
                                  "4",
                                  "--dropout",
                                  "0.2",
                                  "--dequantise",
                                  "1",
                                  "--sample-steps",
                                  "12"},
                                 {"hyper-lstm.safetensors", "sample-1.svg", "sample-2.svg"});
}

TEST_CASE("hyper-handwriting: the paper's preset takes 20 steps at its full widths on IAM-OnDB's folders") {
  const Outcome paper = run_handwriting("--preset paper-iam --print-config");
  for (const char* value :
       {"\"hidden-size\": 900", "\"hyper-size\": 128", "\"embedding-size\": 4", "\"clip\": 5.0", "\"dropout\": 0.05",
        "\"recurrent-dropout\": 0.05", "\"batch-size\": 32", "\"lr\": 0.0001", "\"mixtures\": 20", "\"min-steps\": 300",
        "\"scaling\": 0.1", "\"model\": \"hyper-lstm\""}) {
    CHECK_MESSAGE(paper.says(value), value);
  }
  // A step of 32 lines of 300 points and more takes 6 s on two cores: here of one line of 30.
  const weft::demo_test::TempFolder folder;
  std::ofstream train(folder.path / "trainset.txt");
  for (const char* form : {"a01-000u", "a01-000w", "a01-001z", "a01-002z"}) {
    train << form << "\n";
    write_line(folder.path, form, form[7] == 'w' ? 29 : 30);
  }
  train.close();
  std::ofstream(folder.path / "testset_v.txt") << "b01-000z\n";
  std::ofstream(folder.path / "testset_f.txt") << "b01-001z\n";
  write_line(folder.path, "b01-000z", 20);
  write_line(folder.path, "b01-001z", 20);
  const Outcome outcome =
      run_handwriting("--preset paper-iam --steps 20 --min-steps 30 --batch-size 1 --samples 1 --sample-steps 5" +
                      (" --data " + folder.path.string() + " --out " + folder.path.string()));
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  CHECK_MESSAGE(outcome.says("IAM-OnDB: 3 to train (90 pen points; 1 too short), 1 to validate, 1 to test"),
                outcome.out);
  CHECK_MESSAGE(outcome.says("\nmodel       hyper-lstm: 3,941,181 parameters\n"), outcome.out);
  CHECK_MESSAGE(outcome.says("\npreset      paper-iam: the paper's IAM-OnDB: about 160 steps an epoch, 6 s each on two "
                             "cores: up to 27 hours\n"),
                outcome.out);
  CHECK(count_of(contents(folder_of(outcome) / "metrics.jsonl"), "\"split\":\"train\"") == 20);
}

TEST_CASE("hyper-handwriting: the paper's models have the paper's numbers of parameters") {
  const weft::demo_test::TempFolder folder;
  const std::string lines = " --min-steps 1 --dry-run --preset paper-iam" + write_zigzags(folder.path);
  for (const auto& [model, parameters] : {std::pair{"lstm", "3,363,421"}, {"hyper-lstm", "3,941,181"}}) {
    const Outcome outcome = run_handwriting("--model " + std::string(model) + lines);
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    CHECK_MESSAGE(outcome.says(": " + std::string(parameters) + " parameters\n"), outcome.out);
  }
}

TEST_CASE("hyper-handwriting: the help page fits, and wrong data is refused before a run folder is made") {
  std::istringstream help(run_handwriting("--help").out);
  for (std::string line; std::getline(help, line);) CHECK_MESSAGE(line.size() <= 80, line);
  const weft::demo_test::TempFolder folder;
  const std::string file = (folder.path / "bad.tsv").string();
  const auto refused = [&](const std::string& arguments, int code, const std::string& fact) {
    const Outcome outcome = run_handwriting(arguments + " --out " + (folder.path / "runs").string());
    CHECK(outcome.code == code);
    CHECK_MESSAGE(outcome.says(fact), outcome.err);
    CHECK_FALSE(fs::exists(folder.path / "runs"));
  };
  refused("--corpus tsv", 2, "option --strokes");
  refused("--strokes " + file, 2, "option --strokes");
  refused("--corpus tsv --strokes " + file, 1, "bad.tsv': no such file");
  std::ofstream(file) << "train\ta\t0,0,0 1,1,1\n";
  refused("--corpus tsv --strokes " + file, 1, "'bad.tsv': the validation set has no lines");
  refused("--corpus tsv --min-steps 3 --strokes " + file, 1,
          "the training set has no lines; hint: try a smaller --min-steps");
  std::ofstream(file) << "train\ta\t0,0,0 1,1\n";
  refused("--corpus tsv --strokes " + file, 1, "bad.tsv': line 1, point 2: '1,1' is not x,y,pen");
  refused("--corpus npz --strokes " + file, 1, "bad.tsv");
  refused("--corpus iam --data " + folder.path.string(), 1, "no folder lineStrokes found");
  refused("--data " + folder.path.string(), 1,
          "scripts.jhf': is missing; hint: install the package hershey-fonts-data");
  refused("--model gru", 2, "'gru' is unknown; choose one of lstm");
}
