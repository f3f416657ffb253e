// nn/checkpoint.h: everything that a training run is, as one dictionary and one file
#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "nn/ema.h"
#include "nn/optim/scheduler.h"
#include "tensor/random.h"
#include "tensor/safetensors.h"

namespace weft::nn {

/// The parts of a run that must be saved together for it to go on with the same bits. Parts that a run does not have
/// are null.
struct TrainingParts {
  Module& model;
  optim::Optimizer& optimizer;
  optim::LrScheduler* scheduler = nullptr;
  optim::ReduceLROnPlateau* plateau = nullptr;
  Ema* ema = nullptr;
  Streams* streams = nullptr;
  /// Tensors that one step leaves to the next, by name: the recurrent state of truncated backpropagation. They are
  /// defined from the start, and keep their shape and dtype.
  std::map<std::string, Tensor*> carried = {};
};

/// "model.path", "optimizer.name", "scheduler.name", "plateau.name", "ema.name", "streams.name" (int64 [2]: seed and
/// position), "carried.name".
StateDict state_dict(const TrainingParts& parts);
/// Throws (nothing changed): what the parts refuse, or entries of a part that is null.
void load_state_dict(const TrainingParts& parts, const StateDict& state);

/// By the atomic writer of tensor/safetensors.h: a killed program leaves the old file or the new one.
void save_checkpoint(const std::filesystem::path& path, const TrainingParts& parts);
void load_checkpoint(const std::filesystem::path& path, const TrainingParts& parts);

}  // namespace weft::nn
