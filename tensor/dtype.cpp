// tensor/dtype.cpp: the one complaint of dispatch by dtype
#include "tensor/dtype.h"

#include "tensor/error.h"

namespace weft {

void fail_storage_only() {
  fail("bfloat16", "only holds elements, nothing computes in it; hint: bring it over with to(DType::float32)");
}

}  // namespace weft
