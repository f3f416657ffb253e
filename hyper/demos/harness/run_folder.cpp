// hyper/demos/harness/run_folder.cpp: config.json, metrics.jsonl, weights
#include "hyper/demos/harness/run_folder.h"

#include <fmt/chrono.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <nlohmann/json.hpp>

#include "tensor/backend.h"
#include "tensor/threads.h"

namespace weft::demo {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// Two runs in one second get folders of their own.
fs::path make_folder(const Demo& demo, const Options& options) {
  const fs::path parent = fs::path(options.out) / demo.name;
  const std::string name = fmt::format("{:%Y%m%d-%H%M%S}-{}", fmt::localtime(std::time(nullptr)), options.seed);
  try {
    fs::create_directories(parent);
    fs::path path = parent / name;
    for (int copy = 2; !fs::create_directory(path); ++copy) path = parent / fmt::format("{}-{}", name, copy);
    return path;
  } catch (const fs::filesystem_error& error) {
    throw WriteError(fmt::format("run folder: cannot make '{}': {}; hint: name another folder with --out",
                                 (parent / name).string(), error.code().message()));
  }
}

Json settings_of(const Options& o) {
  return {{"data", o.data},
          {"out", o.out},
          {"preset", o.preset},
          {"epochs", o.epochs},
          {"batch-size", o.batch_size},
          {"lr", o.lr},
          {"seed", o.seed},
          {"device", o.device},
          {"threads", num_threads()},
          {"limit-batches", o.limit_batches},
          {"quiet", o.quiet},
          {"verbose", o.verbose}};
}

#ifdef __clang__
constexpr const char* kCompiler = "clang " __clang_version__;
#else
constexpr const char* kCompiler = "gcc " __VERSION__;
#endif

Json config_of(const Demo& demo, const Options& options, const DataDescription& data,
               const std::map<std::string, double>& recipe) {
  const Device device = default_device();
  return {{"demo", demo.name},
          {"argv", options.argv},
          {"settings", settings_of(options)},
          {"recipe", recipe},
          {"device", {{"name", to_string(device)}, {"description", backend_of(device).description()}}},
          {"data", {{"name", data.name}, {"folder", data.folder.string()}, {"counts", data.counts}}},
          {"versions",
           {{"weft", version()},
            {"compiler", kCompiler},
            {"c++", __cplusplus},
            {"fmt", FMT_VERSION},
            {"nlohmann_json",
             NLOHMANN_JSON_VERSION_MAJOR * 10000 + NLOHMANN_JSON_VERSION_MINOR * 100 + NLOHMANN_JSON_VERSION_PATCH}}}};
}

[[noreturn]] void cannot_write(const fs::path& path) {
  throw WriteError(fmt::format("run folder: cannot write '{}': {}", path.string(), std::strerror(errno)));
}

}  // namespace

RunFolder::RunFolder(const Demo& demo, const Options& options, const DataDescription& data,
                     const std::map<std::string, double>& recipe)
    : path_(make_folder(demo, options)) {
  // Arguments may be any bytes; JSON is UTF-8, so bytes that are not become the replacement character.
  write("config.json",
        config_of(demo, options, data, recipe).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  metrics_.open(path_ / "metrics.jsonl");
  if (!metrics_) cannot_write(path_ / "metrics.jsonl");
}

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
  try {
    save_safetensors(path_ / (model + ".safetensors"), weights, {{"model", model}});
  } catch (const FileError& error) {
    throw WriteError(error.what());
  }
}

void RunFolder::log(const Metric& m) {
  const Json line = {{"step", m.step}, {"epoch", m.epoch},       {"model", m.model},    {"split", m.split},
                     {"loss", m.loss}, {"accuracy", m.accuracy}, {"seconds", m.seconds}};
  metrics_ << line.dump() << std::endl;  // flushed, so that a killed run has all its lines
  if (!metrics_) cannot_write(path_ / "metrics.jsonl");
}

}  // namespace weft::demo
