// tests/bench/results_test.cpp: results of weft-bench are read with suspicion, compared, and drawn
#include "bench/results/results.h"

#include <doctest/doctest.h>

#include <fstream>

#include "bench/results/command.h"
#include "bench/results/diff.h"
#include "bench/results/duration.h"
#include "bench/results/page.h"
#include "bench/results/roofline.h"
#include "tensor/program/program.h"
#include "tests/tensor/temp_folder.h"

using namespace weft;

namespace {

/// One repetition as Google Benchmark writes it.
std::string repetition(const std::string& run, double microseconds, const std::string& more = "") {
  return fmt::format(R"({{"run_name": "{}/real_time", "run_type": "iteration", "real_time": {}, "time_unit": "us"{}}})",
                     run, microseconds, more);
}

std::string file_of(const std::vector<std::string>& benchmarks, const std::string& threads = "2") {
  return fmt::format(
      R"({{"context": {{"date": "today", "num_cpus": 2, "caches": [], "weft threads": "{}"}}, "benchmarks": [{}]}})",
      threads, fmt::join(benchmarks, ", "));
}

/// Files of results in a folder that goes with it.
struct ResultFiles {
  std::string add(const std::string& name, const std::string& text) {
    const std::string path = (folder.path / name).string();
    std::ofstream(path) << text;
    return path;
  }
  bench::Results load(const std::string& text) { return bench::load_results(add("results.json", text)); }
  TempFolder folder;
};

const std::string kRefused =
    R"({"run_name": "conv/1/cpu/real_time", "run_type": "iteration", "error_occurred": true, "error_message": "wrong"})";
const std::string kMean =
    R"({"run_name": "add/8/cpu/real_time", "run_type": "aggregate", "real_time": 1e9, "time_unit": "us"})";

}  // namespace

TEST_CASE("results: repetitions make a case, aggregates and refusals no times") {
  ResultFiles files;
  const bench::Results results = files.load(file_of(
      {repetition("add/8/cpu", 30, R"(, "GB": 1.5)"), repetition("add/8/cpu", 10, R"(, "GB": 4.5)"),
       repetition("add/8/cpu", 20, R"(, "GB": 2.5, "GFLOP": 7)"), kMean, kRefused, repetition("add/8/reference", 50)}));
  REQUIRE(results.cases.size() == 3);
  const bench::Measured& add = results.cases[0];
  CHECK(add.name == "add/8");
  CHECK(add.device == "cpu");
  REQUIRE(add.times.size() == 3);
  CHECK(add.times.front() == doctest::Approx(10e-6));
  CHECK(add.median() == doctest::Approx(20e-6));
  CHECK(add.spread() == doctest::Approx(1));
  CHECK(add.gbytes == 2.5);
  CHECK(add.gflops == 7);
  CHECK(results.cases[1].name == "conv/1");
  CHECK(results.cases[1].times.empty());
  CHECK(results.cases[2].device == "reference");
  CHECK(results.context ==
        std::map<std::string, std::string>{{"date", "today"}, {"num_cpus", "2"}, {"weft threads", "2"}});
}

TEST_CASE("results: the median of an even number is the mean of the middle two; units are units") {
  ResultFiles files;
  const std::string in_ms =
      R"({"run_name": "a/cpu/real_time", "run_type": "iteration", "real_time": 3, "time_unit": "ms"})";
  const std::string in_ns =
      R"({"run_name": "a/cpu/real_time", "run_type": "iteration", "real_time": 1e6, "time_unit": "ns"})";
  CHECK(files.load(file_of({in_ms, in_ns})).cases[0].median() == doctest::Approx(2e-3));
  CHECK(bench::duration(12.34e-6) == "12.34 us");
  CHECK(bench::duration(5e-9) == "5 ns");
  CHECK(bench::duration(0.25) == "250 ms");
  CHECK(bench::duration(2) == "2 s");
}

TEST_CASE("results: files of no use say why") {
  ResultFiles files;
  CHECK_THROWS_WITH_AS(bench::load_results("no/such/file.json"), doctest::Contains("file.json: cannot be read; hint: "),
                       UsageError);
  const auto refused = [&](const std::string& text, const char* fact) {
    CHECK_THROWS_WITH_AS(files.load(text), doctest::Contains(fact), UsageError);
  };
  refused("", "is not JSON with a list of benchmarks");
  refused("[1]", "is not JSON with a list of benchmarks");
  refused(R"({"benchmarks": 3})", "is not JSON with a list of benchmarks");
  refused(R"({"benchmarks": [3]})", "has a benchmark without a name");
  refused(R"({"benchmarks": [{"run_name": 7}]})", "has a benchmark without a name");
  refused(file_of({repetition("add/8/cpu", 0)}), "'add/8/cpu/real_time' has no time");
  refused(file_of({repetition("add/8/cpu", -1)}), "'add/8/cpu/real_time' has no time");
  refused(R"({"benchmarks": [{"run_name": "a", "run_type": "iteration", "real_time": 1, "time_unit": "h"}]})",
          "'a' has no time");
  refused(file_of({}), "holds no time");
  refused(file_of({kMean, kRefused}), "holds no time");
}

TEST_CASE("diff: ratios of medians, what got faster first, chance marked") {
  ResultFiles files;
  const bench::Results a =
      files.load(file_of({repetition("slower/cpu", 10), repetition("slower/cpu", 12), repetition("faster/cpu", 100),
                          repetition("equal/cpu", 10), repetition("equal/cpu", 14), repetition("gone/cpu", 1)}));
  const bench::Results b =
      files.load(file_of({repetition("slower/cpu", 22), repetition("faster/cpu", 50), repetition("equal/cpu", 13),
                          repetition("equal/cpu", 15), repetition("new/cpu", 1), kRefused},
                         "1"));
  CHECK(bench::diff(a, b) ==
        "case                 A           B    B / A   spread A  spread B\n"
        "faster/cpu      100 us       50 us    0.500          -         -\n"
        "equal/cpu        12 us       14 us    1.167 ~     33 %      14 %\n"
        "slower/cpu       11 us       22 us    2.000       18 %         -\n"
        "only A has timed gone/cpu\n"
        "only B has timed new/cpu\n"
        "weft threads: A 2; B 1\n");
  const bench::Results other = files.load(file_of({repetition("other/cpu", 1)}));
  CHECK_THROWS_WITH_AS(bench::diff(a, other), doctest::Contains("no case in common"), UsageError);
  const auto clocked = [&](const std::string& clock) {
    return files.load(R"({"context": {"mhz_per_cpu": )" + clock + R"(, "num_cpus": 2}, "benchmarks": [)" +
                      repetition("a/cpu", 1) + "]}");
  };
  const std::string alike = bench::diff(clocked("2445"), clocked("2444"));
  CHECK_MESSAGE(alike.find("mhz") == std::string::npos, alike);
}

TEST_CASE("page: bars of what is counted, numbers, refusals, context") {
  ResultFiles files;
  const std::string html = bench::page(files.load(file_of(
      {repetition("matmul/2<3/cpu", 5, R"(, "GFLOP": 40)"), repetition("matmul/2<3/reference", 50, R"(, "GFLOP": 4)"),
       repetition("matmul/9/cpu", 6, R"(, "GFLOP": 41)"), repetition("add/8/cpu", 7, R"(, "GB": 3)"),
       repetition("sort/8/cpu", 7, R"(, "GB": 3)"), repetition("sort/9/cpu", 8), kRefused})));
  const auto holds = [&](const char* text) { return html.find(text) != std::string::npos; };
  CHECK(holds("Chart.js v3"));
  CHECK(holds(R"("labels":["2<3","9"])"));
  CHECK(holds(R"("label":"cpu","data":[40.0,41.0])"));
  CHECK(holds(R"("label":"reference","data":[4.0,null])"));
  CHECK(holds("GFLOP/s (log scale)"));
  CHECK(holds("GB/s (log scale)"));
  CHECK(holds("microseconds (log scale)"));  // one of the sorts counts no bytes
  CHECK(holds("<td>matmul/2&lt;3</td><td>cpu</td><td>5 us</td>"));
  CHECK(holds("<tr><td>conv/1</td><td>cpu</td></tr>"));
  CHECK(holds("<td>weft threads</td><td>2</td>"));
}

TEST_CASE("page: a family that moves more bytes than it does operations has bars of GB/s") {
  ResultFiles files;
  const auto shows = [&](double gflops, const char* score) {
    const std::string more = fmt::format(R"(, "GFLOP": {}, "GB": 4)", gflops);
    const std::string html = bench::page(files.load(file_of({repetition("add/8/cpu", 7, more)})));
    return html.find(fmt::format("\"text\":\"{} (log scale)\"", score)) != std::string::npos;
  };
  CHECK(shows(1, "GB/s"));
  CHECK_FALSE(shows(1, "GFLOP/s"));
  CHECK(shows(4, "GFLOP/s"));
}

TEST_CASE("roofline: the roof is what the peaks of that device measured, and bends where they meet") {
  ResultFiles files;
  const bench::Results results = files.load(
      file_of({repetition("peak/fma/cpu", 1, R"(, "GFLOP": 100)"), repetition("peak/triad/cpu", 1, R"(, "GB": 20)"),
               repetition("peak/slower/cpu", 1, R"(, "GFLOP": 3, "GB": 2)"),
               repetition("peak/fma/cuda:0", 1, R"(, "GFLOP": 900)"), repetition("peaky/cpu", 1, R"(, "GFLOP": 999)"),
               repetition("add/8/cpu", 1, R"(, "GFLOP": 1, "GB": 4)")}));
  const bench::Roof roof = bench::roof_of(results, "cpu");
  CHECK(roof.measured());
  CHECK(roof.gflops == 100);
  CHECK(roof.gbytes == 20);
  CHECK(roof.ridge() == 5);
  CHECK(roof.at(0.25) == 5);
  CHECK(roof.at(5) == 100);
  CHECK(roof.at(50) == 100);
  CHECK_FALSE(bench::roof_of(results, "cuda:0").measured());
  CHECK(bench::intensity(results.cases.back()) == 0.25);
  CHECK(bench::intensity(results.cases[0]) == 0);
  CHECK(bench::intensity(results.cases[1]) == 0);
}

TEST_CASE("roofline: a dot and a row for each case that counts FLOPs and bytes") {
  ResultFiles files;
  const std::vector<demo::Section> sections = bench::rooflines(files.load(
      file_of({repetition("peak/fma/cpu", 1, R"(, "GFLOP": 100)"), repetition("peak/triad/cpu", 1, R"(, "GB": 20)"),
               repetition("matmul/9/cpu", 5, R"(, "GFLOP": 80, "GB": 8)"),
               repetition("matmul/2<3/cpu", 5, R"(, "GFLOP": 30, "GB": 15)"),
               repetition("add/8/cpu", 7, R"(, "GFLOP": 6, "GB": 24)"), repetition("exp/8/cpu", 7, R"(, "GB": 3)"),
               repetition("add/8/reference", 9, R"(, "GFLOP": 1, "GB": 4)"), kRefused})));
  REQUIRE(sections.size() == 1);
  CHECK(sections[0].title == "Roofline: cpu");
  const std::string& html = sections[0].html;
  const auto holds = [&](const char* text) { return html.find(text) != std::string::npos; };
  CHECK(holds("Measured in this run, 2 threads: 100.0 GFLOP/s, 20.0 GB/s, which meet at 5 FLOPs a byte."));
  // From half of the least intensity to twice the largest; the ridge lies between.
  CHECK(holds(R"("data":[{"x":0.125,"y":2.5},{"x":5.0,"y":100.0},{"x":20.0,"y":100.0}])"));
  CHECK(holds(R"({"label":"add/8","data":[{"x":0.25,"y":6.0}],"backgroundColor":"#1f77b4")"));
  CHECK(holds(R"({"label":"matmul/2<3","data":[{"x":2.0,"y":30.0}],"backgroundColor":"#d62728")"));
  CHECK(holds(R"({"label":"matmul/9","data":[{"x":10.0,"y":80.0}],"backgroundColor":"#d62728")"));
  CHECK(holds("<span style=\"color:#d62728\">&#9679;</span> matmul"));
  CHECK(
      holds("<tr><td>add/8</td><td>0.25</td><td>6.0</td><td>5.0</td><td>120 %</td><td>memory</td></tr>"
            "<tr><td>matmul/2&lt;3</td><td>2</td><td>30.0</td><td>40.0</td><td>75 %</td><td>memory</td></tr>"
            "<tr><td>matmul/9</td><td>10</td><td>80.0</td><td>100.0</td><td>80 %</td><td>arithmetic</td></tr>"
            "</table>"));
  CHECK_FALSE(holds("exp/8"));
  CHECK_FALSE(holds("peak/"));
}

TEST_CASE("roofline: what is missing is said") {
  ResultFiles files;
  const auto said = [&](std::vector<std::string> benchmarks) {
    const std::string html = bench::page(files.load(file_of(benchmarks)));
    const size_t start = html.find("<p>Not drawn: ");
    return start == std::string::npos ? "" : html.substr(start, html.find("</p>", start) - start);
  };
  const std::string add = repetition("add/8/cpu", 7, R"(, "GFLOP": 6, "GB": 24)");
  const std::string fma = repetition("peak/fma/cpu", 1, R"(, "GFLOP": 100)");
  const std::string triad = repetition("peak/triad/cpu", 1, R"(, "GB": 20)");
  CHECK(said({add, fma, triad}) == "");
  CHECK(said({add}) ==
        "<p>Not drawn: this run has not measured the peaks (arithmetic, memory) of cpu; hint: let --benchmark_filter "
        "take in the cases named peak/.");
  CHECK(said({add, fma}).starts_with("<p>Not drawn: this run has not measured the memory of cpu; hint: "));
  CHECK(said({add, triad}).starts_with("<p>Not drawn: this run has not measured the peak arithmetic of cpu; hint: "));
  CHECK(said({fma, triad}) == "<p>Not drawn: no case of this run counts both FLOPs and bytes.");
}

TEST_CASE("command: exit code 2 for files of no use and for other words; a page is a file") {
  ResultFiles files;
  const std::string good = files.add("good.json", file_of({repetition("add/8/cpu", 7)}));
  const std::string bad = files.add("bad.json", "{}");
  const std::string html = (files.folder.path / "bench.html").string();
  const auto exit_code = [](const std::vector<std::string>& words) {
    return run_program("weft-bench", [&] { bench::command(words); });
  };
  CHECK(exit_code({"diff", good, good}) == 0);
  CHECK(exit_code({"diff", good, bad}) == 2);
  CHECK(exit_code({"diff", bad, good}) == 2);
  CHECK(exit_code({"diff", good, "no/such/file.json"}) == 2);
  CHECK(exit_code({"diff", good}) == 2);
  CHECK(exit_code({"page", bad, html}) == 2);
  CHECK_FALSE(std::filesystem::exists(html));
  CHECK(exit_code({"page", good, html}) == 0);
  CHECK(std::filesystem::file_size(html) > 100'000);  // the script is in it
  CHECK_THROWS_WITH_AS(bench::command({"dif", good}), doctest::Contains("is no command; hint: serve CASE FILE"),
                       UsageError);
}
