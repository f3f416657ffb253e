// tests/datasets/data_loader.cpp: which images come when, and as what
#include "datasets/data_loader.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "tensor/create.h"
#include "tests/datasets/files.h"

namespace weft::test {
namespace {

using namespace datasets;

/// Image i is filled with 2 i (mod 256), its label is i.
LabelledImages make_set(int64_t count, int64_t size = 3) {
  LabelledImages set{.name = "test",
                     .images = empty({count, 1, size, size}, {.dtype = DType::uint8, .device = cpu}),
                     .labels = arange(0, count, 1, {.dtype = DType::int64, .device = cpu}),
                     .classes = {}};
  for (int64_t i = 0; i < set.images.numel(); ++i)
    set.images.data<uint8_t>()[i] = static_cast<uint8_t>(2 * (i / (size * size)));
  return set;
}

std::vector<int64_t> epoch(DataLoader& loader) {
  std::vector<int64_t> order;
  for (const Batch& batch : loader)
    for (const int64_t label : batch.labels.to_vector<int64_t>()) order.push_back(label);
  return order;
}

std::vector<int64_t> numbers_below(int64_t count) {
  std::vector<int64_t> values(count);
  std::iota(values.begin(), values.end(), 0);
  return values;
}

}  // namespace

TEST_CASE("DataLoader: in order, scaled to 0..1, the last batch short") {
  DataLoader loader(make_set(10), {.batch_size = 4});
  CHECK(loader.size() == 3);
  std::vector<int64_t> sizes;
  for (const Batch& batch : loader) {
    sizes.push_back(batch.images.size(0));
    CHECK(batch.images.shape() == Shape{batch.labels.size(0), 1, 3, 3});
    CHECK(batch.images.dtype() == DType::float32);
    CHECK(batch.labels.dtype() == DType::int64);
    for (int64_t i = 0; i < batch.labels.size(0); ++i)
      CHECK(batch.images.at<float>({i, 0, 2, 1}) == static_cast<float>(2 * batch.labels.at<int64_t>({i})) / 255.0F);
  }
  CHECK(sizes == std::vector<int64_t>{4, 4, 2});
  CHECK(epoch(loader) == numbers_below(10));
}

TEST_CASE("DataLoader: drop_last leaves out a short batch only") {
  DataLoader loader(make_set(10), {.batch_size = 4, .drop_last = true});
  CHECK(loader.size() == 2);
  CHECK(epoch(loader) == numbers_below(8));
  DataLoader even(make_set(8), {.batch_size = 4, .drop_last = true});
  CHECK(even.size() == 2);
  CHECK(epoch(even) == numbers_below(8));
  DataLoader whole(make_set(8), {.batch_size = 4});
  CHECK(whole.size() == 2);
  CHECK(epoch(whole) == numbers_below(8));
}

TEST_CASE("DataLoader: a new order each epoch, the same for the same seed") {
  Streams streams(7), again(7), other(8);
  DataLoader loader(make_set(100), {.batch_size = 32}, &streams.shuffle);
  const std::vector<int64_t> first = epoch(loader), second = epoch(loader);
  CHECK(first != numbers_below(100));
  CHECK(first != second);
  for (std::vector<int64_t> order : {first, second}) {
    std::sort(order.begin(), order.end());
    CHECK(order == numbers_below(100));
  }
  DataLoader twin(make_set(100), {.batch_size = 7}, &again.shuffle);  // the order does not depend on the batch size
  CHECK(epoch(twin) == first);
  CHECK(epoch(twin) == second);
  DataLoader stranger(make_set(100), {.batch_size = 32}, &other.shuffle);
  CHECK(epoch(stranger) != first);
}

TEST_CASE("DataLoader: shuffled images keep their labels") {
  Streams streams(1);
  DataLoader loader(make_set(50), {.batch_size = 8}, &streams.shuffle);
  for (const Batch& batch : loader)
    for (int64_t i = 0; i < batch.labels.size(0); ++i)
      CHECK(batch.images.at<float>({i, 0, 0, 0}) == static_cast<float>(2 * batch.labels.at<int64_t>({i})) / 255.0F);
}

TEST_CASE("DataLoader: a part of a set, a chosen device, a transform") {
  DataLoader loader(
      take(make_set(20), 5, 9),
      {.batch_size = 3, .transform = [](const Tensor& x) { return full_like(x, 0.5); }, .device = reference});
  for (const Batch& batch : loader) {
    CHECK(batch.images.device() == reference);
    CHECK(batch.labels.device() == reference);
    CHECK(batch.images.at<float>({0, 0, 0, 0}) == 0.5F);
  }
  CHECK(epoch(loader) == std::vector<int64_t>{5, 6, 7, 8});
}

TEST_CASE("DataLoader refuses what gives no batches") {
  const auto message = [](const LabelledImages& set, DataLoaderOptions options) {
    return thrown<Error>([&] { DataLoader(set, options).begin(); });
  };
  const LabelledImages set = make_set(3);
  LabelledImages floats = set, unlabelled = set, short_labels = set;
  floats.images = zeros({3, 1, 2, 2}, {.device = cpu});
  unlabelled.labels = {};
  short_labels.labels = set.labels.slice(0, 0, 2);
  const std::vector<std::pair<std::string, std::string>> messages{
      {message(set, {.batch_size = 0}), "DataLoader: batch_size 0 is not positive"},
      {message(set, {.batch_size = -5}), "batch_size -5"},
      {message({}, {}), "DataLoader: the set has no images"},
      {message(take(set, 1, 1), {}), "the set has no images"},
      {message(set, {.batch_size = 4, .drop_last = true}),
       "drop_last leaves no batch: batch_size 4 is more than the 3"},
      {message(floats, {}), "images must be uint8 [n, c, h, w], got [3, 1, 2, 2] float32 cpu"},
      {message(unlabelled, {}), "the set has no labels"},
      {message(short_labels, {}), "labels must be int64 [3], got [2] int64 cpu"},
      {message(set, {.transform = [](const Tensor& x) { return x.slice(0, 0, 1); }}), "must return 3 images"},
  };
  for (const auto& [text, words] : messages) {
    CAPTURE(text);
    CHECK(text.find(words) != std::string::npos);
  }
}

}  // namespace weft::test
