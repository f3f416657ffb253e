// tests/datasets/error_words.cpp: the words of errors that other tests bring about for another reason, or not at all
#include "datasets/csv.h"
#include "datasets/image_file.h"
#include "datasets/sampler.h"
#include "tests/datasets/holds.h"

namespace weft::test {

TEST_CASE("words of errors: datasets") {
  using namespace datasets;
  RandomStream stream(1, 0);
  holds(message([] { Csv::parse("a", "it", {.separator = '"'}); }),
        "byte 34 cannot be a separator; hint: ',', ';' or a tab");
  holds(message([] { sequential(-1); }), "sequential: n is -1, and must be 0 or more");
  holds(message([&] { shuffled(-2, stream); }), "shuffled: n is -2, and must be 0 or more");
  const Bytes signature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  const Bytes end{0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xAE, 0x42, 0x60, 0x82};
  for (const DecodeImages where : {DecodeImages::in_process, DecodeImages::in_sandbox})
    holds(message([&] { decode_image(signature + end, "it", 3, where); }),
          "load_image: 'it': has no readable header: damaged (");
  const TempFolder folder;
  const auto path = folder.write("a.png", gzip(signature + end));
  holds(message([&] { load_image(path); }), "a.png': is gzip; hint: only PNG and JPEG are read, unpack it");
}

}  // namespace weft::test
