// tests/autograd/huge_sizes_joined.cpp: joining, repeating and padding
#include "nn/nn.h"
#include "tensor/embedding.h"
#include "tests/autograd/huge_sizes.h"

namespace weft::huge {
namespace {

const SizeCase kJoining[] = {
    {"repeat", [](int64_t n) { return repeat(ones({2}), {n}).shape(); }, [](Wide n) -> WideShape { return {{2 * n}}; }},
    {"repeat 0 x n",
     [](int64_t n) {
       return repeat(nothing({0, 2}), {n, n}).shape();
     },
     [](Wide n) -> WideShape {
       return n < 0 ? WideShape{} : WideShape{{0, 2 * n}};
     }},
    {"tile",
     [](int64_t n) {
       return tile(nothing({3, 0}), {n, 1}).shape();
     },
     [](Wide n) -> WideShape {
       return n < 0 ? WideShape{} : WideShape{{3 * n, 0}};
     }},
    {"tile new axes",
     [](int64_t n) {
       return tile(nothing({0}), {n, n, 2}).shape();
     },
     [](Wide n) -> WideShape {
       return {{n, n, 0}};
     }},
    {"repeat_interleave", [](int64_t n) { return repeat_interleave(ones({2}), n).shape(); },
     [](Wide n) -> WideShape { return {{2 * n}}; }},
    {"repeat_interleave 0 x n",
     [](int64_t n) {
       return repeat_interleave(nothing({0, 2}), n, 1).shape();
     },
     [](Wide n) -> WideShape {
       return n < 0 ? WideShape{} : WideShape{{0, 2 * n}};
     }},
    {"repeat_interleave counts",
     [](int64_t n) {
       return repeat_interleave(ones({2}), tensor<int64_t>({n, n})).shape();
     },
     [](Wide n) -> WideShape { return {{2 * n}}; }},
    {"cat",
     [](int64_t n) {
       return cat({repeated(n), repeated(n)}).shape();
     },
     [](Wide n) -> WideShape { return {{2 * n}}; }},
    {"cat 0 x n",
     [](int64_t n) {
       return cat({nothing({0, n}), nothing({0, n}), nothing({0, n})}, 1).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, 3 * n}};
     }},
    {"stack",
     [](int64_t n) {
       return stack({nothing({0, n}), nothing({0, n})}, 1).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, 2, n}};
     }},
    {"pad",
     [](int64_t n) {
       return pad(ones({3}), {{n, n}}).shape();
     },
     [](Wide n) -> WideShape { return n < 0 ? WideShape{} : WideShape{{2 * n + 3}}; }},
    {"pad 0 x n",
     [](int64_t n) {
       return pad(nothing({0, 3}), {{n, 1}}).shape();
     },
     [](Wide n) -> WideShape {
       return n < 0 ? WideShape{} : WideShape{{0, n + 4}};
     }},
    {"pad replicate",
     [](int64_t n) {
       return pad(ones({3}), {{0, n}}, PadMode::replicate).shape();
     },
     [](Wide n) -> WideShape { return n < 0 ? WideShape{} : WideShape{{n + 3}}; }},
    {"pad reflect",
     [](int64_t n) {
       return pad(ones({3}), {{n, n}}, PadMode::reflect).shape();
     },
     [](Wide) -> WideShape { return {}; }},
    {"pad circular",
     [](int64_t n) {
       return pad(ones({3}), {{n, n}}, PadMode::circular).shape();
     },
     [](Wide) -> WideShape { return {}; }},
    {"roll", [](int64_t n) { return roll(ones({3}), {n}).shape(); }, [](Wide) -> WideShape { return {{3}}; }},
    {"roll 0 x n",
     [](int64_t n) {
       return roll(nothing({0, std::max<int64_t>(n, 0)}), {n, n}, {0, 1}).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, std::max<Wide>(n, 0)}};
     }},
    {"tril",
     [](int64_t n) {
       return tril(ones({3, 4}), n).shape();
     },
     [](Wide) -> WideShape {
       return {{3, 4}};
     }},
    {"triu",
     [](int64_t n) {
       return triu(ones({3, 4}), n).shape();
     },
     [](Wide) -> WideShape {
       return {{3, 4}};
     }},
    {"diag_embed", [](int64_t n) { return diag_embed(ones({2}), n).shape(); },
     [](Wide n) -> WideShape {
       return {{2 + (n < 0 ? -n : n), 2 + (n < 0 ? -n : n)}};
     }},
    {"diag_embed 0 x n",
     [](int64_t n) {
       return diag_embed(nothing({0, 2}), n).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, 2 + (n < 0 ? -n : n), 2 + (n < 0 ? -n : n)}};
     }},
    {"diag", [](int64_t n) { return diag(ones({2}), n).shape(); },
     [](Wide n) -> WideShape {
       return {{2 + (n < 0 ? -n : n), 2 + (n < 0 ? -n : n)}};
     }},
    {"one_hot", [](int64_t n) { return one_hot(tensor<int64_t>({1}), n).shape(); },
     [](Wide n) -> WideShape {
       return n == -1 ? WideShape{{1, 2}} : WideShape{{1, n}};
     }},
    {"one_hot of class n", [](int64_t n) { return one_hot(tensor<int64_t>({n})).shape(); },
     [](Wide n) -> WideShape {
       return n < 0 ? WideShape{} : WideShape{{1, n + 1}};
     }},
    {"embedding",
     [](int64_t n) {
       return embedding(nothing({n, 0}), tensor<int64_t>({0, 1})).shape();
     },
     [](Wide n) -> WideShape {
       return n < 2 ? WideShape{} : WideShape{{2, 0}};
     }},
    {"histc", [](int64_t n) { return histc(ones({3}), n).shape(); }, [](Wide n) -> WideShape { return {{n}}; }},
    {"bincount", [](int64_t n) { return bincount(tensor<int64_t>({1}), n).shape(); },
     [](Wide n) -> WideShape { return n < 0 ? WideShape{} : WideShape{{n}}; }},
    {"bincount of n", [](int64_t n) { return bincount(tensor<int64_t>({n})).shape(); },
     [](Wide n) -> WideShape { return n < 0 ? WideShape{} : WideShape{{n + 1}}; }},
    {"topk", [](int64_t n) { return topk(ones({3}), n).values.shape(); }, [](Wide) -> WideShape { return {}; }},
    {"ungather", [](int64_t n) { return ungather(ones({1}), 0, tensor<int64_t>({0}), {n}).shape(); },
     [](Wide n) -> WideShape { return {{n}}; }},
    {"ungather 0 x n",
     [](int64_t n) {
       return ungather(zeros({0, 1}), 1, arange(0, 0).reshape({0, 1}), {0, n}).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, n}};
     }},
};

}  // namespace

TEST_CASE("huge sizes: joining, repeating, padding") { CHECK(check_all(kJoining) > 450); }

}  // namespace weft::huge
