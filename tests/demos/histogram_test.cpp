// tests/demos/histogram_test.cpp: where values lie, of one run and of several
#include "hyper/demos/harness/histogram.h"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>

#include "tensor/error.h"
#include "tests/demos/program.h"
#include "tests/demos/stopped.h"

using namespace weft;
namespace fs = std::filesystem;
using demo_test::contents, demo_test::folder_of, demo_test::Outcome;

namespace {

/// The configuration of the chart of histograms in a page: what Chart.js is given.
nlohmann::json histogram_in(const std::string& html) {
  const std::string begin = "new Chart('histogram', ";
  const size_t at = html.find(begin);
  REQUIRE(at != std::string::npos);
  const size_t from = at + begin.size();
  return nlohmann::json::parse(html.substr(from, html.find(")</script>", from) - from));
}

double sum_of(const nlohmann::json& numbers) {
  double sum = 0;
  for (const double number : numbers) sum += number;
  return sum;
}

}  // namespace

TEST_CASE("histogram: values are counted in equal parts of the range, whose ends belong to it") {
  const demo::Histogram h = demo::histogram_of("h", "m", {-1, -0.51, -0.5, 0, 0.49, 0.5, 1}, -1, 1, 4);
  CHECK(h.counts == std::vector<int64_t>{2, 1, 2, 2});
  CHECK_THROWS_WITH_AS(demo::histogram_of("h", "m", {}, 0, 1, 4), "histogram: no values, or not all of them in [0, 1]",
                       Error);
  CHECK_THROWS_AS(demo::histogram_of("h", "m", {0, NAN, 1}, 0, 1, 4), Error);
  CHECK_THROWS_AS(demo::histogram_of("h", "m", {0, 1.01}, 0, 1, 4), Error);
}

TEST_CASE("histogram: a file is read as it was written, and what is none refused by name") {
  const demo_test::TempFolder folder;
  const fs::path file = folder.path / demo::kHistogramFile;
  CHECK_THROWS_WITH_AS(demo::read_histogram(file), doctest::Contains("histogram.json': cannot be read"), FileError);
  const demo::Histogram h = demo::histogram_of("h", "m", {0.1, 0.2, 0.9}, 0, 1, 2);
  std::ofstream(file) << demo::json_of(h);
  const demo::Histogram read = demo::read_histogram(file);
  CHECK(demo::json_of(read) == demo::json_of(h));
  CHECK(read.counts == std::vector<int64_t>{2, 1});
  for (const char* damaged :
       {"", "{", "[1]", R"({"title":"h"})", R"({"title":"h","model":"m","low":1,"high":0,"counts":[1]})",
        R"({"title":"h","model":"m","low":0,"high":1,"counts":[]})",
        R"({"title":"h","model":"m","low":0,"high":1,"counts":["a"]})"}) {
    std::ofstream(file) << damaged;
    CHECK_THROWS_WITH_AS(demo::read_histogram(file), doctest::Contains("histogram.json': no histogram"), FileError);
  }
}

TEST_CASE("histogram: several are drawn over each other, as parts of their own values") {
  const demo::Histogram a = demo::histogram_of("h", "lstm", {0.1, 0.2, 0.9, 0.8}, 0, 1, 2),
                        b = demo::histogram_of("h", "</script>", {0.1, 0.2, 0.3, 0.4, 0.9}, 0, 1, 2);
  const auto chart = histogram_in(demo::histogram_chart({{"one", a}, {"", b}}).html)["data"];
  CHECK(chart["labels"] == nlohmann::json{"0.25", "0.75"});
  REQUIRE(chart["datasets"].size() == 2);
  CHECK(chart["datasets"][0]["label"] == "one lstm");
  CHECK(chart["datasets"][1]["label"] == "</script>");
  CHECK(chart["datasets"][0]["data"] == nlohmann::json{0.5, 0.5});
  CHECK(chart["datasets"][1]["data"] == nlohmann::json{0.8, 0.2});
  CHECK(chart["datasets"][0]["borderColor"] != chart["datasets"][1]["borderColor"]);
  const demo::Histogram other = demo::histogram_of("h", "m", {0.1}, 0, 2, 3);
  CHECK_THROWS_WITH_AS(demo::histogram_chart({{"one", a}, {"two", other}}),
                       "histogram: 'h' of run 'one' has 2 bins in [0, 1], 'h' of run 'two' has 3 in [0, 2]; hint: "
                       "compare runs of one version",
                       FileError);
}

TEST_CASE("hyper-lstm: --compare lays the histograms of tanh(c) over each other, as figure 5 does") {
  const demo_test::TempFolder folder;
  std::ofstream text(folder.path / "text.txt");
  for (int i = 0; i < 200; ++i) text << "the quick brown fox, again " << i % 10 << "\n";
  text.close();
  const std::string out = " --out " + (folder.path / "runs").string();
  std::vector<fs::path> runs;
  for (const char* model : {"lstm", "layer-norm-hyper-lstm"}) {
    const Outcome outcome = demo_test::run_program(
        WEFT_HYPER_LSTM,
        "--quiet --epochs 1 --steps 3 --hidden-size 8 --hyper-size 4 --embedding-size 2 --length 10 "
        "--batch-size 8 --sample-length 40 --corpus file --text " +
            (folder.path / "text.txt").string() + " --model " + model + out);
    REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    runs.push_back(folder_of(outcome));
    const demo::Histogram kept = demo::read_histogram(runs.back() / "histogram.json");
    CHECK(kept.model == model);
    CHECK(std::accumulate(kept.counts.begin(), kept.counts.end(), int64_t{0}) == (1 + 40) * 8);  // prompt, text; units
    CHECK(histogram_in(contents(runs.back() / "report.html"))["data"]["datasets"].size() == 1);
  }
  const auto compare = [&] {
    return demo_test::run_program(WEFT_HYPER_LSTM, "--compare " + runs[0].string() + " " + runs[1].string() + out);
  };
  const auto page = [&] { return contents(folder.path / "runs/hyper-lstm/compare.html"); };
  REQUIRE(compare().code == 0);
  const auto datasets = histogram_in(page())["data"]["datasets"];
  REQUIRE(datasets.size() == 2);
  CHECK(datasets[0]["label"] == runs[0].filename().string() + " lstm");
  CHECK(datasets[1]["label"] == runs[1].filename().string() + " layer-norm-hyper-lstm");
  CHECK(datasets[0]["data"] != datasets[1]["data"]);
  for (const auto& dataset : datasets) CHECK(sum_of(dataset["data"]) == doctest::Approx(1));

  std::ofstream(runs[1] / "histogram.json") << "{";
  const Outcome damaged = compare();
  CHECK(damaged.code == 1);
  CHECK_MESSAGE(damaged.err == "'" + (runs[1] / "histogram.json").string() + "': no histogram\n", damaged.err);
  fs::remove(runs[1] / "histogram.json");  // as of a run that has not ended: the others' are drawn
  REQUIRE(compare().code == 0);
  CHECK(histogram_in(page())["data"]["datasets"].size() == 1);
  fs::remove(runs[0] / "histogram.json");
  REQUIRE(compare().code == 0);
  CHECK(page().find("new Chart('histogram'") == std::string::npos);
}
