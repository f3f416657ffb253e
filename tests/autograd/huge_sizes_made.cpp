// tests/autograd/huge_sizes_made.cpp: tensors that are made
#include "tensor/random_discrete.h"
#include "tests/autograd/huge_sizes.h"

namespace weft::huge {
namespace {

RandomStream& draws() {
  static RandomStream random(5, 0);
  return random;
}

const TensorOptions kBytes{.dtype = DType::uint8};

const SizeCase kMaking[] = {
    {"empty", [](int64_t n) { return empty({n}).shape(); }, [](Wide n) -> WideShape { return {{n}}; }},
    {"empty n x n",
     [](int64_t n) {
       return empty({n, n}, kBytes).shape();
     },
     [](Wide n) -> WideShape {
       return {{n, n}};
     }},
    {"zeros 0 x n x n",
     [](int64_t n) {
       return zeros({0, n, n}).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, n, n}};
     }},
    {"full",
     [](int64_t n) {
       return full({n, 2}, 7, kBytes).shape();
     },
     [](Wide n) -> WideShape {
       return {{n, 2}};
     }},
    {"eye", [](int64_t n) { return eye(n).shape(); },
     [](Wide n) -> WideShape {
       return {{n, n}};
     }},
    {"arange", [](int64_t n) { return arange(0, n).shape(); },
     [](Wide n) -> WideShape { return n < 0 ? WideShape{} : WideShape{{n}}; }},
    {"arange down", [](int64_t n) { return arange(0, n, -1).shape(); },
     [](Wide n) -> WideShape { return n > 0 ? WideShape{} : WideShape{{-n}}; }},
    {"arange from n", [](int64_t n) { return arange(n, INT64_MAX).shape(); },
     [](Wide n) -> WideShape { return {{INT64_MAX - n}}; }},
    {"arange by n", [](int64_t n) { return arange(0, 5, n).shape(); },
     [](Wide n) -> WideShape { return n < 0 ? WideShape{} : WideShape{{1}}; }},
    {"linspace", [](int64_t n) { return linspace(0, 1, n).shape(); }, [](Wide n) -> WideShape { return {{n}}; }},
    {"from_data",
     [](int64_t n) {
       return from_data(std::vector<float>(2), {n, n}).shape();
     },
     [](Wide) -> WideShape { return {}; }},
    {"random_uniform", [](int64_t n) { return random_uniform({n}, draws()).shape(); },
     [](Wide n) -> WideShape { return {{n}}; }},
    {"random_normal",
     [](int64_t n) {
       return random_normal({0, n}, draws()).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, n}};
     }},
    {"random_truncated_normal",
     [](int64_t n) {
       return random_truncated_normal({n, n}, draws()).shape();
     },
     [](Wide n) -> WideShape {
       return {{n, n}};
     }},
    {"random_exponential",
     [](int64_t n) {
       return random_exponential({n, 3}, draws()).shape();
     },
     [](Wide n) -> WideShape {
       return {{n, 3}};
     }},
    {"random_bernoulli",
     [](int64_t n) {
       return random_bernoulli({n, n, 0}, draws()).shape();
     },
     [](Wide n) -> WideShape {
       return {{n, n, 0}};
     }},
    {"random_integers", [](int64_t n) { return random_integers({n}, draws(), 0, 5).shape(); },
     [](Wide n) -> WideShape { return {{n}}; }},
    {"random_permutation", [](int64_t n) { return random_permutation(n, draws()).shape(); },
     [](Wide n) -> WideShape { return {{n}}; }},
    {"random_multinomial",
     [](int64_t n) { return random_multinomial(ones({3}), n, draws(), Replacement::yes).shape(); },
     [](Wide n) -> WideShape { return {{n}}; }},
    {"random_multinomial no replacement", [](int64_t n) { return random_multinomial(ones({3}), n, draws()).shape(); },
     [](Wide) -> WideShape { return {}; }},
    {"random_multivariate_normal",
     [](int64_t n) { return random_multivariate_normal(zeros({2}), eye(2), n, draws()).shape(); },
     [](Wide n) -> WideShape {
       return {{n, 2}};
     }},
};

}  // namespace

TEST_CASE("huge sizes: tensors that are made") { CHECK(check_all(kMaking) > 300); }

}  // namespace weft::huge
