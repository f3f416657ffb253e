// tests/fetch/fetch.cpp: downloads without a network: by file:// and by stand-ins for curl and wget on PATH
#include "datasets/fetch/fetch.h"

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "datasets/fetch/child.h"
#include "datasets/fetch/sha256.h"
#include "tests/datasets/files.h"

namespace weft::test {
namespace {

using namespace fetch;
namespace fs = std::filesystem;

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string sum_of(const std::string& text) {
  Sha256 sum;
  sum.update({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  return sum.hex();
}

void holds(const std::string& text, const std::string& words) {
  INFO(text);
  CHECK(text.find(words) != std::string::npos);
}

/// A set of one file whose contents are `text`.
DataSet one_file(const std::string& url, const std::string& text) {
  return {"set", "a set", {{url, "file.txt", static_cast<int64_t>(text.size()), sum_of(text)}}};
}

/// A program `name` in folder/bin/ that runs this shell script; PATH then holds that folder and the system's.
void stand_in(const TempFolder& folder, const std::string& name, const std::string& script) {
  const fs::path path = folder.write("bin/" + name, bytes_of("#!/bin/sh\n" + script + "\n"));
  fs::permissions(path, fs::perms::owner_all);
}

/// Appends $TEXT to the file behind --output or -O, as a download that goes on does.
constexpr const char* kWriteText = R"(
while [ $# -gt 1 ]; do case "$1" in --output|-O) out="$2";; esac; shift; done
printf %s "$TEXT" >> "$out")";

struct Outcome {
  int code;
  std::string text;
};

/// weft-fetch as a program; the words hold no spaces.
Outcome run_program(const std::string& words, const std::string& environment = "") {
  FILE* pipe = popen((environment + " '" WEFT_FETCH "' " + words + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  Outcome outcome{0, ""};
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) outcome.text += static_cast<char>(c);
  outcome.code = WEXITSTATUS(pclose(pipe));
  return outcome;
}

}  // namespace

TEST_CASE("SHA-256: the vectors of FIPS 180-4, and pieces of any size") {
  CHECK(sum_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sum_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sum_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sum_of(std::string(1000000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  for (const size_t size : {55, 56, 63, 64, 65, 119, 120, 128}) {
    const std::string text(size, 'x');
    Sha256 pieces;
    for (size_t i = 0; i < size; i += 7) {
      const std::string piece = text.substr(i, 7);
      pieces.update({reinterpret_cast<const uint8_t*>(piece.data()), piece.size()});
    }
    CHECK(pieces.hex() == sum_of(text));
  }
  const TempFolder folder;
  CHECK(sha256_of(folder.write("f", bytes_of("abc"))) == sum_of("abc"));
  holds(thrown<FileError>([&] { sha256_of(folder.path / "none"); }), "sha256: '" + folder.path.string() + "/none'");
}

TEST_CASE("SHA-256: a file that cannot be read") {
  const TempFolder folder;
  holds(thrown<FileError>([&] { sha256_of(folder.path); }), "': cannot be read");
}

TEST_CASE("fetch: the system's curl brings a file, once") {
  if (!find_program("curl")) {
    MESSAGE("skipped: fetch: the system's curl: not on PATH");
    return;
  }
  const TempFolder folder;
  const std::string text = "some text";
  const DataSet set = one_file("file://" + folder.write("source.txt", bytes_of(text)).string(), text);
  fetch::fetch(set, folder.path / "data");
  CHECK(contents(folder.path / "data/set/file.txt") == text);
  CHECK_FALSE(fs::exists(folder.path / "data/set/file.txt.part"));
  fs::remove(folder.path / "source.txt");
  fetch::fetch(set, folder.path / "data");  // nothing left to do
}

TEST_CASE("fetch: goes on with what is there") {
  const TempFolder folder;
  const Environment path("PATH", (folder.path / "bin").string() + ":/usr/bin:/bin"), rest("TEXT", " text");
  const DataSet set = one_file("https://example.org/x", "some text");
  for (const char* program : {"curl", "wget"}) {
    fs::remove_all(folder.path / "bin");
    fs::remove_all(folder.path / "data");
    stand_in(folder, program, kWriteText);
    const Environment alone("PATH",
                            (folder.path / "bin").string() + (std::string(program) == "curl" ? ":/usr/bin:/bin" : ""));
    folder.write("data/set/file.txt.part", bytes_of("some"));
    fetch::fetch(set, folder.path / "data");
    CHECK(contents(folder.path / "data/set/file.txt") == "some text");
  }
}

TEST_CASE("fetch: begins anew, once, where the server cannot go on with what is there") {
  const TempFolder folder;
  const Environment path("PATH", (folder.path / "bin").string() + ":/usr/bin:/bin"), whole("TEXT", "some text");
  const DataSet set = one_file("https://example.org/x", "some text");
  stand_in(folder, "curl", std::string(kWriteText) + R"sh(
[ "$(cat "$out")" = "$TEXT" ] || exit 33)sh");
  folder.write("data/set/file.txt.part", bytes_of("some"));
  fetch::fetch(set, folder.path / "data");
  CHECK(contents(folder.path / "data/set/file.txt") == "some text");
  fs::remove_all(folder.path / "data");
  stand_in(folder, "curl", "echo run >> '" + (folder.path / "runs").string() + "'; exit 33");
  holds(thrown<FileError>([&] { fetch::fetch(set, folder.path / "data"); }), "curl ended with code 33");
  CHECK(contents(folder.path / "runs") == "run\nrun\n");
}

TEST_CASE("fetch: other bytes are not kept; a file that is there is not touched") {
  const TempFolder folder;
  const Environment path("PATH", (folder.path / "bin").string() + ":/usr/bin:/bin"), text("TEXT", "Some text");
  stand_in(folder, "curl", kWriteText);
  const DataSet set = one_file("https://example.org/x", "some text");
  const auto refusal = [&] { return thrown<FileError>([&] { fetch::fetch(set, folder.path / "data"); }); };
  holds(refusal(), "what came has SHA-256 " + sum_of("Some text") + ", expected " + sum_of("some text") + ": not kept");
  CHECK(fs::is_empty(folder.path / "data/set"));
  folder.write("data/set/file.txt.part", bytes_of("far more than it should be"));  // begun anew
  holds(refusal(), "what came has SHA-256 " + sum_of("Some text"));
  folder.write("data/set/file.txt.part", bytes_of("so"));
  holds(refusal(), "what came holds 11 bytes, expected 9: not kept");
  folder.write("data/set/file.txt", bytes_of("mine"));
  holds(refusal(), "file.txt': holds 4 bytes, expected 9; hint: move it away, then it is fetched again");
  CHECK(contents(folder.path / "data/set/file.txt") == "mine");
  folder.write("data/set/file.txt", bytes_of("Some text"));
  holds(refusal(), "file.txt': has SHA-256 " + sum_of("Some text"));
}

TEST_CASE("fetch: without a network it says what to place where") {
  const TempFolder folder;
  const Environment path("PATH", (folder.path / "bin").string() + ":/usr/bin:/bin");
  stand_in(folder, "curl", "exit 6");
  const DataSet set = one_file("https://example.org/x", "some text");
  const std::string message = thrown<FileError>([&] { fetch::fetch(set, folder.path / "data"); });
  holds(message, "weft-fetch: curl ended with code 6; hint: without a network, place the file by hand:\n");
  for (const std::string& words : {std::string("https://example.org/x"), (folder.path / "data/set/file.txt").string(),
                                   sum_of("some text"), std::string("bytes   9")})
    holds(message, words);
  stand_in(folder, "curl", "exit 23");
  holds(thrown<WriteError>([&] { fetch::fetch(set, folder.path / "data"); }),
        "cannot be written; hint: is the disk full?");
  stand_in(folder, "curl", "kill -TERM $$");
  try {
    fetch::fetch(set, folder.path / "data");
    FAIL_CHECK("a stopped download went on");
  } catch (const Interrupted& stop) {
    CHECK(stop.signal == SIGTERM);
    holds(stop.what(), "stopped; the next call goes on with '");
  }
  const Environment nothing("PATH", folder.path.string());
  holds(thrown<Error>([&] { fetch::fetch(set, folder.path / "data"); }), "neither curl nor wget is on PATH");
}

TEST_CASE("fetch: archives give the members we name, under our names") {
  const TempFolder folder;
  folder.write("source/inner/a.txt", bytes_of("alpha"));
  folder.write("source/evil.txt", bytes_of("evil"));
  const std::string archive = (folder.path / "set.tar.gz").string();
  REQUIRE(std::system(("tar -czPf '" + archive + "' -C '" + (folder.path / "source").string() +
                       "' --transform 's,^evil,../../evil,' inner/a.txt evil.txt")
                          .c_str()) == 0);
  const std::string bytes = contents(archive);
  DataSet set{"set",
              "a set",
              {{"file://" + archive,
                "set.tar.gz",
                static_cast<int64_t>(bytes.size()),
                sum_of(bytes),
                Archive::tar_gz,
                {{"inner/a.txt", "b.txt", 5}}}}};
  fs::create_directories(folder.path / "data/set");
  fs::copy(archive, folder.path / "data/set/set.tar.gz");
  fetch::fetch(set, folder.path / "data");
  CHECK(contents(folder.path / "data/set/b.txt") == "alpha");
  int64_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path / "data")) files += entry.is_regular_file();
  CHECK(files == 2);
  CHECK_FALSE(fs::exists(folder.path / "evil.txt"));
  set.downloads[0].members = {{"none.txt", "c.txt", 5}};
  holds(thrown<FileError>([&] { fetch::fetch(set, folder.path / "data"); }), "tar gave 0 of the 5 bytes of none.txt");
  CHECK_FALSE(fs::exists(folder.path / "data/set/c.txt"));
  set.downloads[0].members = {{"inner/a.txt", "b.txt", 6}};
  holds(thrown<FileError>([&] { fetch::fetch(set, folder.path / "data"); }),
        "b.txt': holds 5 bytes, expected 6; hint: move");
  set.downloads[0].members = {{"inner/a.txt", "d.txt", 5}};
  const Environment nothing("PATH", folder.path.string());
  holds(thrown<Error>([&] { fetch::fetch(set, folder.path / "data"); }), "tar is not on PATH; hint: install it");
}

TEST_CASE("fetch: a member that is there is compared with its archive, to the byte") {
  const TempFolder folder;
  const std::string text(200000, 'x');
  folder.write("a.txt", bytes_of(text));
  fs::create_directories(folder.path / "data/set");
  const fs::path archive = folder.path / "data/set/set.tar.gz", member = folder.path / "data/set/a.txt";
  REQUIRE(std::system(fmt::format("tar -czf '{}' -C '{}' a.txt", archive.string(), folder.path.string()).c_str()) == 0);
  const std::string bytes = contents(archive);
  const DataSet set{"set",
                    "a set",
                    {{"file://" + archive.string(),
                      "set.tar.gz",
                      std::ssize(bytes),
                      sum_of(bytes),
                      Archive::tar_gz,
                      {{"a.txt", "a.txt", std::ssize(text)}}}}};
  const auto go = [&] { fetch::fetch(set, folder.path / "data"); };
  go();
  go();  // what it wrote is what it expects
  for (const size_t at : {size_t{0}, size_t{100000}, text.size() - 1}) {
    std::string damaged = text;
    damaged[at] = 'y';
    folder.write("data/set/a.txt", bytes_of(damaged));
    holds(thrown<FileError>(go), "a.txt': is not the a.txt of '" + archive.string() + "'; hint: move it away");
    CHECK(contents(member) == damaged);
  }
  fs::remove(member);
  folder.write("data/set/a.txt.part", bytes_of("left by a call that was killed"));
  go();
  CHECK(contents(member) == text);

  // A machine whose owner unpacked by hand because it has no tar.
  const Environment nothing("PATH", folder.path.string());
  go();
}

TEST_CASE("fetch: a disk that is full while a member is unpacked") {
  if (!fs::exists("/dev/full")) return;
  const TempFolder folder;
  folder.write("a.txt", bytes_of("alpha"));
  fs::create_directories(folder.path / "data/set");
  const fs::path archive = folder.path / "data/set/set.tar.gz", part = folder.path / "data/set/a.txt.part";
  REQUIRE(std::system(fmt::format("tar -czf '{}' -C '{}' a.txt", archive.string(), folder.path.string()).c_str()) == 0);
  const std::string bytes = contents(archive);
  const DataSet set{
      "set", "a set", {{"", "set.tar.gz", std::ssize(bytes), sum_of(bytes), Archive::tar_gz, {{"a.txt", "a.txt", 5}}}}};
  fs::create_symlink("/dev/full", part);
  holds(thrown<WriteError>([&] { fetch::fetch(set, folder.path / "data"); }),
        "a.txt.part': cannot be written: No space left on device");
  CHECK_FALSE(fs::exists(folder.path / "data/set/a.txt"));
  CHECK_FALSE(fs::is_symlink(part));
}

TEST_CASE("run: pieces as they come, and a program that ends though nobody reads on") {
  const std::string shell = find_program("sh").value().string();
  std::string printed;
  CHECK(run(shell, {"-c", "printf one; printf two >&2; printf three; exit 7"}, [&](std::string_view piece) {
          printed += piece;
        }).code == 7);
  CHECK(printed == "onethree");
  CHECK_THROWS_WITH_AS(
      run(shell, {"-c", "while :; do echo more; done"}, [](std::string_view) { throw FileError("enough"); }), "enough",
      FileError);
  CHECK(run(shell, {"-c", "kill -TERM $$"}).signal == SIGTERM);
  holds(thrown<Error>([] { run("/nowhere/program", {}); }),
        "weft-fetch: /nowhere/program cannot be started: No such file or directory");
}

TEST_CASE("run: a program that cannot be waited for is no program that succeeded") {
  const auto before = std::signal(SIGCHLD, SIG_IGN);
  const std::string message = thrown<Error>([] { run(find_program("sh").value(), {"-c", "exit 7"}); });
  std::signal(SIGCHLD, before);
  holds(message, "cannot be waited for: No child processes; hint: was this program started with SIGCHLD ignored?");
}

TEST_CASE("fetch: a folder that cannot be made") {
  const TempFolder folder;
  folder.write("file", bytes_of("in the way"));
  holds(thrown<WriteError>([&] { fetch::fetch(catalogue()[0], folder.path / "file"); }), "file/mnist': cannot be made");
}

TEST_CASE("the catalogue: whole sums, secure addresses, plain names") {
  for (const DataSet& set : catalogue()) {
    CHECK(set.name.find('/') == std::string::npos);
    for (const Download& d : set.downloads) {
      CHECK(d.url.starts_with("https://"));
      CHECK(d.sha256.size() == 64);
      CHECK(d.sha256.find_first_not_of("0123456789abcdef") == std::string::npos);
      CHECK(d.bytes > 0);
      CHECK(d.file.find('/') == std::string::npos);
      CHECK((d.archive == Archive::none) == d.members.empty());
      for (const Member& member : d.members) CHECK(member.file.find('/') == std::string::npos);
    }
  }
}

TEST_CASE("weft-fetch: options and exit codes") {
  const TempFolder folder;
  const std::string to = "--to " + folder.path.string() + "/data ";
  holds(run_program("--help").text, "Usage: weft-fetch [options] SET...");
  holds(run_program("--version").text, "weft-fetch 0.");
  const Outcome list = run_program("--list");
  CHECK(list.code == 0);
  for (const char* name : {"mnist", "cifar10", "ptb", "enwik8", "text8", "tiny-shakespeare"}) holds(list.text, name);
  const Outcome none = run_program(""), unknown = run_program("mist"), option = run_program("--frobnicate mnist");
  CHECK(none.code == 2);
  holds(none.text, "weft-fetch: no set named; choose from mnist, cifar10");
  CHECK(unknown.code == 2);
  holds(unknown.text, "weft-fetch: 'mist' is unknown; choose one of mnist,");
  CHECK(option.code == 2);
  const Outcome by_hand = run_program(to + "--by-hand cifar10");
  CHECK(by_hand.code == 0);
  holds(by_hand.text, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd");
  holds(by_hand.text,
        "unpack  cifar-10-batches-bin/test_batch.bin to " + folder.path.string() + "/data/cifar10/test_batch.bin");
  CHECK_FALSE(fs::exists(folder.path / "data"));
  stand_in(folder, "curl", "exit 6");
  const Outcome offline = run_program(to + "mnist", "PATH=" + (folder.path / "bin").string() + ":/usr/bin:/bin");
  CHECK(offline.code == 1);
  holds(offline.text,
        "place the file by hand:\n  https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz");
  folder.write("file", bytes_of("in the way"));
  CHECK(run_program("--to " + (folder.path / "file").string() + " mnist").code == 5);
}

TEST_CASE("weft-fetch recognises the real MNIST and leaves it") {
  const char* data = std::getenv("WEFT_TEST_DATA");
  if (data == nullptr || !fs::exists(fs::path(data) / "mnist")) {
    MESSAGE("skipped: weft-fetch recognises the real MNIST: WEFT_TEST_DATA has no folder mnist");
    return;
  }
  const TempFolder folder;
  fs::create_directory_symlink(fs::path(data) / "mnist", folder.path / "mnist");
  const Outcome outcome = run_program("--to " + folder.path.string() + " mnist");
  CHECK(outcome.code == 0);
  holds(outcome.text, "t10k-labels-idx1-ubyte.gz  is there, sum right");
}

}  // namespace weft::test
