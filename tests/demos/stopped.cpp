// tests/demos/stopped.cpp: runs that are stopped or killed go on, and end with the bits of one that was not
#include "tests/demos/stopped.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <map>
#include <regex>

#include "hyper/demos/harness/checkpoint_file.h"
#include "hyper/demos/harness/metrics.h"
#include "tensor/logic.h"
#include "tensor/reduce.h"
#include "tests/demos/program.h"

namespace fs = std::filesystem;

namespace weft::demo_test {
namespace {

std::vector<std::string> with_folder(std::vector<std::string> words, const fs::path& runs) {
  words.insert(words.end(), {"--out", runs.string()});
  return words;
}

}  // namespace

std::string joined(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += word + " ";
  return line;
}

fs::path run_in(const fs::path& runs, const std::string& program) {
  std::error_code not_yet;
  for (const auto& entry : fs::directory_iterator(runs / fs::path(program).filename(), not_yet)) return entry.path();
  return {};
}

pid_t start_program(const std::string& program, const std::vector<std::string>& arguments, const fs::path& err) {
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  if (std::freopen(err.c_str(), "w", stderr) != nullptr) execv(words[0], words.data());
  _exit(127);
}

std::optional<int> hit_at_line(pid_t child, const fs::path& runs, const std::string& program, int64_t lines,
                               const std::vector<int>& signals) {
  int status = 0;
  while (count_of(contents(run_in(runs, program) / "metrics.jsonl"), "\n") < lines) {
    if (waitpid(child, &status, WNOHANG) != 0) return {};
    usleep(300);  // less than a step of the smallest model takes
  }
  for (const int signal : signals) kill(child, signal);
  if (waitpid(child, &status, 0) != child) return {};
  return status;
}

void check_same_results(const fs::path& a, const fs::path& b, const std::vector<std::string>& files) {
  for (const std::string& name : files) {
    REQUIRE_MESSAGE(fs::exists(b / name), name);
    CHECK_MESSAGE(contents(a / name) == contents(b / name), name);
  }
  CHECK(without_seconds(a) == without_seconds(b));
}

namespace {

/// Every file below a folder, with what it holds.
std::map<std::string, std::string> files_below(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[entry.path().string()] = contents(entry.path());
  }
  return files;
}

}  // namespace

void check_left_as_it_was(const fs::path& run, const std::function<void()>& work) {
  std::map<std::string, std::string> before = files_below(run);
  REQUIRE_FALSE(before.empty());
  work();
  for (const auto& [name, bytes] : files_below(run)) {
    const auto found = before.extract(name);
    CHECK_MESSAGE(!found.empty(), name);
    if (!found.empty()) CHECK_MESSAGE(found.mapped() == bytes, name);
  }
  for (const auto& [name, bytes] : before) FAIL_CHECK("gone: " << name);
}

namespace {

struct Hit {
  int64_t line;
  int signal;
};

/// Where a run with these metrics is hit.
std::vector<Hit> hits_in(const fs::path& run) {
  const std::vector<demo::Metric> metrics = demo::read_metrics(run / "metrics.jsonl");
  std::vector<int64_t> validations;
  int64_t last_model = 0;  ///< lines before it
  for (size_t i = 0; i < metrics.size(); ++i) {
    if (metrics[i].split == "validation") validations.push_back(static_cast<int64_t>(i) + 1);
    if (i > 0 && metrics[i].model != metrics[i - 1].model) last_model = static_cast<int64_t>(i);
  }
  REQUIRE(validations.size() > 1);
  const int64_t before_test = std::ssize(metrics) - 1;  // of the last model: no step follows
  return {{1, SIGINT},
          {validations[0], SIGTERM},
          {before_test, SIGINT},
          {validations[validations.size() - 2], SIGKILL},
          {last_model + (std::ssize(metrics) - last_model) / 2, SIGKILL}};
}

/// A run that was hit at that line; the signal may come too late on a busy machine, then there is another one.
fs::path run_that_was_hit(const std::string& program, const std::vector<std::string>& arguments, const Hit& hit,
                          const fs::path& folder) {
  constexpr int kMostRuns = 10;
  const fs::path err = folder / "stderr";
  for (int i = 0; i < kMostRuns; ++i) {
    const fs::path runs = folder / fmt::format("{}-{}-{}", hit.line, hit.signal, i);
    const pid_t child = start_program(program, with_folder(arguments, runs), err);
    const std::optional<int> status = hit_at_line(child, runs, program, hit.line, {hit.signal});
    const fs::path run = run_in(runs, program);
    if (!status || (WIFEXITED(*status) && WEXITSTATUS(*status) == 0)) continue;
    if (hit.signal == SIGKILL) {
      CHECK(WIFSIGNALED(*status));
    } else {
      CHECK(WEXITSTATUS(*status) == 128 + hit.signal);
      const std::string way = "all is saved; go on with: " + program + " --resume '";
      CHECK_MESSAGE(contents(err).find(way + run.string()) != std::string::npos, contents(err));
    }
    return run;
  }
  FAIL("no run was hit at line " << hit.line << " by signal " << hit.signal);
  return {};
}

}  // namespace

void check_goes_on(const std::string& program, const std::vector<std::string>& arguments,
                   const std::vector<std::string>& files) {
  const TempFolder folder;
  const Outcome whole = run_program(program, joined(with_folder(arguments, folder.path / "whole")));
  REQUIRE_MESSAGE(whole.code == 0, whole.err);
  for (const Hit& hit : hits_in(folder_of(whole))) {
    CAPTURE(hit.line);
    CAPTURE(hit.signal);
    const fs::path run = run_that_was_hit(program, arguments, hit, folder.path);
    const Outcome resumed = run_program(program, "--quiet --resume '" + run.string() + "'");
    REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
    check_same_results(folder_of(whole), run, files);
  }
}

void check_stops_in_test(const std::string& program, const std::vector<std::string>& arguments) {
  constexpr int kMostRuns = 10;  // the signal may come too late on a busy machine
  for (int i = 0; i < kMostRuns; ++i) {
    const TempFolder folder;
    const fs::path run = run_that_was_hit(program, arguments, {2, SIGINT}, folder.path);
    if (count_of(contents(run / "metrics.jsonl"), "\n") == 2) return;
  }
  FAIL("the test was never stopped");
}

void check_diverges(const std::string& program, const std::vector<std::string>& arguments) {
  for (const char* every : {"1000", "1"}) {
    CAPTURE(every);
    const TempFolder folder;
    const Outcome outcome = run_program(
        program, joined(with_folder(arguments, folder.path)) + "--quiet --lr 1e38 --checkpoint-every " + every);
    CHECK(outcome.code == 3);
    CHECK_MESSAGE(std::regex_search(outcome.err, std::regex(": (the (loss|gradient's norm) is .*, first in [a-z_0-9]+: "
                                                            "|checkpoint: (model|optimizer|carried)\\.).*"
                                                            " is (-?inf|nan) at \\[.*\\], the first such element")),
                  outcome.err);
    CHECK_MESSAGE(std::regex_search(outcome.err, std::regex(", after [0-9]+ steps")), outcome.err);
    CHECK_MESSAGE(outcome.says("hint: try a smaller --lr than 1e+38; the last checkpoint is whole"), outcome.err);
    int64_t checkpoints = 0;
    for (const fs::path& file : checkpoints_of(run_in(folder.path, program))) {
      ++checkpoints;
      for (const auto& [name, tensor] : demo::load_verified(file)) {
        const bool is_state = name.find(".trainer.progress.") == std::string::npos && is_floating(tensor.dtype());
        if (is_state) CHECK_MESSAGE(all(isfinite(tensor)).item<bool>(), name);
      }
    }
    CHECK(checkpoints > 0);
  }
}

void check_goes_back(const std::string& program, const fs::path& run, const std::string& last,
                     const std::vector<std::string>& files) {
  const TempFolder folder;
  const fs::path copy = folder.path / "copy";
  fs::copy(run, copy, fs::copy_options::recursive);
  const std::vector<fs::path> checkpoints = checkpoints_of(copy);
  REQUIRE(checkpoints.size() == 2);
  fs::remove(checkpoints.back());
  fs::remove(copy / last);
  const Outcome resumed = run_program(program, "--quiet --resume '" + copy.string() + "'");
  REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
  check_same_results(run, copy, files);
}

}  // namespace weft::demo_test
