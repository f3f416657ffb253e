// tests/fuzz/csv.cpp: tables of comma-separated values
#include "datasets/csv.h"

#include "tests/fuzz/target.h"

std::vector<weft::fuzz::Bytes> weft::fuzz::seeds() {
  return {bytes_of("a,b,c\n1,2.5,x\n-3e4,nan,\"y, \"\"z\"\"\n\"\"\n"),
          bytes_of("\xEF\xBB\xBF\"a\r\nb\",c\r\n1,2\r\n\r\n3,4"), bytes_of("0\n")};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace weft::datasets;
  return weft::fuzz::reads_or_refuses([&] {
    const Csv table = Csv::parse({reinterpret_cast<const char*>(bytes), size}, "it",
                                 {.header = size % 2 == 0 ? CsvHeader::present : CsvHeader::absent});
    int64_t characters = 0;
    for (int64_t row = 0; row < table.rows(); ++row)
      for (int64_t column = 0; column < table.columns(); ++column) characters += std::ssize(table.at(row, column));
    weft::fuzz::must(characters <= static_cast<int64_t>(size), "fields are no longer than their file");
    for (int64_t column = 0; column < table.columns(); ++column) {
      weft::fuzz::must(table.labels(column).labels.numel() == table.rows(), "every row has a label");
      weft::fuzz::must(table.numbers(std::span(&column, 1)).numel() == table.rows(), "every row has a number");
    }
  });
}
