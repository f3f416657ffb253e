// bench/results/page.h: a run of weft-bench as one HTML page that needs no network
#pragma once
#include <string>

#include "bench/results/results.h"

namespace weft::bench {

/// First what rooflines() gives. Then for every family ("matmul" of "matmul/512x512x512") bars, a colour a device:
/// GFLOP/s or GB/s where all of its cases count them (GB/s of those that do less than one operation a byte), else time
/// a run; below them the numbers with their spread. At the end what the context says: processor, instruction set, BLAS,
/// threads, versions, flags.
std::string page(const Results& results);

}  // namespace weft::bench
