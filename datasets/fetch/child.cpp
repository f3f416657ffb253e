// datasets/fetch/child.cpp: posix_spawn and waitpid
#include "datasets/fetch/child.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "datasets/file_error.h"

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

Ending run(const fs::path& program, const std::vector<std::string>& words, const fs::path& output) {
  std::vector<char*> arguments{const_cast<char*>(program.c_str())};
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  int file = -1;
  if (!output.empty()) {
    file = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) datasets::fail_file("weft-fetch", output, "cannot be written: {}", std::strerror(errno));
    posix_spawn_file_actions_adddup2(&actions, file, STDOUT_FILENO);
  }
  pid_t child = 0;
  const int error = posix_spawn(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (file >= 0) close(file);
  if (error != 0) fail("weft-fetch", "{} cannot be started: {}", program.string(), std::strerror(error));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) return {.signal = WTERMSIG(status)};
  return {.code = WEXITSTATUS(status)};
}

}  // namespace weft::fetch
