// tests/backends/cpu_bits_test.cpp: the cpu backend's bits depend on neither the threads nor the instruction set
#include <doctest/doctest.h>

#include <cstring>
#include <functional>
#include <vector>

#include "backends/cpu/isa.h"
#include "tensor/backend.h"
#include "tensor/conv.h"
#include "tensor/create.h"
#include "tensor/elementwise.h"
#include "tensor/indexing.h"
#include "tensor/lstm.h"
#include "tensor/lstm_sequence.h"
#include "tensor/matmul.h"
#include "tensor/normalization.h"
#include "tensor/pool.h"
#include "tensor/random.h"
#include "tensor/reduce.h"
#include "tensor/scaled_gates.h"
#include "tensor/scan.h"
#include "tensor/softmax.h"
#include "tensor/sort.h"
#include "tensor/threads.h"
#include "tests/backends/against_reference.h"

using namespace weft;
using namespace weft::test;

namespace {

struct Case {
  const char* name;
  std::function<Tensor()> run;
};

bool same_bits(const Tensor& a, const Tensor& b) {
  const Tensor left = a.contiguous(), right = b.contiguous();
  return left.shape() == right.shape() && left.dtype() == right.dtype() &&
         std::memcmp(left.raw_data(), right.raw_data(), static_cast<size_t>(left.numel() * size_of(left.dtype()))) == 0;
}

struct RestoreThreads {
  int before = num_threads();
  ~RestoreThreads() { set_num_threads(before); }
};

/// Several runs of columns a gate, the last one narrower.
Tensor scaled_sums() {
  return scaled_gates(normal({129, 4 * 151}), normal({129, 4 * 151}), normal({129, 3, 4, 5}), normal({3, 4, 151, 5}),
                      normal({4 * 151}));
}

ScaledGatesGradient scaled_sums_gradient() {
  const Tensor product = normal({129, 4 * 151});
  return scaled_gates_gradient(product, product, normal({129, 3, 4, 5}), normal({3, 4, 151, 5}), product, true);
}

/// Gates cross panels, the last of which is narrower.
LstmSequence lstm_steps(From from) {
  return lstm_sequence(normal({5, 129, 4 * 37}), normal({4 * 37, 37}), normal({129, 37}), normal({129, 37}),
                       {.from = from, .forget_bias = 1});
}

LstmSequenceGradient lstm_steps_gradient() {
  const LstmSequence sequence = lstm_steps(From::first);
  return lstm_sequence_gradient(sequence, normal({4 * 37, 37}), normal(sequence.states.shape()), {.forget_bias = 1});
}

/// Products multiply and add in one rounding where the processor can: their bits depend on the instruction set.
const std::vector<Case> kLstmSequences = {
    {"lstm_sequence", [] { return lstm_steps(From::first).states; }},
    {"lstm_sequence from the last step", [] { return lstm_steps(From::last).states; }},
    {"lstm_sequence_gradient of gates", [] { return lstm_steps_gradient().gates; }},
    {"lstm_sequence_gradient of h0", [] { return lstm_steps_gradient().h0; }},
    {"lstm_sequence_gradient of c0", [] { return lstm_steps_gradient().c0; }},
};

const std::vector<Case> kScaledGates = {
    {"scaled_gates", scaled_sums},
    {"scaled_gates_gradient of by_h", [] { return scaled_sums_gradient().by_h; }},
    {"scaled_gates_gradient of by_x", [] { return scaled_sums_gradient().by_x; }},
    {"scaled_gates_gradient of z", [] { return scaled_sums_gradient().z; }},
    {"scaled_gates_gradient of scale_weight", [] { return scaled_sums_gradient().scale_weight; }},
    {"scaled_gates_gradient of bias", [] { return scaled_sums_gradient().bias; }},
};

const Window2d kPadded{{1, 1}, {3, 3}};
const Window2d kStrided{{2, 2}, {1, 1}};

/// What one step makes of a parameter of `size` elements, its gradient and the means of that and its square.
Tensor adam_stepped(int64_t size, DType dtype) {
  const Tensor state = abs(normal({4, size}, dtype));
  state.backend().adam_step(state.select(0, 0), state.select(0, 1), state.select(0, 2), state.select(0, 3),
                            {0.9, 0.999, 1e-8, 0.01, 0.5, 0.1});
  return state;
}

/// In [0, bound), each many times.
Tensor places(const Shape& shape, int64_t bound) {
  RandomStream stream(5, static_cast<uint32_t>(bound));
  return random_uniform(shape, stream, 0, static_cast<double>(bound), {DType::float64, cpu}).to(DType::int64);
}

const std::vector<Case> kCases = {
    {"matmul 300 x 200 x 130",
     [] {
       return matmul(normal({300, 130}), normal({130, 200}));
     }},
    {"matmul float64",
     [] {
       return matmul(normal({200, 300}, DType::float64), normal({300, 190}, DType::float64));
     }},
    {"matmul of few outputs",
     [] {
       return matmul(normal({10, 90000}), normal({90000, 33}));
     }},
    {"matmul batch",
     [] {
       return matmul(normal({70, 9, 11}), normal({70, 11, 5}));
     }},
    {"matrix vector",
     [] {
       return matmul(normal({700, 333}), normal({333}));
     }},
    {"vector matrix",
     [] {
       return matmul(normal({333}), normal({333, 700}));
     }},
    {"conv2d",
     [] {
       return conv2d(normal({37, 3, 14, 14}), normal({16, 3, 7, 7}), kPadded);
     }},
    {"conv2d of one image",
     [] {
       return conv2d(normal({1, 16, 14, 14}), normal({40, 16, 3, 3}), kStrided);
     }},
    {"conv2d_input_gradient",
     [] {
       return conv2d_input_gradient(normal({37, 16, 14, 14}), normal({16, 5, 7, 7}), {14, 14}, kPadded);
     }},
    {"conv2d_weight_gradient",
     [] {
       return conv2d_weight_gradient(normal({37, 5, 14, 14}), normal({37, 16, 14, 14}), {7, 7}, kPadded);
     }},
    {"conv2d_weight_gradient of few images",
     [] {
       return conv2d_weight_gradient(normal({3, 5, 14, 14}), normal({3, 35, 14, 14}), {7, 7}, kPadded);
     }},
    {"conv2d in few groups",
     [] {
       return conv2d(normal({5, 6, 14, 14}), normal({9, 2, 3, 3}), {.dilation = {2, 1}}, 3);
     }},
    {"conv2d in many groups",
     [] {
       return conv2d(normal({5, 64, 14, 14}), normal({96, 4, 3, 3}), {}, 16);
     }},
    {"conv2d_weight_gradient in many groups",
     [] {
       return conv2d_weight_gradient(normal({5, 64, 9, 9}), normal({5, 96, 7, 7}), {3, 3}, {}, 16);
     }},
    {"depthwise conv2d",
     [] {
       return conv2d(normal({5, 33, 28, 28}), normal({33, 1, 3, 3}), kPadded, 33);
     }},
    {"depthwise conv2d_input_gradient",
     [] {
       return conv2d_input_gradient(normal({5, 33, 26, 26}), normal({33, 1, 3, 3}), {28, 28}, {}, 33);
     }},
    {"depthwise conv2d_weight_gradient",
     [] {
       return conv2d_weight_gradient(normal({5, 33, 28, 28}), normal({5, 33, 26, 26}), {3, 3}, {}, 33);
     }},
    {"layer_norm",
     [] {
       return layer_norm(normal({129, 4, 131}), normal({4, 131}), normal({4, 131}));
     }},
    {"layer_norm_gradient of x",
     [] {
       return layer_norm_gradient(normal({129, 4, 131}), normal({4, 131}), 1e-5, normal({129, 4, 131}), true, true).x;
     }},
    {"layer_norm_gradient of weight",
     [] {
       return layer_norm_gradient(normal({129, 4, 131}), normal({4, 131}), 1e-5, normal({129, 4, 131}), true, true)
           .weight;
     }},
    {"lstm_cell_state",
     [] {
       return lstm_cell_state(normal({129, 4 * 131}), normal({129, 131}), 1, normal({129, 131}));
     }},
    {"lstm_cell_state_gradient",
     [] {
       return lstm_cell_state_gradient(normal({129, 4 * 131}), normal({129, 131}), 1, {}, normal({129, 131})).gates;
     }},
    {"lstm_hidden_state",
     [] {
       return lstm_hidden_state(normal({129, 4 * 131}), normal({129, 131}));
     }},
    {"lstm_hidden_state_gradient",
     [] {
       return lstm_hidden_state_gradient(normal({129, 4 * 131}), normal({129, 131}), normal({129, 131})).c;
     }},
    {"sum of all", [] { return sum(normal({300001})); }},
    {"sum of rows",
     [] {
       return sum(normal({300, 1003}), {1});
     }},
    {"sum of columns",
     [] {
       return sum(normal({1003, 300}), {0});
     }},
    {"sum around a kept axis",
     [] {
       return sum(normal({60, 16, 14, 14}), {0, 2, 3});
     }},
    {"max of columns",
     [] {
       return max(normal({1003, 300}), {0});
     }},
    {"cumsum of all", [] { return cumsum(normal({300001}), 0); }},
    {"cumprod of columns, from the last",
     [] {
       return cumprod(normal({1003, 300}), 0, From::last);
     }},
    {"sort of rows",
     [] {
       return sort(normal({300, 103})).values;
     }},
    {"softmax",
     [] {
       return softmax(normal({500, 77}), 1);
     }},
    {"log_softmax",
     [] {
       return log_softmax(normal({5000, 10}), 1);
     }},
    {"exp", [] { return exp(normal({100000})); }},
    {"softplus", [] { return softplus(normal({100003})); }},
    {"max_pool2d",
     [] {
       return max_pool2d(normal({37, 16, 14, 14}), 2, 2, {{2, 2}, {0, 0}}).values;
     }},
    {"adam_step", [] { return adam_stepped(120301, DType::float32); }},
    {"adam_step float64", [] { return adam_stepped(120301, DType::float64); }},
    {"gather of rows",
     [] {
       return gather(normal({300, 401}), 0, places({500, 401}, 300));
     }},
    {"gather along rows",
     [] {
       return gather(normal({300, 401}), 1, places({300, 500}, 401));
     }},
    {"scatter_add to rows",
     [] {
       return scatter_add(normal({30, 401}), 0, places({500, 401}, 30), normal({500, 401}));
     }},
    {"scatter_add along rows",
     [] {
       return scatter_add(normal({300, 41}), 1, places({300, 500}, 41), normal({300, 500}));
     }},
    {"scatter_add to few places", [] { return scatter_add(normal({7}), 0, places({200003}, 7), normal({200003})); }},
    {"permuted copy",
     [] {
       return normal({40, 50, 60}).permute({2, 0, 1}).contiguous();
     }},
    {"normal", [] { return normal({100003}); }},
};

}  // namespace

TEST_CASE("cpu: any number of threads gives the same bits") {
  const RestoreThreads restore;
  std::vector<Case> cases = kCases;
  cases.insert(cases.end(), kScaledGates.begin(), kScaledGates.end());
  cases.insert(cases.end(), kLstmSequences.begin(), kLstmSequences.end());
  for (const Case& c : cases) {
    CAPTURE(c.name);
    set_num_threads(1);
    const Tensor expected = c.run();
    for (const int threads : {2, 3, 4}) {
      CAPTURE(threads);
      set_num_threads(threads);
      CHECK(same_bits(c.run(), expected));
    }
  }
}

TEST_CASE("cpu: every instruction set gives the same bits to element-wise ops and reductions") {
  using cpu_kernels::Isa;
  const RestoreIsa restore;
  std::vector<Case> cases = {
      {"add", [] { return normal({1003}) + normal({1003}); }},
      {"a multiply and an add do not fuse", [] { return normal({1003}) * 3.7 + normal({1003}); }},
      {"row of a bias",
       [] {
         return normal({31, 1003}) + normal({1003});
       }},
      {"div", [] { return normal({1003}) / normal({1003}); }},
      {"relu", [] { return relu(normal({1003})); }},
      {"sqrt", [] { return sqrt(abs(normal({1003}))); }},
      {"exp", [] { return exp(normal({1003})); }},
      {"expm1", [] { return expm1(normal({1003})); }},
      {"log", [] { return log(abs(normal({1003}))); }},
      {"log1p", [] { return log1p(abs(normal({1003}))); }},
      {"tanh", [] { return tanh(normal({1003})); }},
      {"sigmoid", [] { return sigmoid(normal({1003})); }},
      {"gelu by tanh", [] { return gelu(normal({1003}), GeluForm::tanh); }},
      {"mish", [] { return mish(normal({1003})); }},
      {"elu", [] { return elu(normal({1003}), 0.7); }},
      {"softplus", [] { return softplus(normal({1003})); }},
      {"floor, float64", [] { return floor(normal({1003}, DType::float64)); }},
      {"less", [] { return less(normal({1003}), 0.25); }},
      {"add_",
       [] {
         const Tensor y = normal({1003}).clone();
         return y.add_(normal({1003}), 0.3);
       }},
      {"adam_step", [] { return adam_stepped(1003, DType::float32); }},
      {"adam_step float64", [] { return adam_stepped(1003, DType::float64); }},
      {"sum",
       [] {
         return sum(normal({100, 1003}), {1});
       }},
      {"sum of columns",
       [] {
         return sum(normal({1003, 100}), {0});
       }},
      {"matrix vector",
       [] {
         return matmul(normal({70, 333}), normal({333}));
       }},
      {"log_softmax",
       [] {
         return log_softmax(normal({50, 77}), 1);
       }},
      {"log_softmax of few classes",
       [] {
         return log_softmax(normal({50, 10}), 1);
       }},
  };
  cases.insert(cases.end(), kScaledGates.begin(), kScaledGates.end());
  for (const Case& c : cases) {
    CAPTURE(c.name);
    cpu_kernels::set_active_isa(Isa::baseline);
    const Tensor expected = c.run();
    for (const Isa isa : {Isa::avx2, Isa::avx512}) {
      if (isa > cpu_kernels::best_isa()) continue;
      CAPTURE(cpu_kernels::name_of(isa));
      cpu_kernels::set_active_isa(isa);
      CHECK(same_bits(c.run(), expected));
    }
  }
}
