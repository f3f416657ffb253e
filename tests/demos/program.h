// tests/demos/program.h: running a demo program from a test
#pragma once
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "tests/demos/tiny_mnist.h"

namespace weft::demo_test {

struct Outcome {
  int code;
  std::string out, err;
  bool says(const std::string& text) const { return (out + err).find(text) != std::string::npos; }
};

inline std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Runs `program` with `arguments` (words without spaces or quotes of their own), after `environment` ("NAME=value ").
inline Outcome run_program(const std::string& program, const std::string& arguments,
                           const std::string& environment = "") {
  static const TempFolder scratch;
  const std::filesystem::path err = scratch.path / "stderr";
  const std::string command = environment + "'" + program + "' " + arguments + " 2>'" + err.string() + "'";
  Outcome outcome{-1, "", ""};
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return outcome;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) outcome.out += static_cast<char>(c);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) outcome.code = WEXITSTATUS(status);
  outcome.err = contents(err);
  return outcome;
}

inline Outcome run_cnn(const std::string& arguments, const std::string& environment = "") {
  return run_program(WEFT_HYPER_CNN, arguments, environment);
}

/// The run folder's path is the last line of stdout.
inline std::filesystem::path folder_of(const Outcome& outcome) {
  std::istringstream lines(outcome.out);
  std::string line, last;
  while (std::getline(lines, line)) last = line;
  return last;
}

/// The checkpoints of a run, oldest first.
inline std::vector<std::filesystem::path> checkpoints_of(const std::filesystem::path& run) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(run / "checkpoints")) {
    if (entry.path().extension() == ".safetensors") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// metrics.jsonl without what no two runs have in common: the time.
inline std::string without_seconds(const std::filesystem::path& run) {
  std::string text = contents(run / "metrics.jsonl");
  for (size_t at; (at = text.find(",\"seconds\":")) != std::string::npos;) text.erase(at, text.find('}', at) - at);
  return text;
}

inline int64_t count_of(const std::string& text, const std::string& word) {
  int64_t n = 0;
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++n;
  return n;
}

}  // namespace weft::demo_test
