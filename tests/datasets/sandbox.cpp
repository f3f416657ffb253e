// tests/datasets/sandbox.cpp: what work in a sandbox may do, and what becomes of work that does more
#include "datasets/sandbox.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <thread>

#include "datasets/image_file.h"
#include "tests/datasets/holds.h"
#include "tests/fixtures/folder.h"

namespace weft::test {
namespace {

using datasets::Answer, datasets::DecodeImages;

constexpr datasets::SandboxLimits kSmall{.memory_bytes = 1 << 20, .cpu_seconds = 1, .answer_bytes = 1000};

/// What the work answers, as text.
std::optional<std::string> answer_of(const datasets::SandboxedWork& work, std::string& why) {
  const auto answer = run_in_sandbox(kSmall, work, why);
  if (!answer) return {};
  return std::string(answer->begin(), answer->end());
}

/// Why the work got no answer through.
std::string end_of(const datasets::SandboxedWork& work) {
  std::string why;
  const auto answer = answer_of(work, why);
  return answer ? "it answered " + *answer : why;
}

}  // namespace

TEST_CASE("sandbox: work sees what is there, has memory and answers") {
  const std::string seen = "what was there";
  std::string why, changed = "before";
  const auto answer = answer_of(
      [&](std::span<std::byte> memory, const Answer& say) {
        std::memset(memory.data(), 'm', memory.size());
        changed[0] = 'x';
        say(seen.data(), seen.size());
        say(&memory.back(), 1);
      },
      why);
  CHECK(answer == "what was therem");
  CHECK(changed == "before");  // the child's copy was written to
  CHECK(answer_of([](std::span<std::byte>, const Answer&) {}, why) == "");
  CHECK(why.empty());
}

TEST_CASE("sandbox: a crash, a loop and too long an answer end the child alone") {
  CHECK(end_of([](auto, const Answer&) { __builtin_trap(); }).find("it crashed: Illegal instruction") == 0);
  CHECK(end_of([](auto, const Answer&) {
          for (volatile bool forever = true; forever;) {
          }
        }) == "it was killed: 1 s of computing, or a forbidden call");
  const std::string text(1001, 'x');
  CHECK(end_of([&](auto, const Answer& say) { say(text.data(), 1000); }) == "it answered " + text.substr(1));
  CHECK(end_of([&](auto, const Answer& say) { say(text.data(), 1001); }) == "it answers with more than 1000 bytes");
}

TEST_CASE("sandbox: files, processes, sockets and memory are out of reach") {
  const std::string killed = "it was killed: 1 s of computing, or a forbidden call";
  CHECK(end_of([](auto, const Answer&) { (void)open("/", O_RDONLY); }) == killed);
  CHECK(end_of([](auto, const Answer&) { (void)_Fork(); }) == killed);
  CHECK(end_of([](auto, const Answer&) { (void)socket(AF_UNIX, SOCK_STREAM, 0); }) == killed);
  CHECK(end_of([](auto, const Answer&) { (void)kill(getppid(), SIGKILL); }) == killed);
  CHECK(end_of([](auto, const Answer&) { (void)sbrk(1 << 20); }) == killed);
  // A file that the program has open is closed in the child: writing fails, and the file stays empty.
  const TempFolder folder;
  const int file = open(folder.write("mine", {}).c_str(), O_WRONLY);
  REQUIRE(file > 2);
  CHECK(end_of([&](auto, const Answer& say) {
          const char result = write(file, "x", 1) < 0 && errno == EBADF ? 'y' : 'n';
          say(&result, 1);
        }) == "it answered y");
  close(file);
  CHECK(std::filesystem::file_size(folder.path / "mine") == 0);
}

TEST_CASE("sandbox: an address space that is not there is an error of the system") {
  std::string why;
  const auto all_of_it = [&] {
    run_in_sandbox(
        {.memory_bytes = int64_t{1} << 60, .cpu_seconds = 1, .answer_bytes = 1}, [](auto, const Answer&) {}, why);
  };
  holds(message(all_of_it), "sandbox: no 1152921504606846976 bytes of address space: ");
}

TEST_CASE("images: a sandbox gives the same pixels and the same complaints") {
  const std::filesystem::path images = fixtures() / "images";
  int64_t read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(images)) {
    if (entry.path().extension() != ".png" && entry.path().extension() != ".jpg") continue;
    for (const int64_t channels : {1, 3}) {
      const Tensor here = datasets::load_image(entry.path(), channels),
                   apart = datasets::load_image(entry.path(), channels, DecodeImages::in_sandbox);
      CHECK(apart.shape() == here.shape());
      CHECK_MESSAGE(apart.to_vector<double>() == here.to_vector<double>(), entry.path().string());
      ++read;
    }
  }
  CHECK(read == 14);
}

TEST_CASE("images: a damaged file is refused in a sandbox in the same words") {
  std::ifstream file(fixtures() / "images" / "progressive.jpg", std::ios::binary);
  const Bytes jpeg(std::istreambuf_iterator<char>(file), {});
  RandomStream random(3, 0);
  int64_t refused = 0;
  for (int trial = 0; trial < 200; ++trial) {
    Bytes changed = jpeg;
    for (int64_t n = 1 + random.below(3); n > 0; --n)
      changed[size_t(random.below(int64_t(jpeg.size())))] = static_cast<uint8_t>(random.below(256));
    const auto complaint = [&](DecodeImages where) {
      return thrown<FileError>([&] { datasets::decode_image(changed, "it", 3, where); });
    };
    const std::string here = complaint(DecodeImages::in_process);
    CHECK(complaint(DecodeImages::in_sandbox) == here);
    refused += !here.empty();
  }
  CHECK(refused > 10);
}

TEST_CASE("sandbox: several threads at once") {
  std::vector<std::thread> threads;
  std::array<int, 4> right{};
  for (size_t t = 0; t < right.size(); ++t)
    threads.emplace_back([&right, t] {
      for (int i = 0; i < 20; ++i) {
        std::vector<int> busy(1000, i);  // the allocator is in use when another thread forks
        std::string why;
        const auto answer =
            answer_of([&](auto, const Answer& say) { say(&busy[0], sizeof(int)); }, why).value_or("nothing");
        right[t] += answer == std::string(reinterpret_cast<const char*>(&i), sizeof(int));
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(right == std::array<int, 4>{20, 20, 20, 20});
}

}  // namespace weft::test
