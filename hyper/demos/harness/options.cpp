// hyper/demos/harness/options.cpp: options by CLI11, with our own help page and messages
#include "hyper/demos/harness/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "hyper/demos/harness/spelling.h"
#include "tensor/backend.h"
#include "tensor/device.h"

namespace weft::demo {
namespace {

constexpr int64_t kMostThreads = 1024;  ///< more than any machine of ours has cores; a slip, not a wish

CLI::Validator validator(std::function<std::string(std::string&)> check) { return {std::move(check), ""}; }

/// All of `text` is one number of type T.
template <class T>
std::optional<T> parsed(std::string_view text) {
  T value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  if (code == std::errc() && stop == end) return value;
  return {};
}

template <class T = int64_t>
CLI::Validator whole_number(T least, T most = std::numeric_limits<T>::max()) {
  return validator([least, most](std::string& text) -> std::string {
    const std::optional<T> value = parsed<T>(text);
    if (value && *value >= least && *value <= most) return {};
    if (most == std::numeric_limits<T>::max())
      return fmt::format("'{}' is not a whole number of at least {}", text, least);
    return fmt::format("'{}' is not a whole number from {} to {}", text, least, most);
  });
}

CLI::Validator positive_number() {
  return validator([](std::string& text) -> std::string {
    const std::optional<double> value = parsed<double>(text);
    if (value && std::isfinite(*value) && *value > 0) return {};
    return fmt::format("'{}' is not a number above 0", text);
  });
}

CLI::Validator one_of(std::vector<std::string> names) {
  return validator([names](std::string& text) -> std::string {
    if (std::find(names.begin(), names.end(), text) != names.end()) return {};
    return fmt::format("'{}' is unknown; choose one of {}", text, fmt::join(names, ", "));
  });
}

std::vector<std::string> device_names() {
  std::vector<std::string> names{"auto"};
  for (const NamedDeviceKind& known : device_kinds) names.emplace_back(known.name);
  return names;
}

/// Only spelling: whether the device is there is found out later, with an exit code of its own.
CLI::Validator device_name() {
  return validator([](std::string& text) -> std::string {
    const size_t colon = text.find(':');
    const std::string kind = text.substr(0, colon);
    const std::vector<std::string> names = device_names();
    if (std::find(names.begin(), names.end(), kind) == names.end())
      return fmt::format("'{}' is unknown; choose one of {}", text, fmt::join(names, ", "));
    if (colon == std::string::npos) return {};
    if (kind == "auto") return fmt::format("'{}' takes no card number; write auto", text);
    const std::optional<int> index = parsed<int>(std::string_view(text).substr(colon + 1));
    if (index && *index >= 0) return {};
    return fmt::format("'{}' has no card number after the colon; write {} or {}:0", text, kind, kind);
  });
}

std::vector<std::string> names_of(const std::vector<Preset>& presets) {
  std::vector<std::string> names;
  for (const Preset& preset : presets) names.push_back(preset.name);
  return names;
}

/// Flags that are answered in place of a run.
struct Questions {
  bool list_devices = false, version = false, help = false;
};

void add_options(CLI::App& app, const Demo& demo, Options& o, Questions& asked) {
  app.add_option("--data", o.data, "folder with the data set")->type_name("DIR")->default_str("the usual places");
  app.add_option("--out", o.out, "folder for the results of runs")->type_name("DIR");
  app.add_option("--preset", o.preset, fmt::format("settings: {}", fmt::join(names_of(demo.presets), " or ")))
      ->type_name("NAME")
      ->check(one_of(names_of(demo.presets)));
  app.add_option("--epochs", o.epochs, "passes over the training set")->type_name("N")->check(whole_number<int64_t>(1));
  app.add_option("--batch-size", o.batch_size, "images a step")->type_name("N")->check(whole_number<int64_t>(1));
  app.add_option("--lr", o.lr, "learning rate of the first step")->type_name("X")->check(positive_number());
  app.add_option("--seed", o.seed, "seed of all random streams")->type_name("N")->check(whole_number<uint64_t>(0));
  app.add_option("--device", o.device, fmt::format("{}", fmt::join(device_names(), ", ")))
      ->type_name("NAME")
      ->check(device_name());
  app.add_option("--threads", o.threads, "threads; results do not depend on it")
      ->type_name("N")
      ->check(whole_number<int64_t>(1, kMostThreads))
      ->default_str("all cores");
  app.add_option("--limit-batches", o.limit_batches, "at most N batches of each split")
      ->type_name("N")
      ->check(whole_number<int64_t>(1))
      ->default_str("all");
  app.add_flag("--quiet", o.quiet, "print only the results");
  app.add_flag("--verbose", o.verbose, "print a table of the models' layers");
  app.add_flag("--list-devices", asked.list_devices, "print which devices are there and leave");
  app.add_flag("--version", asked.version, "print the version and leave");
  app.add_flag("-h,--help", asked.help, "print this page and leave");
}

void print_help(const CLI::App& app, const Demo& demo) {
  fmt::print("{}: {}\n\nUsage: {} [options]\n\nOptions:\n", demo.name, demo.about, demo.name);
  for (const CLI::Option* option : app.get_options()) {
    const bool takes_value = option->get_items_expected_max() > 0;
    const std::string left = option->get_name() + (takes_value ? " " + option->get_type_name() : "");
    const std::string initial = takes_value ? fmt::format(" [{}]", option->get_default_str()) : "";
    fmt::print("  {:<20} {}{}\n", left, option->get_description(), initial);
  }
  for (const Preset& p : demo.presets) {
    fmt::print("\nPreset {}: --epochs {} --batch-size {}", p.name, p.epochs, p.batch_size);
  }
  fmt::print("\n\nExit: 0 done, 1 bad data or file, 2 usage, 3 diverged, 4 out of memory,\n");
  fmt::print("      5 a file cannot be written, 6 device missing, 130 or 143 stopped\n");
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

void reject_unknown(const CLI::App& app) {
  const std::vector<std::string> unknown = app.remaining();
  if (unknown.empty()) return;
  const std::string word = unknown[0].substr(0, unknown[0].find('='));
  if (word[0] != '-') throw UsageError(fmt::format("argument '{}' is not expected; see --help", word));
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) names.push_back(option->get_name());
  const std::string meant = nearest(word, names);
  const std::string advice = meant.empty() ? "see --help" : fmt::format("did you mean {}?", meant);
  throw UsageError(fmt::format("option {} is unknown; {}", word, advice));
}

void apply_preset(const CLI::App& app, const Demo& demo, Options& options) {
  for (const Preset& preset : demo.presets) {
    if (preset.name != options.preset) continue;
    if (app.count("--epochs") == 0) options.epochs = preset.epochs;
    if (app.count("--batch-size") == 0) options.batch_size = preset.batch_size;
  }
}

}  // namespace

std::optional<Options> parse(const Demo& demo, int argc, char** argv) {
  const Preset& first = demo.presets.front();
  Options options{.preset = first.name, .epochs = first.epochs, .batch_size = first.batch_size, .lr = demo.lr};
  options.argv.assign(argv, argv + argc);
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  app.option_defaults()->always_capture_default();
  Questions asked;
  add_options(app, demo, options, asked);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ArgumentMismatch& error) {  // "--seed: At Most 1 required but received 2"
    const std::string_view text = error.what();
    const bool twice = text.find("received") != std::string_view::npos;
    throw UsageError(fmt::format("option {} {}; see --help", text.substr(0, text.find(':')),
                                 twice ? "is given more than once" : "needs a value"));
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("option {}", error.what()));
  }
  reject_unknown(app);
  if (asked.help) return print_help(app, demo), std::nullopt;
  if (asked.version) return fmt::print("{} {}\n", demo.name, version()), std::nullopt;
  if (asked.list_devices) return print_devices(), std::nullopt;
  apply_preset(app, demo, options);
  return options;
}

std::string version() { return WEFT_VERSION; }

}  // namespace weft::demo
