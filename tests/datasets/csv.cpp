// tests/datasets/csv.cpp: the grammar of RFC 4180, and errors that name line and column
#include "datasets/csv.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tensor/random.h"
#include "tests/datasets/files.h"
#include "tests/datasets/holds.h"

namespace weft::test {
namespace {

using namespace datasets;

std::vector<std::string> row_of(const Csv& table, int64_t row) {
  std::vector<std::string> fields;
  for (int64_t c = 0; c < table.columns(); ++c) fields.push_back(table.at(row, c));
  return fields;
}

std::string csv_refusal(const std::string& text, CsvOptions options = {}) {
  return thrown<Error>([&] { Csv::parse(text, "t.csv", options); });
}

std::string in_quotes(const std::string& field) {
  std::string text = "\"";
  for (const char c : field) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

constexpr CsvOptions kBare{.header = CsvHeader::absent};

}  // namespace

TEST_CASE("Csv: header, quotes, line ends") {
  const Csv table = Csv::parse("\xEF\xBB\xBFname,x\r\n\"a, \"\"b\"\"\nc\",1\r\n\r\nd,\n,\"\"", "t.csv");
  CHECK(table.header() == std::vector<std::string>{"name", "x"});
  REQUIRE(table.rows() == 3);
  CHECK(table.columns() == 2);
  CHECK(row_of(table, 0) == std::vector<std::string>{"a, \"b\"\nc", "1"});
  CHECK(row_of(table, 1) == std::vector<std::string>{"d", ""});
  CHECK(row_of(table, 2) == std::vector<std::string>{"", ""});
  CHECK(table.column("x") == 1);
  const Csv tabs = Csv::parse("1\t2,5\n", "t.tsv", {.header = CsvHeader::absent, .separator = '\t'});
  CHECK(row_of(tabs, 0) == std::vector<std::string>{"1", "2,5"});
  CHECK(Csv::parse("a,b\n").rows() == 0);
  CHECK(Csv::parse("", "empty", kBare).rows() == 0);
  CHECK(row_of(Csv::parse("a\rb,c", "t", kBare), 0) == std::vector<std::string>{"a\rb", "c"});
}

TEST_CASE("Csv: numbers by name and by position") {
  const Csv table = Csv::parse("x,y,z\n1,-2.5e1,nan\n +3 ,\t4,inf\n");
  CHECK(table.numbers({"y", "x"}).to_vector<float>() == std::vector<float>{-25, 1, 4, 3});
  const Tensor z = table.numbers(std::vector<int64_t>{2});
  CHECK(z.shape() == Shape{2, 1});
  CHECK(z.dtype() == DType::float32);
  CHECK(std::isnan(z.at<float>({0, 0})));
  CHECK(std::isinf(z.at<float>({1, 0})));
  CHECK(Csv::parse("x\n").numbers({"x"}).shape() == Shape{0, 1});
  const std::vector<float> small =
      Csv::parse("x\n1e-40\n1e-60\n-1e-4000\n0.0000e99999\n").numbers({"x"}).to_vector<float>();
  CHECK(small == std::vector<float>{1e-40f, 0, 0, 0});
  CHECK(std::signbit(small[2]));
}

TEST_CASE("Csv: class labels, and those of another table") {
  const Csv train = Csv::parse("k,x\ndog,1\ncat,2\ndog,3\n"), test = Csv::parse("dog\ncat\n", "t", kBare);
  const CsvLabels labels = train.labels("k");
  CHECK(labels.classes == std::vector<std::string>{"cat", "dog"});
  CHECK(labels.labels.to_vector<int64_t>() == std::vector<int64_t>{1, 0, 1});
  CHECK(test.labels(0, labels.classes).to_vector<int64_t>() == std::vector<int64_t>{1, 0});
  CHECK(test.labels(0, {"dog", "cat", "dog"}).to_vector<int64_t>() == std::vector<int64_t>{0, 1});
  holds(thrown<FileError>([&] { Csv::parse("dog\n\nbird", "t.csv", kBare).labels(0, labels.classes); }),
        "Csv: 't.csv': line 3, column 1: 'bird' is none of the 2 classes");
}

TEST_CASE("Csv: errors name file, line and column") {
  holds(csv_refusal("a,b\n1,2\n\n1,2,3\n"), "Csv: 't.csv': line 4: 3 fields, the first record has 2");
  holds(csv_refusal("a,b\n\"x\ny\",\"z"), "'t.csv': line 3, column 2: the quote that opens here is never closed");
  holds(csv_refusal("a,b\n1,\"2\" \n"),
        "line 2, column 2: text after the closing quote; hint: a quote inside is written");
  holds(csv_refusal("a,b\n1,2\"\n"), "line 2, column 2: a quote inside a field that does not begin with one");
  holds(csv_refusal("a,,b\n"), "line 1, column 2: the column has no name");
  holds(csv_refusal("a,b,a\n"), "line 1, column 3: 'a' names an earlier column too");
  holds(csv_refusal(""), "'t.csv': holds no header");
  holds(csv_refusal("a", {.separator = '"'}), "Csv: byte 34 cannot be a separator");
  const Csv table = Csv::parse("a,b\n1,x\n1e99,\n", "t.csv");
  holds(thrown<FileError>([&] { table.numbers({"b"}); }), "'t.csv': line 2, column 2: 'x' is no number");
  holds(thrown<FileError>([&] { table.numbers({"a"}); }), "line 3, column 1: '1e99' is beyond the range of float32");
  holds(thrown<FileError>([&] { table.column("c"); }), "no column is called 'c'; hint: there are a, b");
  holds(thrown<FileError>([&] { table.at(2, 0); }), "row 2 is out of range: there are 2, from 0");
  holds(thrown<FileError>([&] { table.at(0, 2); }), "column number 2 is out of range: there are 2, from 0");
  holds(thrown<FileError>([&] { table.numbers(std::vector<int64_t>{-1}); }), "column number -1 is out of range");
  holds(thrown<FileError>([&] { Csv::parse("1", "t.csv", kBare).column("a"); }),
        "has no header: no column is called 'a'");
  for (const char* text : {"1x", "", "+", "+-1", "1 2", "0x10", "--1"}) {
    const Csv one = Csv::parse(in_quotes(text), "t.csv", kBare);
    CHECK_MESSAGE(
        thrown<FileError>([&] { one.numbers(std::vector<int64_t>{0}); }).find("is no number") != std::string::npos,
        text);
  }
  for (const char* text : {"1e39", "-1e39", "1e4000"}) {
    const Csv one = Csv::parse(text, "t.csv", kBare);
    holds(thrown<FileError>([&] { one.numbers(std::vector<int64_t>{0}); }), "is beyond the range of float32");
  }
  const TempFolder folder;
  holds(thrown<FileError>([&] { Csv::load(folder.path / "none.csv"); }), "none.csv': no such file");
  CHECK(Csv::load(folder.write("t.csv.gz", gzip({'a', '\n', '1'}))).rows() == 1);
}

TEST_CASE("Csv: random tables come back as they were written") {
  RandomStream random(1, 0);
  constexpr std::string_view kLetters = "ab,\"\n\r ;";
  for (int trial = 0; trial < 300; ++trial) {
    const int64_t rows = random.below(4), columns = 1 + random.below(3);
    std::vector<std::vector<std::string>> table;
    std::string text;
    for (int64_t i = 0; i < rows; ++i) {
      table.emplace_back();
      for (int64_t j = 0; j < columns; ++j) {
        std::string field;
        for (int64_t n = random.below(5); n > 0; --n) field += kLetters[random.below(kLetters.size())];
        table.back().push_back(field);
        text += (j > 0 ? "," : "") + in_quotes(field);
      }
      text += random.below(2) == 0 ? "\n" : "\r\n";
    }
    const Csv parsed = Csv::parse(text, "t", kBare);
    REQUIRE(parsed.rows() == rows);
    for (int64_t i = 0; i < rows; ++i) CHECK(row_of(parsed, i) == table[static_cast<size_t>(i)]);
  }
}

TEST_CASE("Csv: any bytes give a table or an error, nothing else") {
  RandomStream random(2, 0);
  constexpr std::string_view kLetters = "a1,\"\n\r";
  int64_t tables = 0, errors = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    std::string text;
    for (int64_t n = random.below(12); n > 0; --n) text += kLetters[random.below(kLetters.size())];
    try {
      const Csv table = Csv::parse(text, "t", kBare);
      for (int64_t i = 0; i < table.rows(); ++i) CHECK(row_of(table, i).size() == static_cast<size_t>(table.columns()));
      ++tables;
    } catch (const FileError&) {
      ++errors;
    }
  }
  CHECK(tables > 100);
  CHECK(errors > 100);
}

}  // namespace weft::test
