// tests/demos/stopped.cpp: runs that are stopped or killed go on, and end with the bits of one that was not
#include "tests/demos/stopped.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

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

bool wait_for_metrics(pid_t child, const fs::path& runs, const std::string& program) {
  while (contents(run_in(runs, program) / "metrics.jsonl").find("train") == std::string::npos) {
    if (waitpid(child, nullptr, WNOHANG) != 0) return false;
    usleep(10000);
  }
  return true;
}

void check_same_results(const fs::path& a, const fs::path& b, const std::vector<std::string>& files) {
  for (const std::string& name : files) {
    REQUIRE_MESSAGE(fs::exists(b / name), name);
    CHECK_MESSAGE(contents(a / name) == contents(b / name), name);
  }
  CHECK(without_seconds(a) == without_seconds(b));
}

void check_goes_on(const std::string& program, const std::vector<std::string>& arguments,
                   const std::vector<std::string>& files) {
  const TempFolder folder;
  const Outcome whole = run_program(program, joined(with_folder(arguments, folder.path / "whole")));
  REQUIRE_MESSAGE(whole.code == 0, whole.err);
  for (const int signal : {SIGINT, SIGTERM, SIGKILL}) {
    const fs::path runs = folder.path / std::to_string(signal), err = folder.path / "stderr";
    const pid_t child = start_program(program, with_folder(arguments, runs), err);
    const bool running = wait_for_metrics(child, runs, program);
    int status = 0;
    if (running) {
      REQUIRE(kill(child, signal) == 0);
      REQUIRE(waitpid(child, &status, 0) == child);
    }
    const fs::path run = run_in(runs, program);
    if (running && WIFEXITED(status) && WEXITSTATUS(status) != 0) {  // it may have ended before the signal came
      CHECK(WEXITSTATUS(status) == 128 + signal);
      const std::string way = "all is saved; go on with: " + fs::path(program).filename().string() + " --resume '";
      CHECK_MESSAGE(contents(err).find(way + run.string()) != std::string::npos, contents(err));
    }
    const Outcome resumed = run_program(program, "--quiet --resume '" + run.string() + "'");
    REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
    check_same_results(folder_of(whole), run, files);
  }
}

void check_goes_back(const std::string& program, const fs::path& run, const std::string& last,
                     const std::vector<std::string>& files) {
  const TempFolder folder;
  const fs::path copy = folder.path / "copy";
  fs::copy(run, copy, fs::copy_options::recursive);
  std::vector<fs::path> checkpoints;
  for (const auto& entry : fs::directory_iterator(copy / "checkpoints")) checkpoints.push_back(entry.path());
  REQUIRE(checkpoints.size() == 2);
  fs::remove(std::max(checkpoints[0], checkpoints[1]));
  fs::remove(copy / last);
  const Outcome resumed = run_program(program, "--quiet --resume '" + copy.string() + "'");
  REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
  check_same_results(run, copy, files);
}

}  // namespace weft::demo_test
