// tests/demos/harness_test.cpp: what all demos share: spelling, tables, pictures, the run folder
#include <doctest/doctest.h>

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <fstream>
#include <iterator>

#include "hyper/demos/harness/checkpoint_file.h"
#include "hyper/demos/harness/config.h"
#include "hyper/demos/harness/curves.h"
#include "hyper/demos/harness/epoch_times.h"
#include "hyper/demos/harness/png.h"
#include "hyper/demos/harness/progress.h"
#include "hyper/demos/harness/report.h"
#include "hyper/demos/harness/run_folder.h"
#include "hyper/demos/harness/signals.h"
#include "hyper/demos/harness/strip.h"
#include "hyper/demos/harness/table.h"
#include "tensor/create.h"
#include "tensor/program/spelling.h"
#include "tests/demos/program.h"

using namespace weft;
namespace fs = std::filesystem;

TEST_CASE("spelling: the nearest word wins, and none that is far off") {
  CHECK(program::edit_distance("kitten", "sitting") == 3);
  CHECK(program::edit_distance("", "abc") == 3);
  CHECK(program::edit_distance("same", "same") == 0);
  CHECK(program::nearest("--sed", {"--data", "--seed", "--epochs"}) == "--seed");
  CHECK(program::nearest("--xyzxyzxyz", {"--data", "--seed"}).empty());
}

TEST_CASE("table: numbers stand right") {
  CHECK(demo::table({{"model", "n"}, {"a", "1,000"}}) == "model      n\n-----  -----\na      1,000\n");
}

TEST_CASE("kernel_grid: each kernel runs from black to white on its own") {
  const Tensor kernels = tensor<float>({0, 1, 10, 30}, Shape{1, 2, 1, 2});
  const demo::Image image = demo::kernel_grid(kernels, 1);
  CHECK(image.width == 6);
  CHECK(image.height == 1);
  const std::vector<int> row{*image.at(0, 0), *image.at(1, 0), *image.at(4, 0), *image.at(5, 0)};
  CHECK(row == std::vector<int>{0, 255, 0, 255});
  CHECK(demo::png_of(image).substr(1, 3) == "PNG");
}

TEST_CASE("kernel_grid draws no NaN") {
  const Tensor kernels = tensor<float>({0, NAN}, Shape{1, 2, 1, 1});
  CHECK_THROWS_WITH_AS(demo::kernel_grid(kernels, 1), doctest::Contains("values that are not finite"), Error);
}

TEST_CASE("RunFolder: a file that cannot be written leaves nothing behind") {
  const demo_test::TempFolder folder;
  demo::Options options;
  options.out = folder.path.string();
  options.settings = "{}";
  const demo::RunFolder run({.name = "demo", .about = "", .sample = "", .presets = {}}, options, {});
  fs::create_directories(run.path() / "taken" / "by a folder");
  CHECK_THROWS_WITH_AS(run.write("taken", "bytes"),
                       doctest::Contains("taken': is there already and is not a plain file"), WriteError);
  CHECK_THROWS_WITH_AS(run.write("no/such", "bytes"), doctest::Contains("No such file"), WriteError);
  CHECK(std::distance(fs::directory_iterator(run.path()), {}) ==
        4);  // config.json, metrics.jsonl, checkpoints, the folder
}

TEST_CASE("RunFolder: a line of metrics that does not fit on the disk") {
  const demo_test::TempFolder folder;
  demo::Options options;
  options.out = folder.path.string();
  options.settings = "{}";
  demo::RunFolder run({.name = "demo", .about = "", .sample = "", .presets = {}}, options, {});
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit nothing{0, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &nothing) == 0);
  std::string text;
  try {
    run.log({1, 1, "plain", "train", {{"loss", 1.0}}, 0});
  } catch (const WriteError& error) {
    text = error.what();
  }
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  CHECK(text == fmt::format("run folder: cannot write '{}': File too large", (run.path() / "metrics.jsonl").string()));
}

TEST_CASE("RunFolder: the command that goes on has the program's path as it was given, as words of a shell") {
  const demo_test::TempFolder folder;
  demo::Options options;
  options.out = (folder.path / "it's").string();
  options.settings = "{}";
  for (const auto& [given, shown] :
       {std::pair{"./build/demo", "./build/demo"}, {"/my tools/demo", "'/my tools/demo'"}}) {
    options.argv = {given, "--quiet"};
    const demo::RunFolder run({.name = "demo", .about = "", .sample = "", .presets = {}}, options, {});
    const std::string name = run.path().filename().string();
    CHECK(run.resume_command() == fmt::format("{} --resume '{}/it'\\''s/demo/{}'", shown, folder.path.string(), name));
  }
}

TEST_CASE("Progress: the time left is that of the run, not of the epoch") {
  demo::Progress epoch("model 1/2", "images", {.in_all = 10, .done = 5, .behind = 995}, {.quiet = true});
  usleep(20'000);
  epoch.step(8, 0.5);
  const std::string line = epoch.line();
  CHECK_MESSAGE(line.starts_with("model 1/2 6/10, "), line);
  CHECK_MESSAGE(line.find(", 0:0") == std::string::npos, line);  // 999 steps of at least 20 ms
  CHECK(demo::clock_text(16.6) == "0:17");
  CHECK(demo::clock_text(3599) == "59:59");
  CHECK(demo::clock_text(96'001) == "26:40:01");
}

TEST_CASE("metrics: lines are read as they were written") {
  const demo_test::TempFolder folder;
  const demo::Metric metric{3, 1, "plain", "train", {{"loss", 0.1 + 0.2}, {"error", 1}}, 0.25};
  std::ofstream(folder.path / "metrics.jsonl") << demo::json_of(metric) << "\n";
  const std::vector<demo::Metric> read = demo::read_metrics(folder.path / "metrics.jsonl");
  REQUIRE(read.size() == 1);
  CHECK(read[0].scores == metric.scores);
  CHECK(demo::json_of(read[0]) == demo::json_of(metric));
  std::ofstream(folder.path / "metrics.jsonl", std::ios::app) << "{\"step\":1}\n";
  CHECK_THROWS_WITH_AS(demo::read_metrics(folder.path / "metrics.jsonl"), doctest::Contains("line 2 is no metric"),
                       FileError);
  CHECK_THROWS_WITH_AS(demo::read_metrics(folder.path / "none"), doctest::Contains("none': cannot be read"), FileError);
}

TEST_CASE("metrics as a table: cells of their own for all scores, quoted where they must be") {
  const std::vector<demo::Metric> metrics{{1, 1, "a, \"b\"", "train", {{"loss", 0.1 + 0.2}}, 0.25},
                                          {2, 1, "c", "validation", {{"error", NAN}, {"loss", 1e-9}}, 3}};
  CHECK(demo::csv_of(metrics) ==
        "step,epoch,model,split,loss,error,seconds\n"
        "1,1,\"a, \"\"b\"\"\",train,0.30000000000000004,,0.25\n"
        "2,1,c,validation,1e-09,nan,3\n");
  CHECK(demo::csv_of({}) == "step,epoch,model,split,seconds\n");
}

TEST_CASE("times: an epoch is the difference of two ends, and many epochs share rows") {
  const auto rows = demo::time_rows({{1, 10, 4, 1}, {2, 20, 6, 1.5}});
  REQUIRE(rows.size() == 1 + 2 + 1);
  CHECK(rows[1] == std::vector<std::string>{"1", "10", "4.00", "1.00", "2.50"});
  CHECK(rows[2] == std::vector<std::string>{"2", "10", "2.00", "0.50", "5.00"});
  CHECK(rows[3] == std::vector<std::string>{"all", "20", "6.00", "1.50", "3.33"});
  std::vector<demo::EpochEnd> many;
  for (int64_t epoch = 1; epoch <= 61; ++epoch) many.push_back({epoch, 2 * epoch, 0.5 * static_cast<double>(epoch), 0});
  const auto grouped = demo::time_rows(many);
  REQUIRE(grouped.size() == 1 + 21 + 1);
  CHECK(grouped[2] == std::vector<std::string>{"4-6", "6", "1.50", "0.00", "4.00"});
  CHECK(grouped[21][0] == "61");
  CHECK(demo::time_rows({}).size() == 1);
  const std::vector<demo::EpochEnd> back = demo::epoch_ends(demo::tensor_of(many));
  REQUIRE(back.size() == many.size());
  CHECK(back[60].step == 122);
  CHECK(back[60].training == 30.5);
  CHECK_THROWS_WITH_AS(demo::epoch_ends(zeros({2, 3})), doctest::Contains("expected float64 [n, 4], got [2, 3]"),
                       Error);
}

TEST_CASE("settings: texts become values and back, and wrong ones are refused") {
  int64_t n = 3;
  double p = 0.5;
  std::string name = "a";
  bool on = false;
  uint64_t seed = 0;
  const std::vector<demo::Setting> settings{demo::count("--n", n, "", 1, 9), demo::number("--p", p, "", 0, 1),
                                            demo::choice("--name", name, "", {"a", "b"}), demo::flag("--on", on, ""),
                                            demo::seed("--seed", seed, "")};
  for (const auto& [at, text] : std::vector<std::pair<size_t, std::string>>{
           {0, "9"}, {1, "0.1"}, {2, "b"}, {3, "true"}, {4, "18446744073709551615"}}) {
    demo::assign(settings[at], text);
    CHECK(demo::text_of(settings[at]) == text);
  }
  for (const auto& [at, text] : std::vector<std::pair<size_t, std::string>>{
           {0, "10"}, {0, "2x"}, {1, "1.5"}, {1, "nan"}, {2, "c"}, {3, "yes"}, {4, "-1"}}) {
    CHECK_THROWS_AS(demo::assign(settings[at], text), UsageError);
  }
  CHECK(demo::json_of(settings).find("\"seed\": 18446744073709551615") != std::string::npos);
}

TEST_CASE("settings: any bytes come back from a config.json") {
  const demo_test::TempFolder folder;
  for (const std::string& bytes : {std::string("/tmp/\xFF\xFE"), std::string("\xC3"), std::string("br\xC3\xB6wn\n"),
                                   std::string("{\"hex\":\"00\"}"), std::string("a\0\x80", 3), std::string()}) {
    std::string text = bytes;
    const demo::Setting setting = demo::text("--text", text, "FILE", "");
    std::ofstream(folder.path / "config.json") << "{\"settings\": " << demo::json_of({setting}) << "}";
    text = "another";
    demo::assign(setting, demo::settings_in(folder.path / "config.json").at("--text"));
    CHECK(text == bytes);
    CHECK(demo::text_of(setting) == bytes);
  }
}

TEST_CASE("a checkpoint knows when a bit of it has changed") {
  const demo_test::TempFolder folder;
  const fs::path file = folder.path / "000001.safetensors";
  const TensorMap tensors{{"a", tensor<float>({1, 2, 3}, Shape{3})}};
  demo::save_verified(file, tensors);
  CHECK(demo::load_verified(file).at("a").to_vector<float>() == std::vector<float>{1, 2, 3});
  save_safetensors(file, tensors, {});
  CHECK_THROWS_WITH_AS(demo::load_verified(file), doctest::Contains("no checkpoint of a run"), FileError);
  save_safetensors(file, tensors, {{"format", "weft run 1"}, {"sha256", "0"}});
  CHECK_THROWS_WITH_AS(demo::load_verified(file),
                       doctest::Contains("its format is 'weft run 1', this program reads 'weft run 2'; hint: "),
                       demo::OtherFormat);
  save_safetensors(file, tensors, {{"format", "weft run 2"}, {"sha256", "0"}});
  CHECK_THROWS_WITH_AS(demo::load_verified(file), doctest::Contains("damaged"), FileError);
}

TEST_CASE("SIGUSR1 asks to save, once") {
  demo::note_signals();
  CHECK_FALSE(demo::save_was_asked());
  std::raise(SIGUSR1);
  CHECK(demo::save_was_asked());
  CHECK_FALSE(demo::save_was_asked());
  CHECK_NOTHROW(demo::stop_if_signalled());
}

TEST_CASE("strip: a box for each letter and row, as strong as its part of the row's largest") {
  const demo::Strip strip{{"a", "\n", "<"}, {{"i", {0, 1, 2}}, {"f", {0, 0, 0}}}};
  const std::string svg = demo::svg_of(strip), text = demo::terminal_text_of(strip);
  CHECK(svg.find("fill-opacity=\"0.50\"") != std::string::npos);
  CHECK(svg.find("fill-opacity=\"1.00\"") != std::string::npos);
  CHECK(svg.find("&lt;") != std::string::npos);
  CHECK(svg.find("nan") == std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2 * 3);  // two lines of letters, two rows below each
  const std::string boxes = demo::svg_boxes_of(strip.rows, 10, 5, 60);
  CHECK(std::count(boxes.begin(), boxes.end(), '<') == 6 + 2 * 2);  // six boxes, two labels of two tags
  CHECK(boxes.find("<rect x=\"50.0\" y=\"5\" width=\"20.00\"") != std::string::npos);  // the third of the first row
  CHECK(boxes.find("nan") == std::string::npos);
  CHECK(demo::svg_boxes_of({{"i", {}}}, 0, 0, 9).find("<rect") == std::string::npos);
}

TEST_CASE("curves.svg: axes with ticks, a line a model and split, and a legend") {
  std::vector<demo::Metric> metrics;
  for (int64_t step = 1; step <= 100; ++step) {
    metrics.push_back({step, 1, "<a>", "train", {{"loss", 1.0 / static_cast<double>(step)}, {"error", 0.5}}, 0});
    if (step % 50 == 0) metrics.push_back({step, 1, "<a>", "validation", {{"loss", 0.02}, {"error", NAN}}, 0});
  }
  metrics.push_back({100, 1, "<a>", "test", {{"loss", 9}}, 0});
  const std::string svg = demo::svg_of_curves({{"", metrics}});
  const auto count = [&](const std::string& part) { return demo_test::count_of(svg, part); };
  CHECK(svg.starts_with("<svg xmlns="));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(count("<polyline ") == 3);  // of the error only training is finite
  CHECK(count(">&lt;a&gt;, train</text>") == 2);
  CHECK(count(">&lt;a&gt;, validation</text>") == 1);
  CHECK(count("stroke-dasharray") == 2);  // the curve and its legend
  for (const char* tick : {">loss (log scale)<", ">0.01<", ">0.1<", ">1<", ">error<", ">0.5<", ">step<", ">80<"})
    CHECK_MESSAGE(count(tick) > 0, tick);
  CHECK(count("nan") + count("inf") == 0);
  CHECK(count("points=\"70.0,34.0 ") == 1);  // the first loss: left, on top
  CHECK(demo::svg_of_curves({{"", {}}}).find("<polyline") == std::string::npos);
  CHECK(demo::svg_of_curves({{"", {metrics[0]}}}).find("nan") == std::string::npos);  // one point
}

TEST_CASE("report: names are escaped, pictures and curves stand in the page") {
  CHECK(demo::escaped("a < \"b\" & c") == "a &lt; &quot;b&quot; &amp; c");
  const std::vector<demo::Metric> metrics{{1, 1, "</script>", "train", {{"loss", 2.0}, {"error", NAN}}, 0}};
  const std::vector<demo::Section> sections = demo::curves({{"", metrics}});
  REQUIRE(sections.size() == 2);
  CHECK(sections[0].html.find("logarithmic") != std::string::npos);
  CHECK(sections[0].html.find("</script>,") == std::string::npos);
  CHECK(sections[1].html.find("nan") == std::string::npos);
  CHECK(demo::picture("p", "Man").html.find("base64,TWFu\"") != std::string::npos);
  CHECK(demo::picture("p", "Ma").html.find("base64,TWE=\"") != std::string::npos);
  CHECK(demo::picture("p", "M").html.find("base64,TQ==\"") != std::string::npos);
  CHECK(demo::page("t", sections).find("Chart.js v3") != std::string::npos);
}
