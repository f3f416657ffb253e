// hyper/embeddings.cpp: what a hyper cell tells the main cell at every step
#include "hyper/embeddings.h"

#include "hyper/init.h"
#include "tensor/create.h"

namespace weft::hyper {

Embeddings::Embeddings(int64_t hyper_size, int64_t embedding_size, int64_t gates, RandomStream& init) {
  if (hyper_size < 1 || embedding_size < 1 || gates < 1) {
    fail("Embeddings", "hyper_size is {}, embedding_size {}, gates {}; hint: all are at least 1", hyper_size,
         embedding_size, gates);
  }
  weight = nn::Parameter(empty({3, gates, embedding_size, hyper_size}));
  bias = nn::Parameter(empty({2, gates, embedding_size}));
  init::embedding_weight_(weight.value(), init);
  init::embedding_bias_(bias.value());
  register_parameter("weight", weight);
  register_parameter("bias", bias);
}

Variable Embeddings::operator()(const Variable& hyper_h) const {
  const int64_t gates = weight.size(1), size = weight.size(2), rows = 3 * gates * size;
  const Variable all_biases = pad(flatten(bias), {{0, gates * size}});  // none in the role b
  const Variable z = linear(hyper_h, reshape(weight, {rows, weight.size(3)}), all_biases);
  return reshape(z, {hyper_h.size(0), 3, gates, size});
}

}  // namespace weft::hyper
