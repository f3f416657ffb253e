// tensor/program/command_line.cpp: options by CLI11, with our own help page and messages
#include "tensor/program/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <span>

#include "tensor/program/spelling.h"
#include "tensor/program/version.h"

namespace weft::program {
namespace {

constexpr const char* kHelp = "--help";
constexpr size_t kHelpWidth = 80;

void add(CLI::App& app, const Setting& setting) {
  if (bool* const* value = std::get_if<bool*>(&setting.value)) {
    app.add_flag(setting.name == kHelp ? "-h,--help" : setting.name, **value, setting.about);
    return;
  }
  CLI::Option* option =
      std::visit([&](auto* value) { return app.add_option(setting.name, *value, setting.about); }, setting.value);
  option->type_name(setting.type);
  if (setting.type.starts_with('[')) option->expected(0, 1);
  if (setting.problem)
    option->check(CLI::Validator([problem = setting.problem](std::string& text) { return problem(text); }, ""));
}

bool is_option(const Setting& setting) { return setting.name.starts_with('-'); }

void print_help(const CommandLine& page, const std::vector<Setting>& settings) {
  fmt::print("{}: {}\n\nUsage: {} {}\n\nOptions:\n", page.name, page.about, page.name, page.usage);
  for (const Setting& setting : settings) {
    if (!is_option(setting)) continue;
    const std::string left = setting.type.empty() ? setting.name : setting.name + " " + setting.type;
    const bool has_default = !setting.type.empty() && !setting.shown_default.empty();
    fmt::print("  {:<22} {}\n", left,
               wrapped(setting.about + (has_default ? fmt::format(" [{}]", setting.shown_default) : "")));
  }
  fmt::print("{}", page.ending);
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

void parse_words(CLI::App& app, int argc, char** argv) {
  // CLI11 would take the next word as the value: `--data=$UNSET --resume`.
  for (const std::string_view word : std::span(argv, static_cast<size_t>(argc)).subspan(1)) {
    if (word.starts_with("--") && word.find('=') == word.size() - 1) {
      throw UsageError(fmt::format("option {} has an empty value; see --help", word.substr(0, word.size() - 1)));
    }
  }
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
}

}  // namespace

std::string wrapped(const std::string& text) {
  std::string lines;
  size_t column = kHelpColumn;
  for (size_t at = 0; at < text.size();) {
    const size_t space = std::min(text.find(' ', at), text.size());
    const size_t length = space - at;
    if (column + length > kHelpWidth && column > kHelpColumn) {
      lines.back() = '\n';
      lines.append(kHelpColumn, ' ');
      column = kHelpColumn;
    }
    lines += text.substr(at, length) + " ";
    column += length + 1;
    at = space + 1;
  }
  if (!lines.empty()) lines.pop_back();
  return lines;
}

std::optional<std::set<std::string>> parse(const CommandLine& command_line, int argc, char** argv) {
  bool show_version = false, show_help = false;
  std::vector<Setting> settings = command_line.settings;
  settings.push_back(flag("--version", show_version, "print the version and leave"));
  settings.push_back(flag(kHelp, show_help, "print this page and leave"));
  // Before parsing: the page shows what holds when nothing else is said.
  const bool help =
      std::any_of(argv + 1, argv + argc, [](std::string_view word) { return word == kHelp || word == "-h"; });
  if (help) return print_help(command_line, settings), std::nullopt;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  for (const Setting& setting : settings) add(app, setting);
  parse_words(app, argc, argv);
  if (show_version) return fmt::print("{} {}, git {}\n", command_line.name, version(), git_id()), std::nullopt;
  std::set<std::string> given;
  for (const Setting& setting : settings) {
    if (app.count(setting.name) > 0) given.insert(setting.name);
  }
  return given;
}

}  // namespace weft::program
