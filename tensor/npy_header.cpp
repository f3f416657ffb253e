// tensor/npy_header.cpp: a tokenizer for the three keys of an npy header
#include "tensor/npy_header.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace weft {
namespace {

struct NpyType {
  std::string_view code;
  DType dtype;
};
constexpr std::array<NpyType, 6> kTypes = {{{"b1", DType::boolean},
                                            {"u1", DType::uint8},
                                            {"i4", DType::int32},
                                            {"i8", DType::int64},
                                            {"f4", DType::float32},
                                            {"f8", DType::float64}}};
// Types of NumPy that Weft has no tensors for.
constexpr std::array<std::string_view, 9> kOtherNpyTypes = {"i1", "i2", "u2", "u4", "u8", "f2", "c8", "c16", "f16"};

void set_type(std::string_view file, std::string_view descr, NpyHeader& header) {
  const std::string_view code = descr.substr(std::min<size_t>(1, descr.size()));
  const char order = descr.empty() ? ' ' : descr[0];
  for (const NpyType& type : kTypes) {
    const bool is_byte = size_of(type.dtype) == 1;
    if (code != type.code || (is_byte ? order != '|' : order != '<' && order != '>')) continue;
    header.dtype = type.dtype;
    header.big_endian = order == '>';
    return;
  }
  if (code == "O") refuse_load(file, "holds Python objects (a pickle); those are never loaded");
  if (std::find(kOtherNpyTypes.begin(), kOtherNpyTypes.end(), code) != kOtherNpyTypes.end())
    refuse_load(file, "is of type '{}', which Weft does not have; hint: array.astype('float32') or 'int64'", descr);
  refuse_load(file, "is of type '{}'; only b1, u1, i4, i8, f4 and f8 are read", shown(descr));
}

class Parser {
 public:
  Parser(std::string_view file, std::string_view text, bool python2) : file_(file), text_(text), python2_(python2) {
    for (size_t i = 0; i + 1 < text.size(); ++i)
      if (text[i] < 0x20 || text[i] > 0x7E)
        refuse_load(file, "byte {} of the header is {}; only printable ASCII is allowed", i,
                    int{static_cast<unsigned char>(text[i])});
    if (!text_.ends_with('\n')) refuse_load(file, "the header does not end with a newline");
    text_.remove_suffix(1);
  }

  NpyHeader parse() {
    NpyHeader header;
    expect('{');
    while (!take('}')) {
      const std::string_view key = string();
      expect(':');
      value(key, header);
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    skip_spaces();
    if (at_ != text_.size()) refuse("more behind the dict");
    for (const std::string_view key : kKeys)
      if (!seen(key)) refuse_load(file_, "the header has no {}", key);
    return header;
  }

 private:
  static constexpr std::array<std::string_view, 3> kKeys = {"descr", "fortran_order", "shape"};

  [[noreturn]] void refuse(std::string_view what) {
    refuse_load(file_, "the header at byte {}: {}; it is '{}'", at_, what, shown(text_));
  }

  void skip_spaces() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(char c) {
    skip_spaces();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) refuse(fmt::format("'{}' is missing", c));
  }
  bool take_word(std::string_view word) {
    skip_spaces();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  std::string_view string() {
    const char quote = take('\'') ? '\'' : '"';
    if (quote == '"') expect('"');
    const size_t end = text_.find(quote, at_);
    if (end == std::string_view::npos) refuse("a string does not end");
    const std::string_view content = text_.substr(at_, end - at_);
    if (content.find('\\') != std::string_view::npos) refuse("a string holds a backslash");
    at_ = end + 1;
    return content;
  }

  void value(std::string_view key, NpyHeader& header) {
    if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end())
      refuse_load(file_, "the header has the key '{}'; only descr, fortran_order and shape are allowed", shown(key));
    if (seen(key)) refuse_load(file_, "the key '{}' stands twice", key);
    seen_.push_back(key);
    if (key == "descr") {
      skip_spaces();
      if (text_.substr(at_).starts_with('[')) refuse_load(file_, "holds records; only plain numbers are read");
      set_type(file_, string(), header);
    } else if (key == "shape") {
      header.shape = shape();
    } else if (take_word("True")) {
      header.fortran_order = true;
    } else if (!take_word("False")) {
      refuse("fortran_order is neither True nor False");
    }
  }

  bool seen(std::string_view key) const { return std::find(seen_.begin(), seen_.end(), key) != seen_.end(); }

  /// A tuple: one size alone has a comma behind it.
  Shape shape() {
    Shape sizes;
    expect('(');
    bool comma = true;
    while (!take(')')) {
      if (!comma) refuse("',' is missing in shape");
      if (sizes.size() == Dims::kMaxRank) refuse_load(file_, "has more than {} axes", Dims::kMaxRank);
      sizes.push_back(number());
      comma = take(',');
    }
    if (sizes.size() == 1 && !comma) refuse("shape is a number, not a tuple");
    return sizes;
  }

  int64_t number() {
    skip_spaces();
    const char *begin = text_.data() + at_, *end = text_.data() + text_.size();
    int64_t size = 0;
    const auto [stop, error] = std::from_chars(begin, end, size);
    const bool leading_zero = stop - begin > 1 && *begin == '0';
    if (error != std::errc() || leading_zero || begin == end || *begin == '-')
      refuse("a size is not a plain whole number up to 2^63 - 1");
    at_ += static_cast<size_t>(stop - begin);
    if (python2_ && at_ < text_.size() && text_[at_] == 'L') ++at_;
    return size;
  }

  std::string_view file_, text_;
  bool python2_;
  size_t at_ = 0;
  std::vector<std::string_view> seen_;
};

}  // namespace

NpyHeader parse_npy_header(std::string_view file, std::string_view text, bool python2) {
  return Parser(file, text, python2).parse();
}

std::string npy_preamble(std::string_view file, const Tensor& tensor) {
  if (!tensor.defined()) refuse_save(file, "the tensor is undefined");
  const auto type =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const NpyType& t) { return t.dtype == tensor.dtype(); });
  if (type == kTypes.end())
    refuse_save(file, "NumPy has no type for {}; hint: save_safetensors keeps it, or x.to(DType::float32)",
                name_of(tensor.dtype()));
  std::string shape;
  for (const int64_t size : tensor.shape()) shape += fmt::format("{}{}", shape.empty() ? "" : ", ", size);
  if (tensor.rank() == 1) shape.push_back(',');  // else it would be a number in brackets
  std::string header = fmt::format("{{'descr': '{}{}', 'fortran_order': False, 'shape': ({}), }}",
                                   size_of(type->dtype) == 1 ? '|' : '<', type->code, shape);
  constexpr size_t kAlignment = 64, kBefore = 10;
  header.append((kAlignment - (kBefore + header.size() + 1) % kAlignment) % kAlignment, ' ');
  header.push_back('\n');
  std::string preamble("\x93NUMPY\x01\x00", 8);
  preamble.push_back(static_cast<char>(header.size() & 0xFF));
  preamble.push_back(static_cast<char>(header.size() >> 8));
  return preamble + header;
}

}  // namespace weft
