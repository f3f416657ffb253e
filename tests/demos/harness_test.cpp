// tests/demos/harness_test.cpp: what all demos share: spelling, tables, pictures, the run folder
#include <doctest/doctest.h>

#include <cmath>
#include <iterator>

#include "hyper/demos/harness/chart.h"
#include "hyper/demos/harness/png.h"
#include "hyper/demos/harness/run_folder.h"
#include "hyper/demos/harness/spelling.h"
#include "hyper/demos/harness/table.h"
#include "tensor/create.h"
#include "tests/demos/tiny_mnist.h"

using namespace weft;
namespace fs = std::filesystem;

TEST_CASE("spelling: the nearest word wins, and none that is far off") {
  CHECK(demo::edit_distance("kitten", "sitting") == 3);
  CHECK(demo::edit_distance("", "abc") == 3);
  CHECK(demo::edit_distance("same", "same") == 0);
  CHECK(demo::nearest("--sed", {"--data", "--seed", "--epochs"}) == "--seed");
  CHECK(demo::nearest("--xyzxyzxyz", {"--data", "--seed"}).empty());
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
  const demo::RunFolder run({.name = "demo", .about = "", .presets = {}, .lr = 1}, options, {}, {});
  fs::create_directories(run.path() / "taken" / "by a folder");
  CHECK_THROWS_WITH_AS(run.write("taken", "bytes"), doctest::Contains("taken"), demo::WriteError);
  CHECK_THROWS_WITH_AS(run.write("no/such", "bytes"), doctest::Contains("No such file"), demo::WriteError);
  CHECK(std::distance(fs::directory_iterator(run.path()), {}) == 3);  // config.json, metrics.jsonl, the folder
}

TEST_CASE("svg_chart: leaves out what a logarithm cannot show, and escapes names") {
  const std::string svg =
      demo::svg_chart({"a < b", "x", "y"}, {{"c & d", "red", demo::Stroke::solid, {{1, 0}, {2, 3}}}});
  CHECK(svg.find("a &lt; b") != std::string::npos);
  CHECK(svg.find("c &amp; d") != std::string::npos);
  CHECK(svg.find("nan") == std::string::npos);
  CHECK(svg.find("inf") == std::string::npos);
  CHECK(demo::smoothed({{1, 2}, {3, 4}, {5, 6}}, 2) == std::vector<std::pair<double, double>>{{2, 3}, {5, 6}});
}
