// tests/autograd/huge_sizes_views.cpp: windows on a tensor, and how many places a window has
#include "autograd/meshgrid.h"
#include "autograd/split.h"
#include "autograd/triangle.h"
#include "tensor/window.h"
#include "tests/autograd/huge_sizes.h"

namespace weft::huge {
namespace {

const SizeCase kViews[] = {
    {"expand", [](int64_t n) { return expand(ones({1}), {n}).shape(); },
     [](Wide n) -> WideShape { return {{n == -1 ? 1 : n}}; }},
    {"expand n x n",
     [](int64_t n) {
       return expand(ones({1, 1}), {n, n}).shape();
     },
     [](Wide n) -> WideShape {
       return n == -1 ? WideShape{{1, 1}} : WideShape{{n, n}};
     }},
    {"reshape",
     [](int64_t n) {
       return reshape(expand(ones({1}), {std::max<int64_t>(n, 0)}), {n, 1}).shape();
     },
     [](Wide n) -> WideShape {
       return n == -1 ? WideShape{{0, 1}} : WideShape{{n, 1}};
     }},
    {"reshape 2 x -1",
     [](int64_t n) {
       return reshape(expand(ones({1}), {std::max<int64_t>(n, 1)}), {2, -1}).shape();
     },
     [](Wide n) -> WideShape {
       return n > 0 && n % 2 == 0 ? WideShape{{2, n / 2}} : WideShape{};
     }},
    {"reshape 0 x n",
     [](int64_t n) {
       return reshape(nothing({0}), {n, 0, n}).shape();
     },
     [](Wide n) -> WideShape {
       return n == -1 ? WideShape{} : WideShape{{n, 0, n}};
     }},
    {"permute",
     [](int64_t n) {
       return permute(nothing({0, std::max<int64_t>(n, 0)}), {1, 0}).shape();
     },
     [](Wide n) -> WideShape {
       return {{std::max<Wide>(n, 0), 0}};
     }},
    {"slice to n",
     [](int64_t n) { return slice(repeated(std::max<int64_t>(n, 1)), 0, 1, std::max<int64_t>(n, 1)).shape(); },
     [](Wide n) -> WideShape { return {{std::max<Wide>(n, 1) - 1}}; }},
    {"slice by n", [](int64_t n) { return slice(ones({5}), 0, 0, 5, n).shape(); },
     [](Wide n) -> WideShape { return n < 1 ? WideShape{} : WideShape{{1}}; }},
    {"slice from n", [](int64_t n) { return slice(ones({5}), 0, n, 5).shape(); },
     [](Wide n) -> WideShape { return n < -5 || n > 5 ? WideShape{} : WideShape{{-n}}; }},
    {"select", [](int64_t n) { return select(ones({5}), 0, n).shape(); },
     [](Wide n) -> WideShape { return n < -5 || n > 4 ? WideShape{} : WideShape{std::vector<Wide>{}}; }},
    {"select axis n", [](int64_t n) { return select(ones({5}), n, 0).shape(); },
     [](Wide n) -> WideShape { return n == -1 ? WideShape{std::vector<Wide>{}} : WideShape{}; }},
    {"narrow", [](int64_t n) { return narrow(repeated(std::max<int64_t>(n, 3)), 0, 2, n).shape(); },
     [](Wide) -> WideShape { return {}; }},
    {"narrow from n", [](int64_t n) { return narrow(ones({5}), 0, n, 2).shape(); },
     [](Wide n) -> WideShape { return n == -2 ? WideShape{{2}} : WideShape{}; }},
    {"split", [](int64_t n) { return split(repeated(7), n)[0].shape(); },
     [](Wide n) -> WideShape { return n < 1 ? WideShape{} : WideShape{{7}}; }},
    {"split sizes",
     [](int64_t n) {
       return split(repeated(7), std::vector<int64_t>{n, n})[0].shape();
     },
     [](Wide) -> WideShape { return {}; }},
    {"chunk", [](int64_t n) { return chunk(repeated(7), n)[0].shape(); },
     [](Wide n) -> WideShape { return n < 1 ? WideShape{} : WideShape{{1}}; }},
    {"chunk of n", [](int64_t n) { return chunk(repeated(std::max<int64_t>(n, 1)), 1)[0].shape(); },
     [](Wide n) -> WideShape { return {{std::max<Wide>(n, 1)}}; }},
    {"diagonal",
     [](int64_t n) {
       return diagonal(ones({3, 4}), n).shape();
     },
     [](Wide n) -> WideShape {
       return {{std::max<Wide>(0, n < 0 ? std::min<Wide>(3 + n, 4) : std::min<Wide>(3, 4 - n))}};
     }},
    {"diagonal of n x 3",
     [](int64_t n) {
       return diagonal(expand(ones({1}), {std::max<int64_t>(n / 4, 1), 3}), -1).shape();
     },
     [](Wide n) -> WideShape { return {{std::min<Wide>(std::max<Wide>(n / 4, 1) - 1, 3)}}; }},
    {"meshgrid",
     [](int64_t n) {
       return meshgrid(std::vector<Variable>{repeated(n), repeated(n)})[0].shape();
     },
     [](Wide n) -> WideShape {
       return {{n, n}};
     }},
    {"broadcast_tensors",
     [](int64_t n) {
       return broadcast_tensors(std::vector<Variable>{expand(ones({1}), {n, 1}), repeated(n)})[0].shape();
     },
     [](Wide n) -> WideShape {
       return {{n, n}};
     }},
    {"window_positions",
     [](int64_t n) {
       return window_positions("window_positions", {n, n}, {3, 3}, {.padding = {1, 1}});
     },
     [](Wide n) -> WideShape {
       return n < 0 ? WideShape{} : WideShape{{n, n}};
     },
     k2 - 1},
    {"window_positions padded",
     [](int64_t n) {
       return window_positions("window_positions", {5, 5}, {3, 3}, {.padding = {n, 0}});
     },
     [](Wide n) -> WideShape {
       return n < 0 ? WideShape{} : WideShape{{2 * n + 3, 3}};
     },
     kQuarter},
    {"window_positions stride",
     [](int64_t n) {
       return window_positions("window_positions", {5, 5}, {3, 3}, {.stride = {n, 1}});
     },
     [](Wide n) -> WideShape {
       return n < 1 ? WideShape{} : WideShape{{1, 3}};
     }},
    {"window_positions dilation",
     [](int64_t n) {
       return window_positions("window_positions", {5, 5}, {3, 3}, {.dilation = {n, n}});
     },
     [](Wide) -> WideShape { return {}; }},
    {"window_positions kernel",
     [](int64_t n) {
       return window_positions("window_positions", {5, 5}, {n, n}, {.dilation = {n, n}});
     },
     [](Wide) -> WideShape { return {}; }},
    {"pool_positions",
     [](int64_t n) {
       return pool_positions("pool_positions", {n, 9}, {2, 2}, {.stride = {2, 2}}, CeilMode::yes);
     },
     [](Wide n) -> WideShape {
       return n < 2 ? WideShape{} : WideShape{{(n + 1) / 2, 5}};
     },
     kQuarter},
    {"pool_positions stride",
     [](int64_t n) {
       return pool_positions("pool_positions", {9, 9}, {2, 2}, {.stride = {n, n}}, CeilMode::yes);
     },
     [](Wide n) -> WideShape {
       return n < 1 ? WideShape{} : WideShape{{1, 1}};
     }},
    {"numel_of",
     [](int64_t n) {
       return Shape{numel_of({n, 2, n}, "numel_of")};
     },
     [](Wide n) -> WideShape { return n < 0 || n >= kHalf ? WideShape{} : WideShape{{2 * n * n}}; }},
};

}  // namespace

TEST_CASE("huge sizes: views") { CHECK(check_all(kViews, true) > 500); }

}  // namespace weft::huge
