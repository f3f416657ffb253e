// hyper/demos/harness/run_folder.cpp: config.json, metrics.jsonl, weights, checkpoints
#include "hyper/demos/harness/run_folder.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <nlohmann/json.hpp>

#include "hyper/demos/harness/checkpoint_file.h"
#include "hyper/demos/harness/machine.h"
#include "nn/state_reader.h"
#include "tensor/backend.h"

namespace weft::demo {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char *kCheckpoints = "checkpoints", *kMetricsBytes = "run.metrics_bytes";

/// Two runs in one second get folders of their own.
fs::path make_folder(const Demo& demo, const Options& options) {
  const fs::path parent = fs::path(options.out) / demo.name;
  const std::string name = fmt::format("{:%Y%m%d-%H%M%S}-{}", fmt::localtime(std::time(nullptr)), options.seed);
  try {
    fs::create_directories(parent);
    fs::path path = parent / name;
    for (int copy = 2; !fs::create_directory(path); ++copy) path = parent / fmt::format("{}-{}", name, copy);
    fs::create_directory(path / kCheckpoints);
    return path;
  } catch (const fs::filesystem_error& error) {
    throw WriteError(fmt::format("run folder: cannot make '{}': {}; hint: name another folder with --out",
                                 (parent / name).string(), error.code().message()));
  }
}

Json config_of(const Demo& demo, const Options& options, const DataDescription& data,
               const std::map<std::string, double>& recipe) {
  const Device device = default_device();
  return {{"demo", demo.name},
          {"argv", options.argv},
          {"settings", Json::parse(options.settings)},
          {"recipe", recipe},
          {"device", {{"name", to_string(device)}, {"description", backend_of(device).description()}}},
          {"machine", machine_facts()},
          {"data", {{"name", data.name}, {"folder", data.folder.string()}, {"counts", data.counts}}},
          {"versions",
           {{"weft", version()},
            {"compiler", compiler()},
            {"c++", __cplusplus},
            {"fmt", FMT_VERSION},
            {"nlohmann_json",
             NLOHMANN_JSON_VERSION_MAJOR * 10000 + NLOHMANN_JSON_VERSION_MINOR * 100 + NLOHMANN_JSON_VERSION_PATCH}}}};
}

[[noreturn]] void cannot_write(const fs::path& path) {
  throw WriteError(fmt::format("run folder: cannot write '{}': {}", path.string(), std::strerror(errno)));
}

/// Runs a writer of tensor files, whose errors are about a file that is read elsewhere.
template <class Write>
void writing(const Write& write) {
  try {
    write();
  } catch (const FileError& error) {
    throw WriteError(error.what());
  }
}

}  // namespace

RunFolder::RunFolder(const Demo& demo, const Options& options, const DataDescription& data,
                     const std::map<std::string, double>& recipe)
    : demo_(demo.name), path_(options.resumed.empty() ? make_folder(demo, options) : options.resumed) {
  if (!options.resumed.empty()) {
    resume();
  } else {
    // Arguments may be any bytes; JSON is UTF-8, so bytes that are not become the replacement character.
    write("config.json",
          config_of(demo, options, data, recipe).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  }
  metrics_.open(metrics_file(), std::ios::app);
  if (!metrics_) cannot_write(metrics_file());
}

void RunFolder::resume() {
  std::vector<fs::path> files = checkpoints();
  std::error_code missing;
  const uintmax_t size = fs::file_size(metrics_file(), missing);
  const double metrics_bytes = missing ? 0 : static_cast<double>(size);
  while (!files.empty()) {
    try {
      TensorMap state = load_verified(files.back());
      const auto lines = state.find(kMetricsBytes);
      if (lines == state.end() || metrics_bytes < lines->second.item()) {
        throw FileError(fmt::format("'{}': metrics.jsonl has lost lines it counts on", files.back().string()));
      }
      state_ = std::move(state);
      break;
    } catch (const FileError& error) {
      fmt::print(stderr, "skipped {}\n", error.what());
      files.pop_back();
    }
  }
  const auto bytes = state_.find(kMetricsBytes);
  if (bytes == state_.end()) {
    throw FileError(fmt::format("'{}': no checkpoint to go on from; hint: begin a new run", path_.string()));
  }
  number_ = std::stoll(files.back().stem().string());
  std::error_code code;
  fs::resize_file(metrics_file(), static_cast<uintmax_t>(bytes->second.item()), code);
  if (code) throw WriteError(fmt::format("run folder: cannot cut '{}': {}", metrics_file().string(), code.message()));
}

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
            [](const fs::path& a, const fs::path& b) { return std::stoll(a.stem()) < std::stoll(b.stem()); });
  return files;
}

TensorMap RunFolder::state_of(const std::string& model) const { return nn::part_of(state_, model); }

void RunFolder::checkpoint(const std::string& model, const TensorMap& state, int64_t keep) {
  std::erase_if(state_, [&](const auto& entry) { return entry.first.starts_with(model + "."); });
  nn::add_part(state_, model, state);
  state_[kMetricsBytes] = nn::count_entry(metrics_.tellp());
  ++number_;
  writing([&] { save_verified(path_ / kCheckpoints / fmt::format("{:06}.safetensors", number_), state_); });
  std::vector<fs::path> files = checkpoints();
  std::error_code ignored;  // one too many does no harm
  for (size_t i = 0; i + static_cast<size_t>(keep) < files.size(); ++i) fs::remove(files[i], ignored);
}

std::string RunFolder::resume_command() const { return fmt::format("{} --resume '{}'", demo_, path_.string()); }

void RunFolder::write(std::string_view name, std::string_view bytes) const {
  const fs::path target = path_ / name;
  const fs::path temporary = path_ / fmt::format(".{}.tmp", name);
  std::ofstream file(temporary, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  std::error_code code;
  if (!file) code.assign(errno, std::generic_category());
  else fs::rename(temporary, target, code);
  if (!code) return;
  std::error_code ignored;
  fs::remove(temporary, ignored);
  throw WriteError(fmt::format("run folder: cannot write '{}': {}", target.string(), code.message()));
}

void RunFolder::save_weights(const std::string& model, const TensorMap& weights) const {
  writing([&] { save_safetensors(path_ / (model + ".safetensors"), weights, {{"model", model}}); });
}

void RunFolder::log(const Metric& metric) {
  metrics_ << json_of(metric) << std::endl;  // flushed, so that a killed run has all its lines
  if (!metrics_) cannot_write(metrics_file());
}

void RunFolder::write_report(const std::string& title, std::vector<Section> sections) const {
  for (Section& section : curves({{"", read_metrics(metrics_file())}})) sections.push_back(std::move(section));
  for (Section& section : facts(path_)) sections.push_back(std::move(section));
  write("report.html", page(title, sections));
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
