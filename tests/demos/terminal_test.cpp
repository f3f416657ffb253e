// tests/demos/terminal_test.cpp: figure 4 in colours, on a terminal only
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/demos/program.h"
#include "tests/demos/stopped.h"

namespace fs = std::filesystem;
using weft::demo_test::contents, weft::demo_test::count_of, weft::demo_test::Outcome;

namespace {

/// The program with its stdout on a new terminal: what that was sent, with the ends of its lines as a file has them.
/// `no_color`: of the environment variable, which is unset without one.
Outcome run_on_terminal(const std::string& program, const std::vector<std::string>& arguments,
                        const char* no_color = nullptr) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  REQUIRE(master >= 0);
  REQUIRE(grantpt(master) == 0);
  REQUIRE(unlockpt(master) == 0);
  const int terminal = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);  // before the read, which needs one end
  REQUIRE(terminal >= 0);
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    if (no_color == nullptr) unsetenv("NO_COLOR");
    else setenv("NO_COLOR", no_color, 1);
    if (dup2(terminal, STDOUT_FILENO) >= 0) execv(words[0], words.data());
    _exit(127);
  }
  REQUIRE(child > 0);
  close(terminal);
  Outcome outcome{-1, "", ""};
  char piece[4096];
  for (ssize_t size = 1; size > 0;) {  // a terminal that nobody writes to any more fails with EIO
    size = read(master, piece, sizeof piece);
    for (ssize_t i = 0; i < size; ++i) {
      if (piece[i] != '\r') outcome.out += piece[i];
    }
  }
  close(master);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  if (WIFEXITED(status)) outcome.code = WEXITSTATUS(status);
  return outcome;
}

}  // namespace

TEST_CASE("hyper-lstm: the strip of figure 4 is coloured on a terminal, and nowhere else") {
  const weft::demo_test::TempFolder folder;
  std::ofstream text(folder.path / "text.txt");
  for (int i = 0; i < 200; ++i) text << "the quick brown fox, again " << i % 10 << "\n";
  text.close();
  const std::vector<std::string> arguments{
      "--corpus",        "file",      "--text",        (folder.path / "text.txt").string(),
      "--out",           folder.path, "--epochs",      "1",
      "--steps",         "2",         "--hidden-size", "8",
      "--hyper-size",    "4",         "--length",      "10",
      "--batch-size",    "8",         "--log-every",   "100",
      "--sample-length", "40",        "--model",       "hyper-lstm"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), arguments.begin(), arguments.end());
    return more;
  };
  const auto shows_text = [](const Outcome& outcome) {
    return outcome.says(contents(weft::demo_test::folder_of(outcome) / "sample.txt").substr(1));  // without the prompt
  };

  for (const char* no_color : {static_cast<const char*>(nullptr), ""}) {
    const Outcome coloured = run_on_terminal(WEFT_HYPER_LSTM, arguments, no_color);
    REQUIRE(coloured.code == 0);
    CHECK(count_of(coloured.out, "\x1b[48;5;") == 4 * (1 + 40));  // a box for each gate and letter, the prompt's too
    for (const char* gate : {"\ni \x1b[48;5;", "\nf \x1b[48;5;", "\ng \x1b[48;5;", "\no \x1b[48;5;"})
      CHECK_MESSAGE(coloured.says(gate), gate);
    CHECK(count_of(coloured.out, "\x1b[48;5;124m") >= 4);  // each gate's strongest change
    CHECK(count_of(coloured.out, "\x1b[0m\n") == 4 * count_of(coloured.out, "\ni \x1b["));
  }

  const Outcome without = run_on_terminal(WEFT_HYPER_LSTM, arguments, "1");
  REQUIRE(without.code == 0);
  CHECK_FALSE(without.says("\x1b"));
  CHECK(shows_text(without));
  const Outcome piped = weft::demo_test::run_program(WEFT_HYPER_LSTM, weft::demo_test::joined(arguments));
  REQUIRE_MESSAGE(piped.code == 0, piped.err);
  CHECK_FALSE(piped.says("\x1b"));
  CHECK(shows_text(piped));
  CHECK_FALSE(run_on_terminal(WEFT_HYPER_LSTM, with({"--quiet"})).says("\x1b"));
  std::vector<std::string> plain = arguments;
  plain.back() = "lstm";  // has no weights that change
  const Outcome learnt = run_on_terminal(WEFT_HYPER_LSTM, plain);
  CHECK_FALSE(learnt.says("\x1b"));
  CHECK(shows_text(learnt));
}
