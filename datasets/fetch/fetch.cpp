// datasets/fetch/fetch.cpp: download to a side name, recognise, rename; then the members, one by one
#include "datasets/fetch/fetch.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <fstream>

#include "datasets/fetch/child.h"
#include "datasets/fetch/sha256.h"
#include "datasets/file_error.h"
#include "tensor/file.h"

namespace weft::fetch {
namespace {

namespace fs = std::filesystem;
using datasets::fail_file;

constexpr std::string_view kWeftFetch = "weft-fetch";

std::string place_by_hand(const Download& d, const fs::path& folder) {
  return fmt::format("  {}\n    to      {}\n    bytes   {}\n    sha256  {}\n", d.url, (folder / d.file).string(),
                     d.bytes, d.sha256);
}

std::string unpacker_of(const Download& d) { return d.archive == Archive::zip ? "unzip" : "tar"; }

int64_t size_or_none(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? -1 : static_cast<int64_t>(size);
}

void rename_to(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) throw WriteError(fmt::format("{}: '{}': cannot be written: {}", kWeftFetch, to.string(), error.message()));
}

/// Goes on with `part`. Both programs refuse answers that are errors, and follow redirections.
void download(const Download& d, const fs::path& folder, const fs::path& part) {
  const auto curl = find_program("curl"), wget = find_program("wget");
  if (!curl && !wget)
    fail(kWeftFetch, "neither curl nor wget is on PATH; hint: install one, or place the file by hand:\n{}",
         place_by_hand(d, folder));
  const auto go_on = [&] {
    return curl ? run(*curl, {"--fail", "--location", "--show-error", "--silent", "--retry", "3", "--continue-at", "-",
                              "--output", part.string(), d.url})
                : run(*wget, {"--no-verbose", "--tries=3", "--continue", "-O", part.string(), d.url});
  };
  Ending ending = go_on();
  constexpr int kCurlCannotGoOn = 33;  // this server sends whole files only; wget then begins anew by itself
  if (curl && ending.signal == 0 && ending.code == kCurlCannotGoOn) {
    fs::remove(part);
    ending = go_on();
  }
  if (ending.signal != 0)
    throw Interrupted(ending.signal,
                      fmt::format("{}: stopped; the next call goes on with '{}'", kWeftFetch, part.string()));
  if (ending.succeeded()) return;
  constexpr int kCurlCannotWrite = 23, kWgetCannotWrite = 3;
  if (ending.code == (curl ? kCurlCannotWrite : kWgetCannotWrite))
    throw WriteError(fmt::format("{}: '{}': cannot be written; hint: is the disk full?", kWeftFetch, part.string()));
  throw FileError(fmt::format("{}: {} ended with code {}; hint: without a network, place the file by hand:\n{}",
                              kWeftFetch, (curl ? *curl : *wget).filename().string(), ending.code,
                              place_by_hand(d, folder)));
}

/// Whether the file is the one that was pinned; says why not.
std::string mismatch(const Download& d, const fs::path& path) {
  const int64_t size = size_or_none(path);
  if (size != d.bytes) return fmt::format("holds {} bytes, expected {}", size, d.bytes);
  const std::string sum = sha256_of(path);
  if (sum != d.sha256) return fmt::format("has SHA-256 {}, expected {}", sum, d.sha256);
  return {};
}

void fetch_file(const Download& d, const fs::path& folder) {
  const fs::path path = folder / d.file;
  if (fs::exists(path)) {
    const std::string why = mismatch(d, path);
    if (!why.empty()) fail_file(kWeftFetch, path, "{}; hint: move it away, then it is fetched again", why);
    fmt::print("{}  is there, sum right\n", path.string());
    return;
  }
  const fs::path part = path.string() + ".part";
  if (size_or_none(part) > d.bytes) fs::remove(part);  // not a beginning of this file
  if (size_or_none(part) < d.bytes) {
    fmt::print("{}  from {}, {} bytes\n", path.string(), d.url, d.bytes);
    std::fflush(stdout);
    download(d, folder, part);
  }
  const std::string why = mismatch(d, part);
  if (!why.empty()) {
    fs::remove(part);
    fail_file(kWeftFetch, part, "what came {}: not kept; hint: try again, or place the file by hand:\n{}", why,
              place_by_hand(d, folder));
  }
  rename_to(part, path);
  fmt::print("{}  fetched, sum right\n", path.string());
}

/// Hands over a member as the archive has it: no name in the archive decides where anything is written.
void print_member(const Download& d, const Member& member, const fs::path& folder, const fs::path& program,
                  const Take& take) {
  const fs::path archive = folder / d.file;
  int64_t bytes = 0;
  const Take counted = [&](std::string_view piece) {
    bytes += std::ssize(piece);
    take(piece);
  };
  const Ending ending = d.archive == Archive::zip
                            ? run(program, {"-p", archive.string(), member.name}, counted)
                            : run(program, {"-xzOf", archive.string(), "--", member.name}, counted);
  if (ending.signal != 0) throw Interrupted(ending.signal, fmt::format("{}: stopped while unpacking", kWeftFetch));
  if (ending.succeeded() && bytes == member.bytes) return;
  fail_file(kWeftFetch, archive, "{} gave {} of the {} bytes of {} (exit code {})", program.filename().string(), bytes,
            member.bytes, member.name, ending.code);
}

/// The file that is there must be the member: bytes of the same length may be another's, or damaged.
void check_member(const Download& d, const Member& member, const fs::path& folder,
                  const std::optional<fs::path>& program) {
  const fs::path path = folder / member.file;
  const int64_t size = size_or_none(path);
  if (size != member.bytes)
    fail_file(kWeftFetch, path, "holds {} bytes, expected {}; hint: move it away", size, member.bytes);
  if (!program) {
    fmt::print("{}  is there, size right; not compared, as there is no {}\n", path.string(), unpacker_of(d));
    return;
  }
  std::ifstream file(path, std::ios::binary);
  std::string own;
  bool same = true;
  print_member(d, member, folder, *program, [&](std::string_view piece) {
    own.resize(piece.size());
    file.read(own.data(), std::ssize(own));
    same = same && file.gcount() == std::ssize(piece) && own == piece;
  });
  if (!same)
    fail_file(kWeftFetch, path, "is not the {} of '{}'; hint: move it away, then it is unpacked again", member.name,
              (folder / d.file).string());
  fmt::print("{}  is there, as in the archive\n", path.string());
}

void write_member(const Download& d, const Member& member, const fs::path& folder, const fs::path& program) {
  const fs::path path = folder / member.file, part = path.string() + ".part";
  const auto refuse = [&] {
    throw WriteError(fmt::format("{}: '{}': cannot be written: {}", kWeftFetch, part.string(), system_error_text()));
  };
  try {
    OpenFile file(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (!file.is_open()) refuse();
    print_member(d, member, folder, program, [&](std::string_view piece) {
      while (!piece.empty()) {
        const ssize_t put = ::write(file.descriptor(), piece.data(), piece.size());
        if (put < 0 && errno != EINTR) refuse();
        if (put > 0) piece.remove_prefix(static_cast<size_t>(put));
      }
    });
    if (!file.close()) refuse();
  } catch (...) {
    std::error_code ignored;
    fs::remove(part, ignored);
    throw;
  }
  rename_to(part, path);
  fmt::print("{}  unpacked\n", path.string());
}

void unpack(const Download& d, const Member& member, const fs::path& folder) {
  const std::optional<fs::path> program = find_program(unpacker_of(d));
  if (fs::exists(folder / member.file)) return check_member(d, member, folder, program);
  if (!program)
    fail(kWeftFetch, "{} is not on PATH; hint: install it, or unpack '{}' by hand", unpacker_of(d),
         (folder / d.file).string());
  write_member(d, member, folder, *program);
}

}  // namespace

void fetch(const DataSet& set, const fs::path& root) {
  const fs::path folder = root / set.name;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw WriteError(fmt::format("{}: '{}': cannot be made: {}", kWeftFetch, folder.string(), error.message()));
  for (const Download& d : set.downloads) {
    fetch_file(d, folder);
    for (const Member& member : d.members) unpack(d, member, folder);
  }
}

std::string by_hand(const DataSet& set, const fs::path& root) {
  std::string text = fmt::format("{}: {}\n", set.name, set.about);
  for (const Download& d : set.downloads) {
    text += place_by_hand(d, root / set.name);
    for (const Member& member : d.members)
      text += fmt::format("    unpack  {} to {}\n", member.name, (root / set.name / member.file).string());
  }
  return text;
}

}  // namespace weft::fetch
