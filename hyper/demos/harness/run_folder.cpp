// hyper/demos/harness/run_folder.cpp: config.json, metrics.jsonl, weights, checkpoints
#include "hyper/demos/harness/run_folder.h"

#include <fcntl.h>
#include <fmt/chrono.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>

#include "hyper/demos/harness/checkpoint_file.h"
#include "hyper/demos/harness/digest.h"
#include "hyper/demos/harness/machine.h"
#include "nn/state_reader.h"
#include "tensor/backend.h"
#include "tensor/program/version.h"

namespace weft::demo {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// With a folder `inside`. Two runs in one second get folders of their own.
fs::path make_folder(const Demo& demo, const Options& options, const char* inside) {
  const fs::path parent = fs::path(options.out) / demo.name;
  const std::string name = fmt::format("{:%Y%m%d-%H%M%S}-{}", fmt::localtime(std::time(nullptr)), options.seed);
  try {
    fs::create_directories(parent);
    fs::path path = parent / name;
    for (int copy = 2; !fs::create_directory(path); ++copy) path = parent / fmt::format("{}-{}", name, copy);
    fs::create_directory(path / inside);
    return path;
  } catch (const fs::filesystem_error& error) {
    throw WriteError(fmt::format("run folder: cannot make '{}': {}; hint: name another folder with --out",
                                 (parent / name).string(), error.code().message()));
  }
}

Json config_of(const Demo& demo, const Options& options, const RunFacts& facts) {
  const Device device = default_device();
  return {{"demo", demo.name},
          {"argv", options.argv},
          {"settings", Json::parse(options.settings)},
          {"recipe", facts.recipe},
          {"parameters", facts.parameters},
          {"device", {{"name", to_string(device)}, {"description", backend_of(device).description()}}},
          {"machine", machine_facts()},
          {"data",
           {{"name", facts.data.name},
            {"folder", facts.data.folder.string()},
            {"counts", facts.data.counts},
            {"sha256", facts.data.digest}}},
          {"versions",
           {{"weft", program::version()},
            {"git", program::git_id()},
            {"compiler", compiler()},
            {"c++", __cplusplus},
            {"fmt", FMT_VERSION},
            {"nlohmann_json",
             NLOHMANN_JSON_VERSION_MAJOR * 10000 + NLOHMANN_JSON_VERSION_MINOR * 100 + NLOHMANN_JSON_VERSION_PATCH}}}};
}

constexpr const char* kResumedCalls = "resumed";

/// Throws FileError: no run has written it.
Json read_config(const fs::path& path) {
  std::ifstream file(path);
  Json config = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  const bool ours = config.is_object() && config.contains("settings") && config["settings"].is_object();
  if (!ours || (config.contains(kResumedCalls) && !config[kResumedCalls].is_array()))
    throw FileError(fmt::format("'{}': not as a run writes it; hint: begin a new run", path.string()));
  return config;
}

[[noreturn]] void cannot_write(const fs::path& path) {
  throw WriteError(fmt::format("run folder: cannot write '{}': {}", path.string(), system_error_text()));
}

/// Arguments may be any bytes; JSON is UTF-8, so bytes that are not become the replacement character.
std::string config_text(const Json& config) {
  return config.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// As one word of a shell.
std::string quoted(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

/// Runs a writer of files, whose errors are about a file that is read elsewhere.
template <class Write>
void writing(const Write& write) {
  try {
    write();
  } catch (const FileError& error) {
    throw WriteError(error.what());
  }
}

}  // namespace

RunFolder::RunFolder(const Demo& demo, const Options& options, const RunFacts& facts)
    : demo_(demo.name),
      options_(options),
      data_(facts.data),
      path_(options.resumed.empty() ? make_folder(demo, options, kCheckpoints) : options.resumed) {
  const bool is_new = options.resumed.empty();
  if (is_new) keep(kSettings, options.fixed);
  else resume(facts);
  metrics_.emplace(::open(metrics_file().c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
  if (!metrics_->is_open()) cannot_write(metrics_file());
  // Last: putting config.json in its place also brings the name of metrics.jsonl to the disk.
  if (is_new) write(kConfig, config_text(config_of(demo, options, facts)));
}

/// Before anything changes: note_settings() will find what it adds to.
void RunFolder::check_config() const { read_config(path_ / kConfig); }

/// What may change on resume, the words that did, and what it goes on with. Flags say how one call talks: they stay as
/// the run began.
void RunFolder::note_settings() const {
  Json config = read_config(path_ / kConfig);
  const Json settings = Json::parse(options_.settings);
  for (const auto& [name, value] : settings.items()) {
    if (!value.is_boolean()) config["settings"][name] = value;
  }
  config[kResumedCalls].push_back({{"argv", options_.argv},
                                   {"git", program::git_id()},
                                   {"device", to_string(default_device())},
                                   {"data", {{"folder", data_.folder.string()}, {"sha256", data_.digest}}}});
  write(kConfig, config_text(config));
}

void RunFolder::note_latest() const { write(kLatest, fmt::format("{:06}.safetensors\n", number_)); }

TensorMap RunFolder::state_of(const std::string& model) const { return nn::part_of(state_, model); }

void RunFolder::checkpoint(const std::string& model, const TensorMap& state, int64_t keep) {
  std::erase_if(state_, [&](const auto& entry) { return entry.first.starts_with(model + "."); });
  nn::add_part(state_, model, state);
  const off_t bytes = ::lseek(metrics_->descriptor(), 0, SEEK_END);
  if (bytes < 0 || ::fdatasync(metrics_->descriptor()) != 0) cannot_write(metrics_file());
  state_[kMetricsBytes] = nn::count_entry(bytes);
  ++number_;
  writing([&] { save_verified(path_ / kCheckpoints / fmt::format("{:06}.safetensors", number_), state_); });
  note_latest();
  std::vector<fs::path> files = checkpoints();
  std::error_code ignored;  // one too many does no harm
  for (size_t i = 0; i + static_cast<size_t>(keep) < files.size(); ++i) fs::remove(files[i], ignored);
}

void RunFolder::keep(const std::string& name, const std::string& text) {
  state_[std::string(kRunPart) + name] = tensor_of_text(text);
}

std::optional<std::string> RunFolder::kept(const std::string& name) const {
  const auto found = state_.find(std::string(kRunPart) + name);
  if (found == state_.end()) return {};
  const std::vector<uint8_t> bytes = found->second.to_vector<uint8_t>();
  return std::string(bytes.begin(), bytes.end());
}

std::string RunFolder::resume_command() const {
  const std::string program = options_.argv.empty() ? demo_ : options_.argv.front();
  const bool plain = program.find_first_of(" \t\n'\"\\$&|;<>()*?[]`~#!{}") == std::string::npos;
  return fmt::format("{} --resume {}", plain ? program : quoted(program), quoted(path_.string()));
}

void RunFolder::write(std::string_view name, std::string_view bytes) const {
  writing([&] {
    SiblingFile file(path_ / name);
    file.write(reinterpret_cast<const std::byte*>(bytes.data()), std::ssize(bytes));
    file.put_in_place();
  });
}

void RunFolder::write_sample(int64_t step, std::string_view ending, std::string_view bytes) const {
  std::error_code ignored;  // the file says what is wrong
  fs::create_directory(path_ / kSamples, ignored);
  write(fmt::format("{}/step-{:06}{}", kSamples, step, ending), bytes);
}

void RunFolder::save_weights(const std::string& model, const TensorMap& weights) const {
  writing([&] { save_safetensors(path_ / (model + ".safetensors"), weights, {{"model", model}}); });
}

void RunFolder::log(const Metric& metric) {
  const std::string line = json_of(metric) + "\n";
  for (std::string_view left = line; !left.empty();) {  // at once, so that a killed run has all its lines
    const ssize_t put = ::write(metrics_->descriptor(), left.data(), left.size());
    if (put < 0 && errno != EINTR) cannot_write(metrics_file());
    if (put > 0) left.remove_prefix(static_cast<size_t>(put));
  }
}

void RunFolder::write_report(const std::string& title, std::vector<Section> sections) const {
  const std::vector<NamedMetrics> metrics{{"", read_metrics(metrics_file())}};
  write("curves.svg", svg_of_curves(metrics));
  write(kTable, csv_of(metrics.front().metrics));
  for (Section& section : curves(metrics)) sections.push_back(std::move(section));
  sections.insert(sections.end(), sections_.begin(), sections_.end());
  for (Section& section : facts(path_)) sections.push_back(std::move(section));
  write("report.html", page(title, sections));
}

}  // namespace weft::demo
