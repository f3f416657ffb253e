// datasets/fetch/main.cpp: weft-fetch: data sets by name, with the system's curl or wget and pinned sums
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "datasets/fetch/fetch.h"

namespace weft::fetch {
namespace {

struct Options {
  std::string to = "data";
  std::vector<std::string> names;
  bool list = false, offline = false;
};

std::string known_names() {
  std::vector<std::string> names;
  for (const DataSet& set : catalogue()) names.push_back(set.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

const DataSet& find_set(const std::string& name) {
  for (const DataSet& set : catalogue())
    if (set.name == name) return set;
  throw UsageError(fmt::format("weft-fetch: '{}' is unknown; choose one of {}", name, known_names()));
}

void print_help() {
  fmt::print(
      "weft-fetch: brings data sets to the disk by curl or wget, each file checked by its SHA-256\n\n"
      "Usage: weft-fetch [options] SET...\n\nOptions:\n"
      "  --to DIR    folder; a set goes to DIR/SET [data]\n"
      "  --list      print the sets and leave\n"
      "  --by-hand   print what to place where, for a machine without a network\n"
      "  --version   print the version and leave\n"
      "  --help      print this page and leave\n\nSets: {}\n\n"
      "Exit: 0 done, 1 bad data or no network, 2 usage, 4 out of memory,\n"
      "      5 a file cannot be written, 130 or 143 stopped\n",
      known_names());
}

void run(int argc, char** argv) {
  Options options;
  bool help = false, version = false;
  CLI::App app;
  app.set_help_flag();
  app.add_option("--to", options.to);
  app.add_flag("--list", options.list);
  app.add_flag("--by-hand", options.offline);
  app.add_flag("--version", version);
  app.add_flag("--help", help);
  app.add_option("sets", options.names);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("weft-fetch: {}; see --help", error.what()));
  }
  if (help) return print_help();
  if (version) return fmt::print("weft-fetch {}\n", WEFT_VERSION);
  if (options.list) {
    for (const DataSet& set : catalogue()) fmt::print("{:<18}{}\n", set.name, set.about);
    return;
  }
  if (options.names.empty()) throw UsageError(fmt::format("weft-fetch: no set named; choose from {}", known_names()));
  std::vector<const DataSet*> sets;
  for (const std::string& name : options.names) sets.push_back(&find_set(name));
  for (const DataSet* set : sets) {
    if (options.offline) fmt::print("{}", by_hand(*set, options.to));
    else fetch(*set, options.to);
  }
}

}  // namespace
}  // namespace weft::fetch

int main(int argc, char** argv) {
  return weft::run_program("weft-fetch", [&] { weft::fetch::run(argc, argv); });
}
