// datasets/fetch/main.cpp: weft-fetch: data sets by name, with the system's curl or wget and pinned sums
#include <fmt/format.h>

#include "datasets/fetch/fetch.h"
#include "tensor/program/command_line.h"

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

void run(int argc, char** argv) {
  Options options;
  const program::CommandLine line{
      .name = "weft-fetch",
      .about = "brings data sets to the disk by curl or wget, each file checked by its SHA-256",
      .usage = "[options] SET...",
      .settings = {program::shown_as(options.to,
                                     program::text("--to", options.to, "DIR", "folder; a set goes to DIR/SET")),
                   program::flag("--list", options.list, "print the sets and leave"),
                   program::flag("--by-hand", options.offline,
                                 "print what to place where, for a machine without a network"),
                   {"sets", "", "", &options.names}},
      .ending = fmt::format("\nSets: {}\n\n"
                            "Exit: 0 done, 1 bad data or no network, 2 usage, 4 out of memory,\n"
                            "      5 a file cannot be written, 130 or 143 stopped\n",
                            known_names())};
  if (!program::parse(line, argc, argv)) return;
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
