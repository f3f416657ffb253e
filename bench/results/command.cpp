// bench/results/command.cpp: diff and page
#include "bench/results/command.h"

#include <fmt/format.h>

#include "bench/results/diff.h"
#include "bench/results/page.h"
#include "tensor/file.h"
#include "tensor/program/program.h"

namespace weft::bench {

void command(const std::vector<std::string>& words) {
  if (words.size() == 3 && words[0] == "diff") {
    fmt::print("{}", diff(load_results(words[1]), load_results(words[2])));
  } else if (words.size() == 3 && words[0] == "page") {
    const std::string html = page(load_results(words[1]));
    SiblingFile file(words[2]);
    file.write(reinterpret_cast<const std::byte*>(html.data()), static_cast<int64_t>(html.size()));
    file.put_in_place();
  } else {
    throw UsageError(fmt::format(
        "weft-bench: '{}' is no command; hint: serve CASE FILE, diff A.json B.json or page RUN.json PAGE.html",
        fmt::join(words, " ")));
  }
}

}  // namespace weft::bench
