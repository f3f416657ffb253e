// bench/serve.h: a case that another process asks for runs of, so that twins in other libraries can take turns with it
#pragma once
#include <string>

namespace weft::bench {

/// Prepares the case on `cpu`, runs it once and writes its state to `file` (safetensors): weights and inputs as they
/// were before the run, loss and gradients as it left them. Prints one line of JSON that says what answers; then, for
/// every line on stdin with a number of runs, the seconds these took. Ends with stdin.
/// Throws: no such case, or one without state; a line that is no number; FileError.
void serve(const std::string& name, const std::string& file);

}  // namespace weft::bench
