// tests/autograd/huge_sizes_computed.cpp: functions that compute
#include "nn/nn.h"
#include "tests/autograd/huge_sizes.h"

namespace weft::huge {
namespace {

const SizeCase kComputing[] = {
    {"add",
     [](int64_t n) {
       return (nothing({0, n, 1}) + nothing({0, 1, n})).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, n, n}};
     }},
    {"add elements",
     [](int64_t n) {
       return (expand(ones({1}), {n, 1}) + repeated(n)).shape();
     },
     [](Wide n) -> WideShape {
       return {{n, n}};
     }},
    {"exp n x 0",
     [](int64_t n) {
       return exp(nothing({n, 0})).shape();
     },
     [](Wide n) -> WideShape {
       return {{n, 0}};
     }},
    {"where",
     [](int64_t n) {
       return where(nothing({0, n}).value().to(DType::boolean), nothing({0, n}), nothing({0, 1})).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, n}};
     }},
    {"sum to n",
     [](int64_t n) {
       return sum(nothing({0, n}), {0}).shape();
     },
     [](Wide n) -> WideShape { return {{n}}; }},
    {"sum to 0",
     [](int64_t n) {
       return sum(nothing({0, n, n}), {1, 2}).shape();
     },
     [](Wide n) -> WideShape { return n < 0 ? WideShape{} : WideShape{{0}}; }},
    {"mean",
     [](int64_t n) {
       return mean(nothing({0, n}), {1}).shape();
     },
     [](Wide n) -> WideShape { return n < 0 ? WideShape{} : WideShape{{0}}; }},
    {"var",
     [](int64_t n) {
       return var(nothing({0, n, n}), {1, 2}, Keep::dim).shape();
     },
     [](Wide n) -> WideShape {
       return n < 0 ? WideShape{} : WideShape{{0, 1, 1}};
     }},
    {"argmax",
     [](int64_t n) {
       return argmax(zeros({0, n}), 1).shape();
     },
     [](Wide n) -> WideShape { return n < 0 ? WideShape{} : WideShape{{0}}; }},
    {"softmax",
     [](int64_t n) {
       return softmax(nothing({0, n}), 1).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, n}};
     }},
    {"softmax n x 0",
     [](int64_t n) {
       return softmax(nothing({n, 0}), 1).shape();
     },
     [](Wide n) -> WideShape {
       return {{n, 0}};
     }},
    {"cumsum",
     [](int64_t n) {
       return cumsum(nothing({0, n}), 1).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, n}};
     }},
    {"cumsum n x 0",
     [](int64_t n) {
       return cumsum(nothing({n, 0}), 1).shape();
     },
     [](Wide n) -> WideShape {
       return {{n, 0}};
     }},
    {"sort",
     [](int64_t n) {
       return sort(nothing({0, n}), 1).values.shape();
     },
     [](Wide n) -> WideShape {
       return {{0, n}};
     }},
    {"sort n x 0",
     [](int64_t n) {
       return sort(nothing({n, 0}), 1).values.shape();
     },
     [](Wide n) -> WideShape {
       return {{n, 0}};
     }},
    {"layer_norm",
     [](int64_t n) {
       return layer_norm(nothing({0, n}), {n}).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, n}};
     }},
    {"rms_norm",
     [](int64_t n) {
       return rms_norm(nothing({0, n, 2}), {n, 2}).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, n, 2}};
     }},
    {"gather",
     [](int64_t n) {
       return gather(nothing({0, n}), 1, arange(0, 0).reshape({0, 1}).expand({0, n})).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, n}};
     }},
    {"index_select row n", [](int64_t n) { return index_select(ones({3}), 0, tensor<int64_t>({n})).shape(); },
     [](Wide n) -> WideShape { return n < 0 || n > 2 ? WideShape{} : WideShape{{1}}; }},
    {"matmul",
     [](int64_t n) {
       return matmul(nothing({n, 0}), nothing({0, n})).shape();
     },
     [](Wide n) -> WideShape {
       return {{n, n}};
     }},
    {"matmul inner n",
     [](int64_t n) {
       return matmul(nothing({0, n}), nothing({n, 0})).shape();
     },
     [](Wide n) -> WideShape {
       return n < 0 ? WideShape{} : WideShape{{0, 0}};
     }},
    {"matmul batch",
     [](int64_t n) {
       return matmul(nothing({n, 1, 0, 2}), nothing({1, n, 2, 0})).shape();
     },
     [](Wide n) -> WideShape {
       return {{n, n, 0, 0}};
     }},
    {"bmm",
     [](int64_t n) {
       return bmm(nothing({0, n, 1}), nothing({0, 1, n})).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, n, n}};
     }},
    {"outer", [](int64_t n) { return outer(nothing({0}), repeated(n)).shape(); },
     [](Wide n) -> WideShape {
       return {{0, n}};
     }},
    {"outer elements", [](int64_t n) { return outer(repeated(n), repeated(n)).shape(); },
     [](Wide n) -> WideShape {
       return {{n, n}};
     }},
    {"kron",
     [](int64_t n) {
       return kron(nothing({n, 0}), nothing({n, 0})).shape();
     },
     [](Wide n) -> WideShape {
       return n < 0 ? WideShape{} : WideShape{{n * n, 0}};
     }},
    {"tensordot",
     [](int64_t n) {
       return tensordot(nothing({0, n, 2}), nothing({2, n, 0}), 1).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, n, n, 0}};
     }},
    {"flip",
     [](int64_t n) {
       return flip(nothing({0, n}), {0}).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, n}};
     }},
    {"einsum",
     [](int64_t n) {
       return einsum("ai,aj->aij", {nothing({0, n}), nothing({0, n})}).shape();
     },
     [](Wide n) -> WideShape {
       return {{0, n, n}};
     }},
    {"conv2d",
     [](int64_t n) {
       return conv2d(nothing({0, 1, n, 3}), ones({2, 1, 3, 3}), {}).shape();
     },
     [](Wide n) -> WideShape {
       return n < 3 ? WideShape{} : WideShape{{0, 2, n - 2, 1}};
     },
     kHalf / 4},
    {"conv2d padding",
     [](int64_t n) {
       return conv2d(nothing({0, 1, 3, 3}), ones({2, 1, 3, 3}), {}, {.padding = {n, 1}}).shape();
     },
     [](Wide n) -> WideShape {
       return n < 0 ? WideShape{} : WideShape{{0, 2, 2 * n + 1, 3}};
     },
     kQuarter / 8},
    {"conv2d batch n",
     [](int64_t n) {
       return conv2d(nothing({n, 0, 4, 4}), nothing({2, 0, 3, 3}), {}).shape();
     },
     [](Wide n) -> WideShape {
       return n < 0 ? WideShape{} : WideShape{{n, 2, 2, 2}};
     }},
    {"conv1d",
     [](int64_t n) {
       return conv1d(nothing({0, 1, 3}), ones({2, 1, 3}), {}, {.padding = n}).shape();
     },
     [](Wide n) -> WideShape {
       return n < 0 ? WideShape{} : WideShape{{0, 2, 2 * n + 1}};
     },
     kQuarter},
    {"conv_transpose2d",
     [](int64_t n) {
       return conv_transpose2d(nothing({0, 1, 3, 2}), ones({1, 2, 3, 3}), {}, {.stride = {n, 1}}).shape();
     },
     [](Wide n) -> WideShape {
       return n < 1 ? WideShape{} : WideShape{{0, 2, 2 * n + 3, 4}};
     },
     kQuarter / 8},
    {"conv_transpose2d n x n",
     [](int64_t n) {
       return conv_transpose2d(nothing({0, 1, n, n}), ones({1, 2, 3, 3}), {}, {.stride = {n, n}}).shape();
     },
     [](Wide n) -> WideShape {
       return n < 1 ? WideShape{} : WideShape{{0, 2, (n - 1) * n + 3, (n - 1) * n + 3}};
     },
     k2 - 1},
    {"conv_transpose1d",
     [](int64_t n) {
       return conv_transpose1d(nothing({0, 1, 2}), ones({1, 2, 3}), {}, {.dilation = n}).shape();
     },
     [](Wide n) -> WideShape {
       return n < 1 ? WideShape{} : WideShape{{0, 2, 2 * n + 2}};
     },
     kQuarter},
    {"unfold",
     [](int64_t n) {
       return unfold(nothing({0, 1, n, 2}), {2, 2}).shape();
     },
     [](Wide n) -> WideShape {
       return n < 2 ? WideShape{} : WideShape{{0, 4, n - 1}};
     },
     kQuarter},
    {"sliding_windows",
     [](int64_t n) {
       return sliding_windows(nothing({0, 1, 4, 4}), {2, 2}, {.padding = {n, 0}}).shape();
     },
     [](Wide n) -> WideShape {
       return n < 0 ? WideShape{} : WideShape{{0, 1, 2 * n + 3, 3, 2, 2}};
     },
     kQuarter / 8},
    {"max_pool2d",
     [](int64_t n) {
       return max_pool2d(nothing({0, 1, n, 4}), 2, 2, {.stride = {2, 2}}).shape();
     },
     [](Wide n) -> WideShape {
       return n < 2 ? WideShape{} : WideShape{{0, 1, n / 2, 2}};
     },
     kQuarter},
    {"avg_pool2d",
     [](int64_t n) {
       return avg_pool2d(nothing({0, 1, 4, n}), 2, 2, {.stride = {2, 2}}).shape();
     },
     [](Wide n) -> WideShape {
       return n < 2 ? WideShape{} : WideShape{{0, 1, 2, n / 2}};
     },
     kQuarter},
    {"adaptive_avg_pool2d",
     [](int64_t n) {
       return adaptive_avg_pool2d(nothing({0, 1, 4, 4}), n, 1).shape();
     },
     [](Wide n) -> WideShape {
       return n < 1 ? WideShape{} : WideShape{{0, 1, n, 1}};
     },
     k2, true},
    {"interpolate",
     [](int64_t n) {
       return interpolate(nothing({0, 1, 4, 4}), {.size = {n, 2}}).shape();
     },
     [](Wide n) -> WideShape {
       return n < 1 ? WideShape{} : WideShape{{0, 1, n, 2}};
     },
     k2, true},
    {"interpolate factor",
     [](int64_t n) {
       return interpolate(nothing({0, 1, 4}), {.scale_factor = {double(n)}}).shape();
     },
     [](Wide n) -> WideShape {
       return n < 1 ? WideShape{} : WideShape{{0, 1, 4 * n}};
     },
     k2, true},
};

}  // namespace

TEST_CASE("huge sizes: computing") { CHECK(check_all(kComputing) > 700); }

}  // namespace weft::huge
