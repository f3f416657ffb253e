// datasets/text_stream.cpp: two views of the tokens, one of them a step ahead
#include "datasets/text_stream.h"

#include <algorithm>

namespace weft::datasets {
namespace {

constexpr std::string_view kTextStream = "TextStream";

}  // namespace

TextStream::TextStream(const Tensor& tokens, const TextStreamOptions& options) : options_(options) {
  if (tokens.rank() != 1 || !is_integer(tokens.dtype()))
    fail(kTextStream, "tokens must be integers [n], got {}", tokens.describe());
  if (options.batch_size < 1) fail(kTextStream, "batch_size {} is not positive", options.batch_size);
  if (options.length < 1) fail(kTextStream, "length {} is not positive", options.length);
  row_length_ = std::max<int64_t>(tokens.numel() - 1, 0) / options.batch_size;
  const int64_t needed = options.drop_last ? options.length : 1;
  if (row_length_ < needed)
    fail(kTextStream,
         "{} tokens make {} rows of {} steps, fewer than the {} of a window; hint: use a smaller batch_size",
         tokens.numel(), options.batch_size, row_length_, needed);
  const int64_t used = options.batch_size * row_length_;
  const Shape rows{options.batch_size, row_length_};
  const Tensor host = tokens.to(cpu).contiguous();
  inputs_ = host.slice(0, 0, used).reshape(rows);
  targets_ = host.slice(0, 1, used + 1).reshape(rows);
}

int64_t TextStream::size() const {
  const int64_t whole = row_length_ / options_.length;
  return options_.drop_last || row_length_ % options_.length == 0 ? whole : whole + 1;
}

TextWindow TextStream::operator[](int64_t window) const {
  if (window < 0 || window >= size()) fail(kTextStream, "window {} is out of range: there are {}", window, size());
  const int64_t begin = window * options_.length, end = std::min(begin + options_.length, row_length_);
  const auto cut = [&](const Tensor& rows) {
    return rows.slice(1, begin, end).contiguous().to(DType::int64).to(options_.device);
  };
  return {cut(inputs_), cut(targets_), window == 0};
}

Loader<TextWindow> text_loader(TextStream stream) {
  BatchSampler windows(sequential(stream.size()), 1);
  return {std::move(windows),
          [stream = std::move(stream)](std::span<const int64_t> window, RandomStream&) { return stream[window[0]]; }};
}

}  // namespace weft::datasets
