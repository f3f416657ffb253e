// bench/ladder/rung.cpp: the list that the ladders fill
#include "bench/ladder/rung.h"

#include <utility>

namespace weft::ladder {
namespace {

std::vector<Ladder>& ladders() {
  static std::vector<Ladder> list;
  return list;
}

}  // namespace

Ladder::Ladder(DeviceKind kind, std::string_view operation, void (*synchronize)(), std::vector<Rung> rungs)
    : kind(kind), operation(operation), rungs(std::move(rungs)), synchronize(synchronize) {
  ladders().push_back(*this);
}

const std::vector<Ladder>& all_ladders() { return ladders(); }

}  // namespace weft::ladder
