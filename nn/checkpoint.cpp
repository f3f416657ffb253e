// nn/checkpoint.cpp: everything that a training run is, as one dictionary and one file
#include "nn/checkpoint.h"

#include "nn/state_reader.h"
#include "tensor/create.h"

namespace weft::nn {
namespace {

std::map<std::string, RandomStream*> named(Streams& streams) {
  return {{"init", &streams.init},
          {"shuffle", &streams.shuffle},
          {"augment", &streams.augment},
          {"dropout", &streams.dropout},
          {"sample", &streams.sample}};
}

StateDict state_dict(Streams& streams) {
  StateDict state;
  for (const auto& [name, stream] : named(streams)) {
    const std::vector<int64_t> place{static_cast<int64_t>(stream->seed()), static_cast<int64_t>(stream->position())};
    state.emplace(name, from_data(place, {2}, cpu));
  }
  return state;
}

void load_state_dict(Streams& streams, const StateDict& state) {
  Problems problems;
  StateReader reader(state, problems);
  std::map<std::string, Tensor> places;
  for (const auto& [name, stream] : named(streams)) places[name] = reader.tensor(name, {2}, DType::int64);
  reader.check_all_known();
  problems.report("Streams");
  for (const auto& [name, stream] : named(streams)) {
    const std::vector<int64_t> place = places.at(name).to_vector<int64_t>();
    *stream = RandomStream(static_cast<uint64_t>(place[0]), stream->stream());
    stream->set_position(static_cast<uint64_t>(place[1]));
  }
}

/// What TrainingParts::carried points to, with the interface of a part.
struct Carried {
  const std::map<std::string, Tensor*>& tensors;

  StateDict state_dict() const {
    StateDict state;
    for (const auto& [name, tensor] : tensors) state.emplace(name, tensor->clone());
    return state;
  }
  void load_state_dict(const StateDict& state) const {
    Problems problems;
    StateReader reader(state, problems);
    std::map<std::string, Tensor> read;
    for (const auto& [name, tensor] : tensors) read[name] = reader.copy_like(name, *tensor);
    reader.check_all_known();
    problems.report("carried tensors");
    // A tensor of its own: what was carried until now may be part of somebody's record.
    for (const auto& [name, tensor] : tensors) *tensor = read.at(name);
  }
};

/// Calls f(name, part) for every part, which may be null.
template <class F>
void visit(const TrainingParts& parts, const F& f) {
  f("model", &parts.model);
  f("optimizer", &parts.optimizer);
  f("scheduler", parts.scheduler);
  f("plateau", parts.plateau);
  f("ema", parts.ema);
  f("streams", parts.streams);
  const Carried carried{parts.carried};
  f("carried", parts.carried.empty() ? nullptr : &carried);
}

template <class Part>
StateDict state_of_part(Part& part) {
  if constexpr (std::is_same_v<Part, Streams>) return state_dict(part);
  else return part.state_dict();
}

template <class Part>
void load_into(Part& part, const StateDict& state) {
  if constexpr (std::is_same_v<Part, Streams>) load_state_dict(part, state);
  else part.load_state_dict(state);
}

void load_parts(const TrainingParts& parts, const StateDict& state) {
  visit(parts, [&](const std::string& name, auto* part) {
    if (part != nullptr) load_into(*part, part_of(state, name));
  });
}

void check_parts(const TrainingParts& parts, const StateDict& state) {
  Problems problems;
  std::map<std::string, bool> known;
  visit(parts, [&](const std::string& name, const auto* part) { known[name] = part != nullptr; });
  for (const auto& [name, tensor] : state) {
    const auto found = known.find(name.substr(0, name.find('.')));
    if (found == known.end()) problems.add("unexpected '{}'", name);
    else if (!found->second) problems.add("'{}', but this run has no {}", name, found->first);
  }
  problems.report("load_checkpoint");
}

}  // namespace

StateDict state_dict(const TrainingParts& parts) {
  StateDict whole;
  visit(parts, [&](const std::string& name, auto* part) {
    if (part != nullptr) add_part(whole, name, state_of_part(*part));
  });
  return whole;
}

void load_state_dict(const TrainingParts& parts, const StateDict& state) {
  check_parts(parts, state);
  const StateDict before = state_dict(parts);
  try {
    load_parts(parts, state);
  } catch (...) {
    load_parts(parts, before);  // each part changes nothing when it throws, but those before it have changed
    throw;
  }
}

void save_checkpoint(const std::filesystem::path& path, const TrainingParts& parts) {
  save_safetensors(path, state_dict(parts));
}

void load_checkpoint(const std::filesystem::path& path, const TrainingParts& parts) {
  load_state_dict(parts, load_safetensors(path, cpu).tensors);
}

}  // namespace weft::nn
