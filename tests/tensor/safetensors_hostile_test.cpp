// tests/tensor/safetensors_hostile_test.cpp: files made to hurt, each with the words of its refusal
#include <doctest/doctest.h>

#include "tests/tensor/safetensors_bytes.h"

using namespace weft;

namespace {

std::string repeated(const std::string& text, int64_t times) {
  std::string result;
  for (int64_t i = 0; i < times; ++i) result += text;
  return result;
}

struct Hostile {
  const char* name;
  std::string bytes;
  const char* expected;  ///< stands in the error
};

/// Frame: lengths and what lies around the header.
std::vector<Hostile> broken_frames() {
  const std::string good = one_tensor("\"U8\"", "[4]", "[0,4]", 4);
  return {
      {"empty file", "", "0 bytes, too short"},
      {"one byte", "\x01", "1 bytes, too short"},
      {"seven bytes", std::string(7, '\0'), "7 bytes, too short"},
      {"N = 0", length_prefix(0), "does not start with '{'"},
      {"N = 1", length_prefix(1) + "{", "does not end with '}'"},
      {"N = file length", length_prefix(10) + "{}", "claims a header of 10 bytes, but only 2 follow"},
      {"N at the limit in a tiny file", length_prefix(100'000'000) + "{}", "but only 2 follow"},
      {"N over the limit", length_prefix(100'000'001) + "{}", "at most 100000000 are allowed"},
      {"N = 2^63", length_prefix(1ULL << 63) + "{}", "claims a header of 9223372036854775808 bytes"},
      {"N = 2^64 - 1", length_prefix(~0ULL) + "{}", "claims a header of 18446744073709551615 bytes"},
      {"8 + N wraps to 0", length_prefix(~0ULL - 7) + "{}", "claims a header of 18446744073709551608 bytes"},
      {"cut in the header", good.substr(0, 30), "but only 22 follow"},
      {"header without data", good.substr(0, good.size() - 4), "need 4 bytes of data, the file holds 0"},
      {"one byte of data missing", good.substr(0, good.size() - 1), "need 4 bytes of data, the file holds 3"},
      {"data without tensors", file_of("{}", 4), "4 trailing bytes"},
      {"one trailing byte", good + "x", "1 trailing bytes"},
      {"a zip behind (polyglot)", good + "PK" + std::string(1 << 20, 'z'), "1048578 trailing bytes"},
      {"byte order mark", file_of("\xEF\xBB\xBF{}"), "does not start with '{'"},
      {"leading space", file_of(" {}"), "does not start with '{'"},
      {"leading NUL", file_of(std::string("\0{}", 3)), "does not start with '{'"},
      {"trailing newline", file_of("{}\n"), "followed by spaces only"},
      {"trailing tab", file_of("{}\t "), "followed by spaces only"},
      {"trailing NUL", file_of(std::string("{}\0", 3)), "followed by spaces only"},
      {"two objects", file_of("{}{}"), "not valid JSON at byte 3"},
      {"top level array", file_of("[]"), "does not start with '{'"},
      {"top level string", file_of("\"a\""), "does not start with '{'"},
      {"top level number", file_of("7"), "does not start with '{'"},
  };
}

/// Text: UTF-8, JSON, keys and names.
std::vector<Hostile> broken_texts() {
  const std::string entry = R"({"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  return {
      {"overlong UTF-8", file_of("{\"\xC0\xAF\":" + entry + "}"), "not valid UTF-8"},
      {"surrogate as UTF-8", file_of("{\"\xED\xA0\x80\":" + entry + "}"), "not valid UTF-8"},
      {"cut UTF-8", file_of("{\"\xE2\x82\":" + entry + "}"), "not valid UTF-8"},
      {"lone escaped surrogate", file_of(R"({"\ud800":)" + entry + "}"), "not valid JSON"},
      {"raw NUL in a name", file_of(std::string("{\"a\0b\":", 7) + entry + "}"), "not valid JSON"},
      {"escaped NUL in a name", file_of(R"({"a\u0000b":)" + entry + "}"), "'a?b' holds control character 0"},
      {"escaped newline in a name", file_of(R"({"a\nb":)" + entry + "}"), "'a?b' holds control character 10"},
      {"delete in a name", file_of("{\"a\x7F\":" + entry + "}"), "holds control character 127"},
      {"empty name", file_of("{\"\":" + entry + "}"), "a tensor has an empty name"},
      {"1 MiB name", file_of("{\"" + std::string(1 << 20, 'n') + "\":" + entry + "}"), "has 1048576 bytes"},
      {"a key twice", file_of("{\"a\":" + entry + ",\"a\":" + entry + "}"), "the key 'a' stands twice"},
      {"a key twice, once escaped", file_of("{\"a\":" + entry + ",\"\\u0061\":" + entry + "}"), "'a' stands twice"},
      {"__metadata__ twice", file_of(R"({"__metadata__":{},"__metadata__":{}})"), "'__metadata__' stands twice"},
      {"a metadata key twice", file_of(R"({"__metadata__":{"k":"1","k":"2"}})"), "'k' stands twice"},
      {"a key of a tensor twice", file_of(R"({"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}})"),
       "tensor 'a': the key dtype stands twice"},
      {"an unknown key of a tensor", file_of(R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"strides":[1]}})"),
       "tensor 'a' has the key 'strides'; allowed are dtype, shape and data_offsets"},
      {"deep arrays", file_of("{\"a\":" + std::string(1'000'000, '[') + "}"), "is an array, not an object"},
      {"deep objects", file_of(repeated("{\"a\":", 100'000) + "}"), "has the key 'a'"},
      {"deep shape", one_tensor("\"U8\"", std::string(100'000, '[') + "}", "[0,0]", 0), "holds an array"},
      {"comment", file_of("{/**/}"), "not valid JSON"},
      {"trailing comma", file_of("{\"a\":" + entry + ",}"), "not valid JSON"},
      {"single quotes", file_of("{'a':" + entry + "}"), "not valid JSON"},
      {"NaN", one_tensor("\"U8\"", "[NaN]", "[0,0]", 0), "not valid JSON"},
      {"Infinity", one_tensor("\"U8\"", "[Infinity]", "[0,0]", 0), "not valid JSON"},
      {"a tensor that is null", file_of(R"({"a":null})"), "tensor 'a' is null, not an object"},
      {"a tensor that is a string", file_of(R"({"a":"x"})"), "tensor 'a' is a string, not an object"},
      {"metadata that is a string", file_of(R"({"__metadata__":"x"})"), "__metadata__ is a string, not an object"},
      {"metadata value null", file_of(R"({"__metadata__":{"k":null}})"), "'k' is null, not a string"},
      {"metadata value number", file_of(R"({"__metadata__":{"k":1}})"), "'k' is 1, not a string"},
      {"metadata value object", file_of(R"({"__metadata__":{"k":{}}})"), "'k' is an object, not a string"},
      {"17 MiB of metadata", file_of(R"({"__metadata__":{"k":")" + std::string(17 << 20, 'v') + "\"}}"),
       "__metadata__ holds more than 16777216 bytes"},
  };
}

/// Numbers that are no plain decimal whole numbers up to 2^63 - 1, as a size and as an offset.
std::vector<Hostile> broken_numbers() {
  std::vector<Hostile> files;
  for (const char* number : {"1e3", "1.0", "-0", "-1", "9223372036854775808", "18446744073709551616", "\"1\"", "null",
                             "true", "{}", "[1]"}) {
    const std::string text = number;
    files.push_back({number, one_tensor("\"U8\"", "[" + text + "]", "[0,1]", 1), "not a plain whole number"});
    files.push_back({number, one_tensor("\"U8\"", "[1]", "[0," + text + "]", 1), "not a plain whole number"});
  }
  const std::string huge = "1" + std::string(400, '0');
  files.push_back({"10^400 as a size", one_tensor("\"U8\"", "[" + huge + "]", "[0,1]", 1), "shape holds 1000000"});
  files.push_back({"10^400 as an offset", one_tensor("\"U8\"", "[1]", "[0," + huge + "]", 1), "holds 1000000"});
  files.push_back({"leading zeros", one_tensor("\"U8\"", "[007]", "[0,7]", 7), "not valid JSON"});
  files.push_back({"plus sign", one_tensor("\"U8\"", "[+1]", "[0,1]", 1), "not valid JSON"});
  files.push_back({"hexadecimal", one_tensor("\"U8\"", "[0x1]", "[0,1]", 1), "not valid JSON"});
  return files;
}

/// Meaning: types, shapes, offsets and what they cover.
std::vector<Hostile> broken_meanings() {
  return {
      {"unknown dtype", one_tensor("\"F31\"", "[1]", "[0,4]", 4), "unknown dtype 'F31'"},
      {"lower case dtype", one_tensor("\"f32\"", "[1]", "[0,4]", 4), "unknown dtype 'f32'"},
      {"dtype as a number", one_tensor("32", "[1]", "[0,4]", 4), "dtype is 32, not a string"},
      {"dtype as an array", one_tensor("[\"F32\"]", "[1]", "[0,4]", 4), "dtype is an array, not a string"},
      {"a type of others: F16", one_tensor("\"F16\"", "[1]", "[0,2]", 2), "type F16, which Weft does not have"},
      {"a type of others: F16", one_tensor("\"F16\"", "[1]", "[0,2]", 2), "type F16, which Weft does not have"},
      {"a type of others: I16", one_tensor("\"I16\"", "[1]", "[0,2]", 2), "type I16, which Weft does not have"},
      {"4-bit type, odd count", one_tensor("\"F4\"", "[3]", "[0,2]", 2), "type F4, which Weft does not have"},
      {"no dtype", file_of(R"({"a":{"shape":[0],"data_offsets":[0,0]}})"), "tensor 'a' has no dtype"},
      {"no shape", file_of(R"({"a":{"dtype":"U8","data_offsets":[0,0]}})"), "tensor 'a' has no shape"},
      {"no offsets", file_of(R"({"a":{"dtype":"U8","shape":[0]}})"), "tensor 'a' has no data_offsets"},
      {"shape null", one_tensor("\"U8\"", "null", "[0,0]", 0), "shape is null, not an array"},
      {"shape string", one_tensor("\"U8\"", "\"[1]\"", "[0,1]", 1), "shape is a string, not an array"},
      {"shape object", one_tensor("\"U8\"", "{}", "[0,1]", 1), "shape is an object, not an array"},
      {"shape number", one_tensor("\"U8\"", "1", "[0,1]", 1), "not a"},
      {"rank 9", one_tensor("\"U8\"", "[1,1,1,1,1,1,1,1,1]", "[0,1]", 1), "tensor 'a': shape has more than 8 axes"},
      {"one offset", one_tensor("\"U8\"", "[0]", "[0]", 0), "data_offsets holds 1 numbers, not 2"},
      {"no offset", one_tensor("\"U8\"", "[0]", "[]", 0), "data_offsets holds 0 numbers, not 2"},
      {"three offsets", one_tensor("\"U8\"", "[0]", "[0,0,0]", 0), "more than 2 numbers"},
      {"end before begin", one_tensor("\"U8\"", "[4]", "[4,0]", 4), "end at 0, before they begin at 4"},
      {"size and offsets differ", one_tensor("\"F32\"", "[4096,4096]", "[0,16384]", 16384),
       "tensor 'a' claims [4096, 4096] F32 = 67108864 bytes, offsets give 16384"},
      {"scalar without data", one_tensor("\"F32\"", "[]", "[0,0]", 0), "= 4 bytes, offsets give 0"},
      {"empty tensor with data", one_tensor("\"F32\"", "[0]", "[0,4]", 4), "= 0 bytes, offsets give 4"},
      {"2^32 x 2^32 wraps to 0", one_tensor("\"U8\"", "[4294967296,4294967296]", "[0,0]", 0),
       "more than 2^63 - 1 bytes"},
      {"2^33 x 2^31 x 4 wraps to 0", one_tensor("\"F32\"", "[8589934592,2147483648]", "[0,0]", 0),
       "more than 2^63 - 1 bytes"},
      {"2^62 x 8 wraps to 0", one_tensor("\"F64\"", "[4611686018427387904]", "[0,0]", 0), "more than 2^63 - 1 bytes"},
      {"more data than there is", one_tensor("\"U8\"", "[1099511627776]", "[0,1099511627776]", 8),
       "need 1099511627776 bytes of data, the file holds 8"},
      {"first does not begin at 0", bytes_at({{1, 5}}, 5), "a hole of 1 bytes before tensor 'a'"},
      {"hole of one byte", bytes_at({{0, 4}, {5, 9}}, 9), "a hole of 1 bytes before tensor 'b', which begins at 5"},
      {"overlap of one byte", bytes_at({{0, 4}, {3, 7}}, 7), "'b' begins at 3 and overlaps"},
      {"two on one range", bytes_at({{0, 4}, {0, 4}}, 4), "'b' begins at 0 and overlaps"},
      {"empty inside another", bytes_at({{0, 4}, {2, 2}}, 4), "'b' begins at 2 and overlaps"},
      {"empty behind the end", bytes_at({{0, 4}, {5, 5}}, 4), "a hole of 1 bytes before tensor 'b'"},
      {"a bool of 2", one_tensor("\"BOOL\"", "[3]", "[0,3]", 0) + std::string("\x01\x00\x02", 3),
       "holds byte 2; only 0 and 1"},
  };
}

void check_refused(const std::vector<Hostile>& files) {
  for (const Hostile& file : files) {
    CAPTURE(file.name);
    try {
      parse(file.bytes);
      FAIL_CHECK("was loaded");
    } catch (const FileError& error) {
      const std::string text = error.what();
      CHECK_MESSAGE(text.find(file.expected) != std::string::npos, text);
      CHECK(text.starts_with("load: 'm.safetensors': "));
      CHECK(text.ends_with("nothing was loaded"));
      CHECK(text.size() < 300);  // a hostile name must not flood the log
    }
  }
}

}  // namespace

TEST_CASE("safetensors: hostile frames are refused") { check_refused(broken_frames()); }
TEST_CASE("safetensors: hostile texts are refused") { check_refused(broken_texts()); }
TEST_CASE("safetensors: hostile numbers are refused") { check_refused(broken_numbers()); }
TEST_CASE("safetensors: hostile meanings are refused") { check_refused(broken_meanings()); }

TEST_CASE("safetensors: every shortening of a good file is refused") {
  const std::string good = one_tensor("\"F32\"", "[2]", "[0,8]", 8);
  CHECK_NOTHROW(parse(good));
  for (size_t size = 0; size < good.size(); ++size) CHECK_THROWS_AS(parse(good.substr(0, size)), FileError);
}
