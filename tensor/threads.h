// tensor/threads.h: how many threads the backends may use
#pragma once

namespace weft {

/// One process-wide setting, at the start the number of cores this process may run on. Results do not depend on it.
/// Throws: n < 1.
void set_num_threads(int n);
int num_threads();

}  // namespace weft
