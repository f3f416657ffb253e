// bench/results/results.h: what a run of weft-bench measured, read from Google Benchmark's JSON
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace weft::bench {

/// A case on one device.
struct Measured {
  std::string name;                ///< "matmul/512x512x512"
  std::string device;              ///< "cpu"
  std::vector<double> times = {};  ///< seconds a run, one a repetition, rising; empty when it was refused
  double gflops = 0, gbytes = 0;   ///< a second, of the median repetition; 0: not counted

  double median() const;
  /// (slowest - fastest) / median; 0 of one repetition.
  double spread() const;
};

struct Results {
  std::map<std::string, std::string> context;  ///< "weft threads" -> "2": machine, versions, settings
  std::vector<Measured> cases;                 ///< in the order of the file
};

/// Reads what --benchmark_out=FILE (or --benchmark_format=json) wrote; means and deviations over repetitions are left
/// out. Throws UsageError: no such file, no such JSON, nothing timed in it.
Results load_results(const std::filesystem::path& path);

}  // namespace weft::bench
