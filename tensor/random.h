// tensor/random.h: random streams and the tensors drawn from them
#pragma once
#include <string_view>

#include "tensor/random_op.h"
#include "tensor/stream_watch.h"
#include "tensor/tensor.h"

namespace weft {

/// A place in an endless sequence of random numbers. Each value drawn moves it on by one; the same (seed, stream,
/// position) gives the same numbers on every device and for any number of threads.
class RandomStream {
 public:
  /// `stream` separates sequences of the same seed.
  RandomStream(uint64_t seed, uint32_t stream) : seed_(seed), stream_(stream) {}
  RandomStream(const RandomStream&) = default;
  RandomStream& operator=(const RandomStream&) = default;
  ~RandomStream() { StreamWatch::forget(*this); }

  /// Claims `count` positions for a draw on a device.
  RandomOp draw(Distribution distribution, double a, double b, int64_t count);
  /// One value in [0, 1).
  double uniform();
  /// One value of the standard normal distribution.
  double normal();
  /// An integer in [0, bound), without bias.  Throws: bound < 1.
  int64_t below(int64_t bound);

  uint64_t seed() const { return seed_; }
  uint32_t stream() const { return stream_; }
  uint64_t position() const { return position_; }
  void set_position(uint64_t position) { position_ = position; }

 private:
  friend StreamWatch;

  uint64_t seed_;
  uint32_t stream_;
  uint64_t position_ = 0;
};

/// One stream a purpose, so that an added layer does not shift the order of the data.
struct Streams {
  explicit Streams(uint64_t seed)
      : init(seed, 0), shuffle(seed, 1), augment(seed, 2), dropout(seed, 3), sample(seed, 4) {}
  RandomStream init, shuffle, augment, dropout, sample;
};

/// U[low, high).  Throws: low > high, or a bound or high - low that is not finite.
Tensor random_uniform(const Shape& shape, RandomStream& stream, double low = 0, double high = 1,
                      TensorOptions options = {});
Tensor random_normal(const Shape& shape, RandomStream& stream, double mean = 0, double deviation = 1,
                     TensorOptions options = {});
/// Normal, redrawn until within two deviations of the mean.
Tensor random_truncated_normal(const Shape& shape, RandomStream& stream, double mean = 0, double deviation = 1,
                               TensorOptions options = {});
/// Density rate exp(-rate x) for x >= 0.  Throws: a rate that is not above 0.
Tensor random_exponential(const Shape& shape, RandomStream& stream, double rate = 1, TensorOptions options = {});
/// `count` draws from the normal distribution with mean [d] and covariance L L^T, where `cholesky` [d, d] is the lower
/// triangular L: mean + L z with standard normal z.  float -> [count, d].  Throws: shapes, dtypes or devices that do
/// not fit.
Tensor random_multivariate_normal(const Tensor& mean, const Tensor& cholesky, int64_t count, RandomStream& stream);
/// 0 .. n-1 in random order (Fisher and Yates), int64 [n].
Tensor random_permutation(int64_t n, RandomStream& stream, std::optional<Device> device = {});

}  // namespace weft
