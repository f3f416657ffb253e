// tests/datasets/loader.cpp: the same batches for any number of workers, from any place, with any sampler
#include "datasets/loader.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <numeric>

#include "datasets/collate.h"
#include "datasets/data_loader.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tests/datasets/files.h"
#include "tests/datasets/holds.h"

namespace weft::test {
namespace {

using namespace datasets;
using Numbers = std::vector<int64_t>;

struct Drawn {
  Numbers indices;
  double number;  ///< from the batch's own stream
  bool operator==(const Drawn&) const = default;
};

Drawn draw(std::span<const int64_t> indices, RandomStream& random) {
  return {{indices.begin(), indices.end()}, random.uniform()};
}

Loader<Drawn> make_loader(LoaderOptions options, int64_t n = 23, int64_t batch_size = 4) {
  return {{shuffled(n, RandomStream(5, 1)), batch_size}, draw, options};
}

std::vector<Drawn> walk(Loader<Drawn>& loader, int epochs) {
  std::vector<Drawn> all;
  for (int e = 0; e < epochs; ++e)
    for (const Drawn& batch : loader) all.push_back(batch);
  return all;
}

Numbers sorted(Numbers values) {
  std::sort(values.begin(), values.end());
  return values;
}

Numbers counting(int64_t n) {
  Numbers values(static_cast<size_t>(n));
  std::iota(values.begin(), values.end(), 0);
  return values;
}

LabelledImages images(int64_t n) {
  return {.name = "images",
          .images = arange(0, n * 4, 1, {.dtype = DType::int64, .device = cpu}).to(DType::uint8).reshape({n, 1, 2, 2}),
          .labels = arange(0, n, 1, {.dtype = DType::int64, .device = cpu}),
          .classes = {}};
}

/// A system that starts two threads and no third.
struct Scarce {
  template <class F>
  explicit Scarce(F f) {
    if (++started > 2) throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
    thread = std::thread(std::move(f));
  }
  void join() {
    thread.join();
    ++joined;
  }
  std::thread thread;
  static inline int started = 0, joined = 0;
};

}  // namespace

TEST_CASE("Loader: order and random numbers do not depend on the workers") {
  Loader<Drawn> alone = make_loader({.seed = 9});
  const std::vector<Drawn> expected = walk(alone, 3);
  CHECK(expected.size() == 18);
  CHECK(expected[0].number != expected[1].number);
  CHECK(expected[0].number != expected[6].number);  // another epoch
  for (const int64_t workers : {1, 2, 3, 8})
    for (const int64_t prefetch : {1, 3}) {
      Loader<Drawn> loader = make_loader({.workers = workers, .prefetch = prefetch, .seed = 9});
      CHECK(walk(loader, 3) == expected);
    }
  Loader<Drawn> other = make_loader({.seed = 10});
  CHECK(walk(other, 1)[0].number != expected[0].number);
}

TEST_CASE("Loader: workers stay within the prefetch limit") {
  std::atomic<int64_t> made{0};
  Loader<int64_t> loader({sequential(40), 1},
                         [&](std::span<const int64_t> indices, RandomStream&) {
                           ++made;
                           return indices[0];
                         },
                         {.workers = 2, .prefetch = 3});
  int64_t taken = 0;
  for (const int64_t index : loader) {
    CHECK(index == taken++);
    CHECK(made <= taken + 6);
  }
  CHECK(taken == 40);
}

TEST_CASE("Loader: goes on anywhere, also when left early") {
  Loader<Drawn> whole = make_loader({.seed = 3});
  const std::vector<Drawn> expected = walk(whole, 3);
  CHECK(whole.state() == LoaderState{3, 3, 0});
  for (const int64_t workers : {0, 2})
    for (size_t stop = 1; stop <= 12; ++stop) {
      CAPTURE(stop);
      Loader<Drawn> first = make_loader({.workers = workers, .seed = 3}), second = make_loader({.seed = 3});
      LoaderState state;
      size_t seen = 0;
      while (seen < stop)
        for (auto batch = first.begin(); batch != first.end() && seen < stop; ++batch) {
          ++seen;
          state = first.state();
        }
      CHECK(state == LoaderState{3, int64_t(stop - 1) / 6, int64_t(stop - 1) % 6 + 1});
      second.load_state(state);
      const std::vector<Drawn> rest = walk(second, 3 - int(state.epoch));
      CHECK(rest == std::vector<Drawn>(expected.begin() + int64_t(stop), expected.end()));
    }
}

TEST_CASE("Loader: leaving a loop early starts the next epoch") {
  Loader<Drawn> whole = make_loader({.seed = 3}), cut = make_loader({.workers = 2, .seed = 3});
  const std::vector<Drawn> expected = walk(whole, 2);
  for (const Drawn& batch : cut) {
    CHECK(batch == expected[0]);
    break;
  }
  for (const Drawn& batch : cut) {
    CHECK(batch == expected[6]);
    break;
  }
}

TEST_CASE("Loader: what a worker throws reaches the caller at the batch's turn") {
  for (const int64_t workers : {0, 1, 4}) {
    Loader<int64_t> loader({sequential(20), 1},
                           [](std::span<const int64_t> indices, RandomStream&) {
                             if (indices[0] >= 5) fail("sample", "{} is damaged", indices[0]);
                             return indices[0];
                           },
                           {.workers = workers});
    int64_t seen = 0;
    CHECK(message([&] {
            for (const int64_t index : loader) CHECK(index == seen++);
          }) == "sample: 5 is damaged");
    CHECK(seen == 5);
    CHECK(loader.state() == LoaderState{0, 0, 5});
  }
}

TEST_CASE("Prefetch: a thread that the system does not start is an Error, and those before it are joined") {
  const auto identity = [](int64_t i) { return i; };
  CHECK(message([&] { Prefetch<int64_t, Scarce>(identity, 0, 9, 4, 2); }) ==
        "DataLoader: worker 3 of 4 cannot be started: Resource temporarily unavailable; hint: fewer workers");
  CHECK(Scarce::joined == 2);
}

TEST_CASE("Loader: errors") {
  holds(message([] { make_loader({.workers = -1}); }), "DataLoader: workers -1 is negative");
  holds(message([] { make_loader({.workers = 1, .prefetch = 0}); }), "DataLoader: prefetch 0 is not positive");
  Loader<Drawn> loader = make_loader({.seed = 3});
  holds(message([&] { loader.load_state({4, 0, 0}); }), "the state is that of seed 4, the loader has 3");
  holds(message([&] { loader.load_state({3, 0, 7}); }), "no place: batch 7 of epoch 0; there are 6 batches");
  holds(message([&] { loader.load_state({3, -1, 0}); }), "no place: batch 0 of epoch -1");
  CHECK(loader.state() == LoaderState{3, 0, 0});
  holds(message([] { BatchSampler(sequential(0), 1); }), "DataLoader: the sampler has no samples");
  holds(message([] { BatchSampler(sequential(3), 0); }), "batch_size 0 is not positive");
  holds(message([] { BatchSampler(sequential(3), 4, true); }), "batch_size 4 is more than the 3 samples");
  holds(message([] { BatchSampler({3, [](int64_t) { return Numbers{1}; }}, 1).batches(0); }), "promised 3 samples and");
}

TEST_CASE("samplers: sequential, shuffled, subsets") {
  CHECK(sequential(4).order(7) == counting(4));
  const RandomStream stream(5, 1);
  const Sampler all = shuffled(50, stream);
  CHECK(all.order(0) != all.order(1));
  CHECK(all.order(1) == all.order(1));
  CHECK(sorted(all.order(3)) == counting(50));
  RandomStream drawn(5, 1);  // the same as drawing one permutation after another
  for (int64_t epoch = 0; epoch < 3; ++epoch)
    CHECK(all.order(epoch) == random_permutation(50, drawn, cpu).to_vector<int64_t>());
  CHECK(shuffled(1, stream).order(9) == Numbers{0});
  CHECK(shuffled(0, stream).order(9).empty());
  CHECK(subset({7, 3, 7}).order(2) == Numbers{7, 3, 7});
  const Sampler part = shuffled_subset({2, 4, 6, 8, 10, 12, 14, 16}, stream);
  CHECK(sorted(part.order(1)) == Numbers{2, 4, 6, 8, 10, 12, 14, 16});
  CHECK(part.order(0) != part.order(1));
  holds(message([] { subset({1, -2}); }), "subset: index -2 is negative");
  holds(message([] { sequential(-1); }), "sequential: n is -1");
  holds(message([] { shuffled(-1, RandomStream(1, 1)); }), "shuffled: n is -1");
}

TEST_CASE("weighted draws in proportion, with replacement") {
  const Sampler sampler = weighted({1, 0, 3, 0}, 8000, RandomStream(2, 1));
  const Numbers drawn = sampler.order(0);
  const int64_t ones = std::count(drawn.begin(), drawn.end(), 0), threes = std::count(drawn.begin(), drawn.end(), 2);
  CHECK(ones + threes == 8000);
  CHECK(std::abs(ones - 2000) < 160);  // four standard deviations
  CHECK(sampler.order(0) == drawn);
  CHECK(sampler.order(1) != drawn);
}

TEST_CASE("weighted without replacement draws each once; the first in proportion") {
  const Sampler all = weighted({5, 1, 2, 0, 1}, 4, RandomStream(2, 1), Replacement::no);
  CHECK(sorted(all.order(0)) == Numbers{0, 1, 2, 4});
  const Sampler two = weighted({6, 1, 3}, 2, RandomStream(3, 1), Replacement::no);
  int64_t first = 0, second = 0;
  for (int64_t epoch = 0; epoch < 4000; ++epoch) {
    const Numbers order = two.order(epoch);
    first += order[0] == 0;
    second += order[0] == 2 && order[1] == 0;
  }
  CHECK(std::abs(first - 2400) < 124);                // 6 / 10
  CHECK(std::abs(second - 4000 * 3 * 6 / 70) < 120);  // 3 / 10, then 6 / 7
  const RandomStream stream(1, 1);
  holds(message([&] { weighted({1, -1}, 1, stream); }), "weighted: weight 1 is -1, and must be 0 or more");
  holds(message([&] { weighted({0, 0}, 1, stream); }), "no weight is more than 0");
  holds(message([&] { weighted({}, 1, stream); }), "no weight is more than 0");
  holds(message([&] { weighted({1}, 0, stream); }), "count 0 is not positive");
  holds(message([&] { weighted({1, 0}, 2, stream, Replacement::no); }), "2 draws without replacement, but only 1");
  CHECK(sorted(weighted({1e308, 1e308}, 2, stream, Replacement::no).order(0)) == Numbers{0, 1});
  const Numbers huge = weighted({1e308, 0, 1e308}, 100, stream).order(0);
  CHECK(std::count(huge.begin(), huge.end(), 0) + std::count(huge.begin(), huge.end(), 2) == 100);
}

TEST_CASE("collated: any sample type, a stream for each sample") {
  const auto get = [](int64_t index, RandomStream& random) {
    const double first = random.uniform();
    if (index % 2 == 0) random.uniform();  // what one sample draws does not move the next
    return std::pair(index, first);
  };
  const auto join = [](std::vector<std::pair<int64_t, double>> samples) { return samples; };
  Loader<std::vector<std::pair<int64_t, double>>> even({subset({0, 2, 4}), 3}, collated(get, join), {.seed = 1});
  Loader<std::vector<std::pair<int64_t, double>>> odd({subset({1, 3, 5}), 3}, collated(get, join), {.seed = 1});
  const auto a = *even.begin(), b = *odd.begin();
  REQUIRE(a.size() == 3);
  for (size_t i = 0; i < 3; ++i) CHECK(a[i].second == b[i].second);
  CHECK(a[0].second != a[1].second);
}

TEST_CASE("stack_samples and tensor_rows") {
  const auto sample = [](double value) { return std::vector<Tensor>{full({2}, value), scalar(value)}; };
  const std::vector<Tensor> batch = stack_samples({sample(1), sample(2), sample(3)});
  CHECK(batch[0].shape() == Shape{3, 2});
  CHECK(batch[1].to_vector<float>() == std::vector<float>{1, 2, 3});
  holds(message([] { stack_samples({}); }), "stack_samples: there are no samples");
  holds(message([&] { stack_samples({sample(1), {scalar(1)}}); }), "sample 1 has 1 fields, the first has 2");
  holds(message([&] { stack_samples({sample(1), {full({3}, 1), scalar(1)}}); }), "field 0 of sample 1 is [3] float32");

  const Tensor x = arange(0, 12, 1, {.dtype = DType::float32}).reshape({6, 2}), y = arange(0, 6);
  Loader<std::vector<Tensor>> loader({subset({5, 0, 3}), 2}, tensor_rows({x, y}), {.workers = 2});
  std::vector<Numbers> rows;
  for (const std::vector<Tensor>& part : loader) {
    CHECK(part[0].select(1, 0).to_vector<int64_t>() == (2 * part[1]).to_vector<int64_t>());
    rows.push_back(part[1].to_vector<int64_t>());
  }
  CHECK(rows == std::vector<Numbers>{{5, 0}, {3}});
  holds(message([] { tensor_rows({}); }), "tensor_rows: there are no tensors");
  holds(message([&] { tensor_rows({x, arange(0, 5)}); }), "numbers of rows differ: [6, 2] float32");
  Loader<std::vector<Tensor>> outside({subset({6}), 1}, tensor_rows({x}), {.workers = 1});
  holds(message([&] { outside.begin(); }), "index_select");
}

TEST_CASE("DataLoader: augmentation is the same for any number of workers, and new each epoch") {
  const Transform jitter = [](const Tensor& x, RandomStream& random) {
    return x + random_uniform(x.shape(), random, 0, 1, {.device = cpu});
  };
  const auto epochs = [&](int64_t workers) {
    Streams streams(4);
    DataLoader loader(images(30), {.batch_size = 7, .transform = jitter, .workers = workers}, &streams.shuffle);
    std::vector<std::vector<float>> all;
    for (int e = 0; e < 2; ++e)
      for (const Batch& batch : loader) all.push_back(batch.images.to_vector<float>());
    return all;
  };
  const auto expected = epochs(0);
  CHECK(expected.size() == 10);
  CHECK(expected[0] != expected[5]);
  for (const int64_t workers : {1, 2, 5}) CHECK(epochs(workers) == expected);
}

TEST_CASE("DataLoader: a sampler chooses the images") {
  DataLoader loader(images(10), {.batch_size = 2, .workers = 1, .sampler = subset({9, 1, 1})});
  Numbers labels;
  for (const Batch& batch : loader)
    for (const int64_t label : batch.labels.to_vector<int64_t>()) labels.push_back(label);
  CHECK(labels == Numbers{9, 1, 1});
  Streams streams(1);
  holds(message([&] { DataLoader(images(3), {.sampler = subset({1})}, &streams.shuffle); }),
        "DataLoader: a sampler and a shuffle stream both give an order");
  DataLoader outside(images(3), {.batch_size = 1, .sampler = subset({3})});
  holds(message([&] { outside.begin(); }), "DataLoader: the sampler's index 3 is out of range: 3 images");
}

}  // namespace weft::test
