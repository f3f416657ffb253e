// hyper/demos/harness/run_resume.cpp: which checkpoint a run goes on from, and what must go before it does
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "hyper/demos/harness/checkpoint_file.h"
#include "hyper/demos/harness/config.h"
#include "hyper/demos/harness/histogram.h"
#include "hyper/demos/harness/run_folder.h"

namespace weft::demo {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// Of a checkpoint.
int64_t number_in(const fs::path& checkpoint) { return std::stoll(checkpoint.stem().string()); }

}  // namespace

std::vector<fs::path> RunFolder::checkpoints() const {
  std::vector<fs::path> files;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(path_ / kCheckpoints, code)) {
    const std::string stem = entry.path().stem().string();
    const bool ours = entry.path().extension() == ".safetensors" && !stem.empty() &&
                      std::all_of(stem.begin(), stem.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (ours && stem.size() <= 18) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end(),
            [](const fs::path& a, const fs::path& b) { return number_in(a) < number_in(b); });
  return files;
}

std::vector<fs::path> RunFolder::candidates() const {
  std::vector<fs::path> files = checkpoints();
  std::ifstream pointer(path_ / kLatest);
  std::string name;
  if (!std::getline(pointer, name)) return files;
  const auto is_latest = [&](const fs::path& file) { return file.filename() == name; };
  const auto latest = std::find_if(files.begin(), files.end(), is_latest);
  if (latest == files.end()) {
    fmt::print(stderr, "skipped '{}': it names '{}', which is no checkpoint there\n", (path_ / kLatest).string(),
               shown(name));
  } else {  // those after it come last, in case none before is whole
    std::rotate(files.begin(), latest + 1, files.end());
  }
  return files;
}

void RunFolder::resume(const RunFacts& facts) {
  check_config();
  std::vector<fs::path> files = candidates();
  std::error_code missing;
  const uintmax_t size = fs::file_size(metrics_file(), missing);
  const double metrics_bytes = missing ? 0 : static_cast<double>(size);
  while (!files.empty()) {
    try {
      TensorMap state = load_verified(files.back());
      const auto lines = state.find(kMetricsBytes);
      if (lines == state.end() || !(lines->second.item() >= 0 && lines->second.item() <= metrics_bytes)) {
        throw FileError(fmt::format("'{}': metrics.jsonl has lost lines it counts on", files.back().string()));
      }
      state_ = std::move(state);
      break;
    } catch (const OtherFormat&) {
      throw;  // no older one will have another
    } catch (const FileError& error) {
      fmt::print(stderr, "skipped {}\n", error.what());
      files.pop_back();
    }
  }
  const auto bytes = state_.find(kMetricsBytes);
  if (bytes == state_.end()) {
    throw FileError(fmt::format("'{}': no checkpoint to go on from; hint: begin a new run", path_.string()));
  }
  check_settings();
  warn_of_other_data(facts.data.digest);
  number_ = number_in(files.back());
  cut_ = static_cast<uintmax_t>(bytes->second.item());
}

/// --resume holds settings that are given against config.json; this holds config.json, which anyone may edit, against
/// what the state was made with. A setting that the version of then did not have is as if it had.
void RunFolder::check_settings() const {
  const Json before = Json::parse(kept(kSettings).value_or("{}"), nullptr, /*allow_exceptions=*/false);
  if (!before.is_object())
    throw FileError(fmt::format("'{}': the settings in its checkpoint are no JSON object", path_.string()));
  const Json now = Json::parse(options_.fixed);
  for (const auto& [name, value] : now.items()) {
    if (!before.contains(name) || before[name] == value) continue;
    throw FileError(
        fmt::format("'{}': the checkpoint was made with --{} {}, config.json now has {}; hint: put it back, or begin a "
                    "new run",
                    path_.string(), name, before[name].dump(), value.dump()));
  }
}

/// --data may lead elsewhere on resume, as long as the same is found there.
void RunFolder::warn_of_other_data(const std::string& digest) const {
  const std::string before = fact_in(path_ / kConfig, "data", "sha256");
  if (before.empty() || before == digest) return;
  fmt::print(stderr,
             "'{}': the data are not those the run began with: their SHA-256 is {}, it was {}; it goes on, to "
             "results that no single set gives\n",
             path_.string(), digest, before);
}

void RunFolder::go_on() {
  if (!cut_) return;
  remove_unfinished();
  note_settings();
  std::error_code code;
  fs::resize_file(metrics_file(), *cut_, code);
  if (code) throw WriteError(fmt::format("run folder: cannot cut '{}': {}", metrics_file().string(), code.message()));
  for (const char* file : {kTable, kHistogramFile}) fs::remove(path_ / file, code);  // they come again at the end
  note_latest();
  for (const fs::path& file : checkpoints()) {  // what they count on was cut off
    if (number_in(file) > number_) fs::remove(file, code);
  }
  cut_.reset();
}

/// Temporary files of SiblingFile, ".config.json.4711-0.tmp", whose process was killed.
void RunFolder::remove_unfinished() const {
  std::error_code ignored;  // they do no harm
  std::vector<std::string> removed;
  for (const fs::path& folder : {path_, path_ / kCheckpoints, path_ / kSamples}) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with('.') && name.ends_with(".tmp")) files.push_back(entry.path());
    }
    for (const fs::path& file : files) {
      if (fs::remove(file, ignored)) removed.push_back(fmt::format("'{}'", file.string()));
    }
  }
  if (!removed.empty())
    fmt::print(stderr, "removed what a killed process had not finished writing: {}\n", fmt::join(removed, ", "));
}

fs::path newest_run(const std::string& demo, const fs::path& out) {
  fs::path newest;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(out / demo, code)) {
    const bool later = newest.empty() || entry.path().filename() > newest.filename();
    if (later && fs::exists(entry.path() / "config.json", code)) newest = entry.path();
  }
  if (newest.empty()) {
    throw FileError(fmt::format("'{}': no run to resume; hint: name its folder after --resume", (out / demo).string()));
  }
  return newest;
}

}  // namespace weft::demo
