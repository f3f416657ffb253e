// tests/datasets/text.cpp: vocabularies, streams of windows, corpora
#include <doctest/doctest.h>

#include "datasets/corpus.h"
#include "datasets/text_stream.h"
#include "datasets/vocabulary.h"
#include "tensor/create.h"
#include "tests/datasets/files.h"
#include "tests/datasets/holds.h"

namespace weft::test {
namespace {

using namespace datasets;
using Numbers = std::vector<int64_t>;

Tensor int64_range(int64_t n) { return arange(0, n, 1, {.dtype = DType::int64, .device = cpu}); }

}  // namespace

TEST_CASE("Vocabulary: bytes take any text") {
  const Vocabulary v = Vocabulary::bytes();
  CHECK(v.size() == 256);
  const std::string text("a\0\xFF\n", 4);
  const Tensor numbers = v.encode(text);
  CHECK(numbers.dtype() == DType::uint8);
  CHECK(numbers.to_vector<int64_t>() == Numbers{97, 0, 255, 10});
  CHECK(v.decode(numbers) == text);
  CHECK(v.encode("").shape() == Shape{0});
  CHECK(v.decode(v.encode("")).empty());
}

TEST_CASE("Vocabulary: the bytes of a text, in rising order, and no others") {
  const std::string text(
      "b\xFF"
      "a\0b",
      5);
  const Vocabulary v = Vocabulary::bytes(text);
  CHECK(v.size() == 4);
  CHECK(v.encode(text).dtype() == DType::uint8);
  CHECK(v.encode(text).to_vector<int64_t>() == Numbers{2, 3, 1, 0, 2});
  CHECK(v.decode(v.encode(text)) == text);
  CHECK(v.token(3) == "\xFF");
  CHECK(message([&] { v.encode("ab\xFE"); }) == "Vocabulary: byte 0xFE at 2 is not one of the 4 tokens");
  CHECK(Vocabulary::bytes("").size() == 0);
}

TEST_CASE("Vocabulary: characters are code points, sorted") {
  const std::string text = "b\u00e9a\u20acb\U0001F600";
  const Vocabulary v = Vocabulary::characters(text);
  CHECK(v.size() == 5);
  CHECK(v.token(0) == "a");
  CHECK(v.token(2) == "\u00e9");
  CHECK(v.token(4) == "\U0001F600");
  CHECK(v.encode(text).to_vector<int64_t>() == Numbers{1, 2, 0, 3, 1, 4});
  CHECK(v.decode(v.encode(text)) == text);
  CHECK(v.number("\u20ac") == 3);
  CHECK(v.contains("a"));
  CHECK_FALSE(v.contains("z"));
  holds(message([&] { v.encode("ab\u00e9z"); }), "Vocabulary: 'z' at byte 4 is not one of the 5 tokens; hint: Unknown");
  holds(message([&] { v.number("z"); }), "Vocabulary: 'z' is not one of the 5 tokens");
  const Vocabulary tolerant = Vocabulary::characters("ab", Unknown::replace);
  CHECK(tolerant.size() == 3);
  CHECK(tolerant.decode(tolerant.encode("a\u00e9b")) == "a\uFFFDb");
  CHECK(tolerant.number("z") == 2);
}

TEST_CASE("Vocabulary: what is no UTF-8 is refused with its place") {
  for (const std::string bad : {"\x80", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                "\xF0\x80\x80\x80", "\xE2\x82", "\xF5\x80\x80\x80", "\xFF", "\xF0\x9F\x98"}) {
    CAPTURE(bad.size());
    holds(message([&] { Vocabulary::characters("ab" + bad); }), "the text is not UTF-8: byte ");
    holds(message([&] { Vocabulary::characters("ab" + bad); }), "at position 2 begins no character");
  }
  CHECK(Vocabulary::characters("\xEE\x80\x80\xED\x9F\xBF\xF4\x8F\xBF\xBF\xF0\x90\x80\x80\xE0\xA0\x80").size() == 5);
}

TEST_CASE("Vocabulary: words by frequency, <eos> at each line's end") {
  const std::string text = " the cat \n the dog\n\na cat the";
  const Vocabulary v = Vocabulary::words(text);
  CHECK(v.token(0) == "<eos>");  // 4 lines
  CHECK(v.token(1) == "the");    // 3
  CHECK(v.token(2) == "cat");    // 2
  CHECK(v.token(3) == "a");      // 1, before dog
  CHECK(v.size() == 6);          // and <unk>
  const Tensor numbers = v.encode("the bird\ncat");
  CHECK(numbers.to_vector<int64_t>() == Numbers{1, v.number("<unk>"), 0, 2, 0});
  CHECK(v.decode(numbers) == "the <unk>\ncat\n");
  CHECK(v.decode(v.encode(text)) == "the cat\nthe dog\n\na cat the\n");
}

TEST_CASE("Vocabulary: words that are rare or too many become <unk>") {
  const std::string text = "a a a b b c\n";
  const Vocabulary few = Vocabulary::words(text, {.max_size = 3});
  CHECK(few.size() == 3);
  CHECK(few.contains("a"));
  CHECK_FALSE(few.contains("b"));
  const Vocabulary often = Vocabulary::words(text, {.min_count = 2});
  CHECK(often.contains("b"));
  CHECK_FALSE(often.contains("c"));
  const Vocabulary strict = Vocabulary::words(text, {.unknown = Unknown::refuse});
  CHECK_FALSE(strict.contains("<unk>"));
  holds(message([&] { strict.encode("a\nd"); }), "'d' at byte 2 is not one of the 4 tokens");
  holds(message([&] { Vocabulary::words(text, {.max_size = 1}); }), "max_size 1 has no room for the 2 special tokens");
  holds(message([&] { Vocabulary::words(text, {.min_count = 0}); }), "min_count 0 is not positive");
}

TEST_CASE("Vocabulary: a large one is int32; numbers out of range are refused") {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "w" + std::to_string(i) + " ";
  const Vocabulary v = Vocabulary::words(text);
  CHECK(v.encode("w1 w2").dtype() == DType::int32);
  holds(message([&] { v.token(302); }), "number 302 is out of range: there are 302 tokens");
  holds(message([&] { v.decode(tensor<int64_t>({-1})); }), "number -1 is out of range");
  holds(message([&] { v.decode(tensor<float>({1})); }), "decode needs integers, got [1] float32");
}

TEST_CASE("TextStream: rows go on from window to window, targets are a step ahead") {
  const TextStream stream(int64_range(24), {.batch_size = 2, .length = 4, .device = cpu});  // rows of 11
  REQUIRE(stream.size() == 3);
  Numbers row;
  for (int64_t i = 0; i < stream.size(); ++i) {
    const TextWindow window = stream[i];
    CHECK(window.first == (i == 0));
    CHECK(window.inputs.dtype() == DType::int64);
    CHECK(window.inputs.shape() == Shape{2, i < 2 ? 4 : 3});
    for (int64_t t = 0; t < window.inputs.size(1); ++t) {
      row.push_back(window.inputs.at<int64_t>({1, t}));
      CHECK(window.inputs.at<int64_t>({0, t}) == 4 * i + t);
      for (int64_t b = 0; b < 2; ++b)
        CHECK(window.targets.at<int64_t>({b, t}) == window.inputs.at<int64_t>({b, t}) + 1);
    }
  }
  CHECK(row == Numbers{11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21});
}

TEST_CASE("text_loader: walks epochs, and goes on in the middle of one") {
  const TextStream stream(int64_range(24), {.batch_size = 2, .length = 4, .device = cpu});  // 3 windows
  Loader<TextWindow> loader = text_loader(stream), other = text_loader(stream);
  const auto firsts = [](Loader<TextWindow>& windows) {
    std::vector<int64_t> first;
    for (const TextWindow& window : windows) first.push_back(static_cast<int64_t>(window.inputs.at({0, 0})));
    return first;
  };
  CHECK(firsts(loader) == std::vector<int64_t>{0, 4, 8});
  CHECK(firsts(loader) == std::vector<int64_t>{0, 4, 8});
  CHECK(loader.state() == LoaderState{0, 2, 0});
  other.load_state({0, 5, 2});
  CHECK(firsts(other) == std::vector<int64_t>{8});
  CHECK(other.state() == LoaderState{0, 6, 0});
  for (const TextWindow& window : other) {
    CHECK(window.first);
    break;  // left early: the next loop is the next epoch
  }
  CHECK(firsts(other) == std::vector<int64_t>{0, 4, 8});
  holds(message([&] { other.load_state({0, 0, 4}); }), "no place: batch 4 of epoch 0; there are 3 batches");
}

TEST_CASE("TextStream: the smallest texts, drop_last, small dtypes, errors") {
  const TextStream smallest(int64_range(2), {.batch_size = 1, .length = 100});
  CHECK(smallest.size() == 1);
  CHECK(smallest[0].targets.to_vector<int64_t>() == Numbers{1});
  const TextStream dropped(int64_range(24).to(DType::uint8), {.batch_size = 2, .length = 4, .drop_last = true});
  CHECK(dropped.size() == 2);
  CHECK(dropped[1].inputs.to_vector<int64_t>() == Numbers{4, 5, 6, 7, 15, 16, 17, 18});
  holds(message([&] { dropped[2]; }), "TextStream: window 2 is out of range: there are 2");
  holds(message([&] { dropped[-1]; }), "window -1 is out of range");
  const auto refused = [](const Tensor& tokens, const TextStreamOptions& options) {
    return message([&] { TextStream(tokens, options); });
  };
  holds(refused(int64_range(4).reshape({2, 2}), {}), "tokens must be integers [n], got [2, 2] int64");
  holds(refused(zeros({9}), {}), "tokens must be integers [n], got [9] float32");
  holds(refused(int64_range(9), {.batch_size = 0}), "batch_size 0 is not positive");
  holds(refused(int64_range(9), {.batch_size = 1, .length = 0}), "length 0 is not positive");
  holds(refused(int64_range(9), {.batch_size = 9}), "9 tokens make 9 rows of 0 steps, fewer than the 1 of a window");
  holds(refused(int64_range(9), {.batch_size = 2, .length = 5, .drop_last = true}),
        "rows of 4 steps, fewer than the 5");
  holds(refused(int64_range(0), {.batch_size = 1}), "0 tokens make");
}

TEST_CASE("split_text cuts by bytes, never inside a character") {
  const Corpus parts = split_text("abcdefghij", {5, 3, 1});
  CHECK(parts.train == "abcde");
  CHECK(parts.valid == "fgh");
  CHECK(parts.test == "i");
  const Corpus moved = split_text("ab\u20accd", {3, 2, 2});  // 3 would be inside the euro sign
  CHECK(moved.train == "ab");
  CHECK(moved.valid == "\u20ac");
  CHECK(moved.test == "cd");
  CHECK(split_text("\x80\x80\x80\x80\x80\x80", {5, 1, 0}).train.size() == 5);
  CHECK(split_text("", {0, 0, 0}).train.empty());
  holds(message([] { split_text("abc", {2, 1, 1}); }), "split_text: the parts 2 + 1 + 1 are more than the 3 bytes");
  holds(message([] { split_text("abc", {-1, 1, 1}); }), "split_text: size -1 is negative");
}

TEST_CASE("split_rows shares memory") {
  const Tensor x = int64_range(10);
  const std::vector<Tensor> parts = split_rows(x, {6, 0, 3});
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].shares_storage_with(x));
  CHECK(parts[1].shape() == Shape{0});
  CHECK(parts[2].to_vector<int64_t>() == Numbers{6, 7, 8});
  holds(message([&] { split_rows(x, {6, 5}); }), "split_rows: the parts 6 + 5 are more than the 10 rows");
  holds(message([&] { split_rows(scalar(1), {1}); }), "has no rows");
}

TEST_CASE("load_ptb: three files, plain or gzip, in the folder or ptb/") {
  const TempFolder folder;
  folder.write("ptb/ptb.train.txt", bytes_of(" a b \n"));
  folder.write("ptb/ptb.valid.txt.gz", gzip(bytes_of(" b \n")));
  holds(thrown<FileError>([&] { load_ptb(folder.path.string()); }), "holds ptb.train.txt, but not ptb.test.txt");
  folder.write("ptb/ptb.test.txt", bytes_of(" a \n"));
  const Corpus corpus = load_ptb(folder.path.string());
  CHECK(corpus.train == " a b \n");
  CHECK(corpus.valid == " b \n");
  CHECK(corpus.test == " a \n");
  CHECK_FALSE(corpus.recognised);
  CHECK(corpus.name == "ptb");
  CHECK(load_ptb((folder.path / "ptb").string()).train == corpus.train);
  std::filesystem::create_directory(folder.path / "none");
  holds(thrown<FileError>([&] { load_ptb((folder.path / "none").string()); }),
        "load_ptb: ptb.train.txt not found; looked");
  const auto loop = folder.path / "bad/ptb.train.txt";
  std::filesystem::create_directories(loop.parent_path());
  std::filesystem::create_symlink(loop, loop);
  holds(thrown<FileError>([&] { load_ptb((folder.path / "bad").string()); }), "cannot be read: Too many levels");
}

TEST_CASE("load_enwik8 wants exactly its bytes; load_text takes any") {
  const TempFolder folder;
  const auto file = folder.write("enwik8/enwik8", bytes_of("<mediawiki"));
  holds(thrown<FileError>([&] { load_enwik8(folder.path.string()); }), "holds 10 bytes, enwik8 has 100000000");
  std::filesystem::create_directory(folder.path / "none");
  holds(thrown<FileError>([&] { load_enwik8((folder.path / "none").string()); }), "load_enwik8: enwik8 not found");
  CHECK(load_text(file) == "<mediawiki");
  holds(thrown<FileError>([&] { load_text(folder.path); }),
        "load_text: '" + folder.path.string() + "': is not a plain");
  // The right size, from a file without blocks on the disk.
  std::filesystem::resize_file(file, 100000000);
  const Corpus corpus = load_enwik8((folder.path / "enwik8").string());
  CHECK(corpus.recognised);
  CHECK(corpus.train.size() == 90000000);
  CHECK(corpus.valid.size() == 5000000);
  CHECK(corpus.test.size() == 5000000);
  CHECK(corpus.train.substr(0, 10) == "<mediawiki");
}

TEST_CASE("lines_of and pad_sequences") {
  CHECK(lines_of("a\r\n\nb\rc\nd") == std::vector<std::string>{"a", "", "b\rc", "d"});
  CHECK(lines_of("").empty());
  CHECK(lines_of("a\n") == std::vector<std::string>{"a"});
  const PaddedBatch batch = pad_sequences({int64_range(3), int64_range(0).to(DType::uint8), int64_range(1)}, -1, cpu);
  CHECK(batch.tokens.shape() == Shape{3, 3});
  CHECK(batch.tokens.to_vector<int64_t>() == Numbers{0, 1, 2, -1, -1, -1, 0, -1, -1});
  CHECK(batch.lengths.to_vector<int64_t>() == Numbers{3, 0, 1});
  holds(message([] { pad_sequences({}, 0); }), "pad_sequences: there are no sequences");
  holds(message([] { pad_sequences({zeros({2})}, 0); }), "a sequence must be integers [length], got [2] float32");
}

TEST_CASE("the real Penn Treebank") {
  const char* data = std::getenv("WEFT_TEST_DATA");
  if (data == nullptr || !std::filesystem::exists(std::filesystem::path(data) / "ptb")) {
    MESSAGE("skipped: the real Penn Treebank: WEFT_TEST_DATA has no folder ptb");
    return;
  }
  const Corpus corpus = load_ptb(data);
  CHECK(corpus.recognised);
  CHECK(corpus.name == "Penn Treebank");
  const Vocabulary words = Vocabulary::words(corpus.train);
  CHECK(words.size() == 10000);
  CHECK(words.token(0) == "the");
  CHECK(words.encode(corpus.train).numel() == 929589);  // the published number of training tokens
  CHECK(words.encode(corpus.valid).numel() == 73760);
  CHECK(words.encode(corpus.test).numel() == 82430);
  CHECK(Vocabulary::characters(corpus.train).size() == 50);
  CHECK(words.decode(words.encode(" pierre <unk> N \n")) == "pierre <unk> N\n");
}

}  // namespace weft::test
