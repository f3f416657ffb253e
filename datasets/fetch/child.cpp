// datasets/fetch/child.cpp: posix_spawn, a pipe and waitpid
#include "datasets/fetch/child.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>

#include "tensor/file.h"

extern "C" char** environ;

namespace weft::fetch {

namespace fs = std::filesystem;

std::optional<fs::path> find_program(const std::string& name) {
  const char* variable = std::getenv("PATH");
  std::string_view folders = variable != nullptr ? variable : "";
  while (!folders.empty()) {
    const size_t end = folders.find(':');
    const fs::path path = fs::path(folders.substr(0, end)) / name;
    if (access(path.c_str(), X_OK) == 0 && !fs::is_directory(path)) return path;
    folders = end == std::string_view::npos ? std::string_view() : folders.substr(end + 1);
  }
  return {};
}

namespace {

constexpr std::string_view kChild = "weft-fetch";

struct Pipe {
  OpenFile from, to;

  void open() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail(kChild, "no pipe to a program can be made: {}", system_error_text());
    from = OpenFile(ends[0]);
    to = OpenFile(ends[1]);
  }
};

void pass_on(const OpenFile& from, const Take& take) {
  std::vector<char> piece(size_t{1} << 16);
  for (;;) {
    const ssize_t got = read(from.descriptor(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(kChild, "what a program prints cannot be read: {}", system_error_text());
    if (got == 0) return;
    take({piece.data(), static_cast<size_t>(got)});
  }
}

pid_t start(const fs::path& program, const std::vector<std::string>& words, const Pipe& pipe) {
  std::vector<char*> arguments{const_cast<char*>(program.c_str())};
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (pipe.to.is_open()) posix_spawn_file_actions_adddup2(&actions, pipe.to.descriptor(), STDOUT_FILENO);
  pid_t child = 0;
  const int error = posix_spawn(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) fail(kChild, "{} cannot be started: {}", program.string(), std::strerror(error));
  return child;
}

Ending wait_for(pid_t child, const fs::path& program) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno == EINTR) continue;
    fail(kChild, "{} cannot be waited for: {}; hint: was this program started with SIGCHLD ignored?", program.string(),
         system_error_text());
  }
  if (WIFSIGNALED(status)) return {.signal = WTERMSIG(status)};
  return {.code = WEXITSTATUS(status)};
}

}  // namespace

Ending run(const fs::path& program, const std::vector<std::string>& words, const Take& take) {
  Pipe pipe;
  if (take) pipe.open();
  const pid_t child = start(program, words, pipe);
  pipe.to.close();  // the child's copy alone is left: reading ends when the child does
  std::exception_ptr refused;
  try {
    if (take) pass_on(pipe.from, take);
  } catch (...) {
    refused = std::current_exception();
  }
  pipe.from.close();  // a child that goes on writing ends by SIGPIPE
  const Ending ending = wait_for(child, program);
  if (refused) std::rethrow_exception(refused);
  return ending;
}

}  // namespace weft::fetch
