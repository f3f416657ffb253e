// datasets/sandbox.cpp: _Fork, rlimits, seccomp and a pipe
//
// The parent may have other threads, whose locks the child inherits locked: so _Fork, which runs no handlers, and a
// child that never allocates. Everything that it may need is made before.
#include "datasets/sandbox.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>

#include "tensor/file.h"

namespace weft::datasets {
namespace {

constexpr std::string_view kSandbox = "sandbox";

/// Pages that the system gives when they are touched.
class Pages {
 public:
  explicit Pages(size_t bytes) : bytes_(bytes) {
    start_ = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start_ == MAP_FAILED)
      fail(kSandbox, "no {} bytes of address space: {}; hint: is `ulimit -v` set?", bytes, system_error_text());
  }
  ~Pages() { munmap(start_, bytes_); }
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  std::span<std::byte> span() const { return {static_cast<std::byte*>(start_), bytes_}; }

 private:
  size_t bytes_;
  void* start_;
};

/// What the child says first.
enum class Start : char { fenced = 'f', refused = 'r' };

void write_all(int to, const void* bytes, size_t size) {
  for (size_t written = 0; written < size;) {
    // By hand: write() is a place for cancellation, and sanitizers look into it.
    const auto count = syscall(SYS_write, to, static_cast<const char*>(bytes) + written, size - written);
    if (count > 0) written += static_cast<size_t>(count);
    else if (count == 0 || errno != EINTR) return;  // nobody reads any more
  }
}

/// The program's own handlers would ask the system for this and that. Ctrl-C is for the parent to answer.
void forget_handlers() {
  for (const int crash : {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGPIPE, SIGXCPU}) signal(crash, SIG_DFL);
  for (const int request : {SIGINT, SIGTERM, SIGHUP}) signal(request, SIG_IGN);
}

bool fence(int64_t cpu_seconds) {
  const auto limited = [](auto resource, rlim_t most) {
    const rlimit limit{most, most};
    return setrlimit(resource, &limit) == 0;
  };
  return limited(RLIMIT_CPU, static_cast<rlim_t>(cpu_seconds)) && limited(RLIMIT_CORE, 0) &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == 0;
}

[[noreturn]] void end_child() {
  for (;;) syscall(SYS_exit, 0);  // _exit would ask for exit_group, which seccomp kills
}

[[noreturn]] void be_child(int pipe, const SandboxLimits& limits, const SandboxedWork& work,
                           std::span<std::byte> memory) {
  forget_handlers();
  constexpr int kAnswer = 0;  // where stdin was; all else goes, the parent's files too
  const bool alone = dup2(pipe, kAnswer) == kAnswer && syscall(SYS_close_range, kAnswer + 1, ~0U, 0) == 0;
  const Start start = alone && fence(limits.cpu_seconds) ? Start::fenced : Start::refused;
  write_all(kAnswer, &start, 1);
  if (start == Start::fenced) work(memory, [](const void* bytes, size_t size) { write_all(kAnswer, bytes, size); });
  end_child();
}

/// All that the child writes, or more than `most` bytes.
std::vector<uint8_t> read_answer(int from, size_t most) {
  std::vector<uint8_t> answer;
  while (answer.size() <= most) {
    constexpr size_t kPiece = size_t{1} << 20;
    const size_t before = answer.size();
    answer.resize(before + kPiece);
    ssize_t count = 0;
    do count = read(from, answer.data() + before, kPiece);
    while (count < 0 && errno == EINTR);
    answer.resize(before + static_cast<size_t>(std::max<ssize_t>(count, 0)));
    if (count <= 0) break;
  }
  return answer;
}

/// The signal that ended the child; 0: it ended by itself.
int signal_of(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      fail(kSandbox, "the child cannot be waited for: {}; hint: was this program started with SIGCHLD ignored?",
           system_error_text());
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

}  // namespace

std::optional<std::vector<uint8_t>> run_in_sandbox(const SandboxLimits& limits, const SandboxedWork& work,
                                                   std::string& why) {
  const Pages memory(static_cast<size_t>(limits.memory_bytes));
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail(kSandbox, "no pipe to a child can be made: {}", system_error_text());
  OpenFile from(ends[0]), to(ends[1]);
  const pid_t child = _Fork();
  if (child < 0) fail(kSandbox, "no child process can be made: {}", system_error_text());
  if (child == 0) be_child(to.descriptor(), limits, work, memory.span());
  to.close();  // the child's copy alone is left: reading ends when the child does
  const auto most = static_cast<size_t>(limits.answer_bytes);
  std::vector<uint8_t> answer = read_answer(from.descriptor(), most + 1);
  const bool too_long = answer.size() > most + 1;
  if (too_long) kill(child, SIGKILL);
  from.close();
  const int signal = signal_of(child);
  if (!answer.empty() && answer[0] == static_cast<uint8_t>(Start::refused))
    fail(kSandbox, "this system has no close_range (Linux 5.9) or forbids seccomp");
  if (too_long) why = fmt::format("it answers with more than {} bytes", most);
  else if (signal == SIGKILL || signal == SIGXCPU)  // as seccomp and the limit on time end a child
    why = fmt::format("it was killed: {} s of computing, or a forbidden call", limits.cpu_seconds);
  else if (signal != 0) why = fmt::format("it crashed: {}", strsignal(signal));
  else if (answer.empty()) why = "it ended before it began";
  else {
    answer.erase(answer.begin());
    return answer;
  }
  return {};
}

}  // namespace weft::datasets
