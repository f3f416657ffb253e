// hyper/demos/harness/options.cpp: the command line that all demos share
#include "hyper/demos/harness/options.h"

#include <fmt/format.h>

#include <algorithm>

#include "backends/cpu/cpu_backend.h"
#include "hyper/demos/harness/compare.h"
#include "hyper/demos/harness/config.h"
#include "hyper/demos/harness/run_folder.h"
#include "tensor/backend.h"
#include "tensor/device.h"
#include "tensor/program/command_line.h"

namespace weft::demo {
namespace {

using Names = std::set<std::string>;  ///< of settings that the command line gives

constexpr const char* kQuick = "quick";  ///< the preset that every demo has
constexpr int64_t kMostThreads = 1024;   ///< more than any machine of ours has cores; a slip, not a wish

std::vector<std::string> device_names() {
  std::vector<std::string> names{"auto"};
  for (const NamedDeviceKind& known : device_kinds) names.emplace_back(known.name);
  return names;
}

/// Only spelling: whether the device is there is found out later, with an exit code of its own.
std::string device_problem(const std::string& text) {
  const size_t colon = text.find(':');
  const std::string kind = text.substr(0, colon);
  const std::vector<std::string> names = device_names();
  if (std::find(names.begin(), names.end(), kind) == names.end())
    return fmt::format("'{}' is unknown; choose one of {}", text, fmt::join(names, ", "));
  if (colon == std::string::npos) return {};
  if (kind == "auto") return fmt::format("'{}' takes no card number; write auto", text);
  int index = -1;
  if (parse_number(std::string_view(text).substr(colon + 1), index) && index >= 0) return {};
  return fmt::format("'{}' has no card number after the colon; write {} or {}:0", text, kind, kind);
}

std::vector<std::string> names_of(const std::vector<Preset>& presets) {
  std::vector<std::string> names;
  for (const Preset& preset : presets) names.push_back(preset.name);
  return names;
}

std::vector<std::string> gemm_names() {
  std::vector<std::string> names;
  for (const NamedGemm& known : gemms) names.emplace_back(known.name);
  return names;
}

/// A number, or the empty text while nobody has chosen one.
Setting emulator_seed(std::string& text) {
  uint64_t unused = 0;
  Setting setting = seed("--emu-seed", unused, "order of the emulated card's threads; results do not depend on it");
  setting.value = &text;
  return may_change(shown_as("$WEFT_EMU_SEED, else 0", setting));
}

/// What all demos have, then what this one has.
std::vector<Setting> settings_of(const Demo& demo, Options& o) {
  const std::string batch = fmt::format("{} a step", demo.sample);
  std::vector<Setting> settings{
      may_change(shown_as("the usual places", text("--data", o.data, "DIR", "folder with the data"))),
      may_change(text("--out", o.out, "DIR", "folder for the results of runs")),
      choice("--preset", o.preset, "settings under one name", names_of(demo.presets)),
      may_change(count("--epochs", o.epochs, "passes over the training data")),
      may_change(shown_as("all", count("--steps", o.steps, "stop after N steps, however many epochs"))),
      count("--batch-size", o.batch_size, batch),
      positive("--lr", o.lr, "learning rate of the first step"),
      seed("--seed", o.seed, "seed of all random streams"),
      {"--device", "NAME", fmt::format("{}", fmt::join(device_names(), ", ")), &o.device, device_problem},
      choice("--gemm", o.gemm, "who multiplies matrices on cpu; decides the last bits of results", gemm_names()),
      flag("--no-fuse", o.no_fuse, "no fused kernels: a record for each primitive", OnResume::stays),
      choice("--dtype", o.dtype, "of the models and their data", {"float32", "float64"}),
      emulator_seed(o.emu_seed),
      may_change(shown_as("all cores",
                          count("--threads", o.threads, "threads; results do not depend on it", 1, kMostThreads))),
      shown_as("all", count("--limit-batches", o.limit_batches, "at most N batches of each split")),
      may_change(
          shown_as("one an epoch", count("--checkpoint-every", o.checkpoint_every, "steps between checkpoints"))),
      may_change(count("--keep", o.keep, "checkpoints to keep")),
      shown_as("one an epoch", count("--eval-every", o.eval_every, "steps between validations")),
      may_change(shown_as("1; of progress, by time",
                          count("--log-every", o.log_every, "steps between lines of metrics and of progress"))),
      may_change(choice("--log-format", o.log_format, "of progress; json: lines as in metrics.jsonl, on stderr",
                        {"text", "json"})),
      flag("--overfit-batch", o.overfit_batch, "train on the first batch alone: does the loss fall?", OnResume::stays),
      flag("--detect-anomaly", o.detect_anomaly, "name the op that makes the first inf or NaN; slow"),
      flag("--profile", o.profile, "at the end, where the time of the first steps went, op by op"),
      flag("--dry-run", o.dry_run, "print what would be trained and leave"),
      flag("--quiet", o.quiet, "print only the results"),
      flag("--verbose", o.verbose, "print a table of the models' layers")};
  settings.insert(settings.end(), demo.settings.begin(), demo.settings.end());
  return settings;
}

/// What is answered in place of a run, or says where a run's settings come from.
struct Questions {
  std::string config, resume;
  std::vector<std::string> compare;
  bool quick = false, print_config = false, list_devices = false;
};

/// These are no settings of a run: config.json does not hold them.
std::vector<Setting> questions(Questions& q) {
  return {flag("--quick", q.quick, "the same as --preset quick"),
          {"--resume", "[RUN]", "go on with a run: its folder, or auto, the newest one", &q.resume, {}, "auto"},
          {"--config", "FILE", "take all settings from a config.json", &q.config, {}, "none"},
          {"--compare", "RUN...", "lay the curves of runs over each other and leave", &q.compare, {}, "none"},
          flag("--print-config", q.print_config, "print the settings as config.json has them and leave"),
          flag("--list-devices", q.list_devices, "print which devices are there and leave")};
}

/// The presets, and what the exit codes mean.
std::string ending_of(const Demo& demo) {
  std::string page;
  for (const Preset& preset : demo.presets) {
    page += fmt::format("\nPreset {:<15}  {}\n", preset.name, wrapped(preset.about));
    std::string values;
    for (const auto& [name, value] : preset.values) values += fmt::format("{} {} ", name, value);
    page += fmt::format("{:{}}{}\n", "", kHelpColumn, wrapped(values));
  }
  return page +
         "\nExit: 0 done, 1 bad data or file, 2 usage, 3 diverged, 4 out of memory,\n"
         "      5 a file cannot be written, 6 device missing, 130 or 143 stopped\n";
}

CommandLine command_line_of(const Demo& demo, const std::vector<Setting>& settings, const std::vector<Setting>& more) {
  CommandLine line{.name = demo.name, .about = demo.about, .settings = settings, .ending = ending_of(demo)};
  line.settings.insert(line.settings.end(), more.begin(), more.end());
  for (Setting& setting : line.settings) {
    if (setting.shown_default.empty()) setting.shown_default = text_of(setting);
  }
  return line;
}

void print_devices() {
  for (const auto& [kind, name] : device_kinds) {
    try {
      fmt::print("{:<10} {}\n", name, backend_of({kind, 0}).description());
    } catch (const Error& error) {
      fmt::print("{:<10} not available ({})\n", name, error.what());
    }
  }
}

/// --quick is --preset quick in fewer letters.
void apply_quick(Names& given, Options& options) {
  if (given.contains("--preset") && options.preset != kQuick) {
    throw UsageError(
        fmt::format("option --quick: it means --preset {}, but --preset {} is given too; hint: leave one of them out",
                    kQuick, options.preset));
  }
  options.preset = kQuick;
  given.insert("--preset");
}

const Preset& preset_of(const Demo& demo, const std::string& preset) {
  const auto named = [&](const Preset& p) { return p.name == preset; };
  return *std::find_if(demo.presets.begin(), demo.presets.end(), named);
}

/// Gives `values` to every setting that the command line does not name.
void apply(const Names& given, const std::vector<Setting>& settings, const std::map<std::string, std::string>& values) {
  for (const Setting& setting : settings) {
    const auto value = values.find(setting.name);
    // 0 for "all" is no text that --steps takes, but what a file has for a setting that nobody made.
    const bool open = value != values.end() && !given.contains(setting.name);
    if (open && value->second != text_of(setting)) assign(setting, value->second);
  }
}

/// A run goes on as it began.
void check_unchanged(const Names& given, const std::vector<Setting>& settings,
                     const std::map<std::string, std::string>& before) {
  for (const Setting& setting : settings) {
    const auto value = before.find(setting.name);
    if (setting.on_resume == OnResume::may_change || !given.contains(setting.name) || value == before.end()) continue;
    if (value->second != text_of(setting)) {
      const bool is_quick = setting.name == "--preset" && given.contains("--quick");
      throw UsageError(fmt::format("option {}: the run to resume has {}{}; hint: leave it out, or begin a new run",
                                   is_quick ? "--quick" : setting.name, is_quick ? "--preset " : "", value->second));
    }
  }
}

/// Settings from a file, then from a preset that was asked for.
void apply_defaults(const Names& given, const Demo& demo, const std::vector<Setting>& settings, const Questions& asked,
                    Options& options) {
  if (given.contains("--resume")) {
    if (!asked.config.empty()) throw UsageError("option --config: a resumed run has its own settings");
    const bool newest = asked.resume.empty() || asked.resume == "auto";
    options.resumed = newest ? newest_run(demo.name, options.out) : std::filesystem::path(asked.resume);
    const std::map<std::string, std::string> before = settings_in(options.resumed / "config.json");
    check_unchanged(given, settings, before);
    apply(given, settings, before);
    options.resumed_device = fact_in(options.resumed / "config.json", "device", "name");
    return;
  }
  if (!asked.config.empty()) apply(given, settings, settings_in(asked.config));
  if (given.contains("--preset")) {
    const Preset& preset = preset_of(demo, options.preset);
    apply(given, settings, preset.values);
    options.preset_about = preset.about;
  }
}

}  // namespace

Setting sample_every(int64_t& steps, std::string about) {
  return may_change(shown_as("none", count("--sample-every", steps, std::move(about))));
}

std::optional<Options> parse(const Demo& demo, int argc, char** argv) {
  Options options;
  options.argv.assign(argv, argv + argc);
  Questions asked;
  const std::vector<Setting> settings = settings_of(demo, options);
  options.preset = demo.presets.front().name;
  apply({}, settings, demo.presets.front().values);
  std::optional<Names> given = parse(command_line_of(demo, settings, questions(asked)), argc, argv);
  if (!given) return std::nullopt;
  if (asked.list_devices) return print_devices(), std::nullopt;
  if (!asked.compare.empty())
    return compare(demo, {asked.compare.begin(), asked.compare.end()}, options.out), std::nullopt;
  if (asked.quick) apply_quick(*given, options);
  apply_defaults(*given, demo, settings, asked, options);
  options.settings = json_of(settings);
  std::vector<Setting> fixed = settings;
  std::erase_if(fixed, [](const Setting& setting) { return setting.on_resume == OnResume::may_change; });
  options.fixed = json_of(fixed);
  if (asked.print_config) return fmt::print("{{\n\"settings\": {}\n}}\n", options.settings), std::nullopt;
  return options;
}

}  // namespace weft::demo
