// hyper/convert/main.cpp: weft-convert-supercell: files with weights of the authors' LSTM and HyperLSTM cells, both
// ways
#include <fmt/format.h>

#include "hyper/supercell.h"
#include "tensor/program/command_line.h"
#include "tensor/safetensors.h"

namespace weft::convert {
namespace {

constexpr const char* kName = "weft-convert-supercell";

struct Options {
  bool to_ours = false, to_theirs = false;
  std::string scope, prefix, in, out;
  int64_t layer = -1;
};

/// The entries whose names begin with `start`, without it.
nn::StateDict below(const nn::StateDict& state, const std::string& start) {
  nn::StateDict entries;
  for (const auto& [name, tensor] : state) {
    if (name.starts_with(start)) entries[name.substr(start.size())] = tensor;
  }
  return entries;
}

nn::StateDict put_below(const nn::StateDict& state, const std::string& start) {
  nn::StateDict entries;
  for (const auto& [name, tensor] : state) entries[start + name] = tensor;
  return entries;
}

/// "weight_ih_l0" -> "weight_ih", "hyper_l0.bias" -> "hyper.bias", of the names with this suffix.
nn::StateDict without_suffix(const nn::StateDict& state, const std::string& suffix) {
  nn::StateDict entries;
  for (const auto& [name, tensor] : state) {
    const size_t end = std::min(name.find('.'), name.size());
    if (!std::string_view(name).substr(0, end).ends_with(suffix)) continue;
    entries[name.substr(0, end - suffix.size()) + name.substr(end)] = tensor;
  }
  return entries;
}

nn::StateDict with_suffix(const nn::StateDict& state, const std::string& suffix) {
  nn::StateDict entries;
  for (const auto& [name, tensor] : state) {
    std::string suffixed = name;
    entries[suffixed.insert(std::min(name.find('.'), name.size()), suffix)] = tensor;
  }
  return entries;
}

nn::StateDict convert(const Options& options, const nn::StateDict& state) {
  const std::string scope = options.scope.empty() ? "" : options.scope + "/";
  const std::string prefix = options.prefix.empty() ? "" : options.prefix + ".";
  const std::string suffix = options.layer < 0 ? "" : fmt::format("_l{}", options.layer);
  nn::StateDict cell = below(state, options.to_ours ? scope : prefix);
  if (options.to_theirs) cell = without_suffix(cell, suffix);
  if (cell.empty()) {
    throw FileError(fmt::format("{}: '{}' has no names of the cell among its {}; hint: see --scope, --prefix, --layer",
                                kName, options.in, state.size()));
  }
  if (options.to_ours) {
    const bool hyper = cell.contains("hyper_ih/zw/super_linear_w");
    cell = hyper ? hyper::hyper_lstm_from_supercell(cell) : hyper::lstm_from_supercell(cell);
    return put_below(with_suffix(cell, suffix), prefix);
  }
  cell = cell.contains("embeddings.weight") ? hyper::hyper_lstm_to_supercell(cell) : hyper::lstm_to_supercell(cell);
  return put_below(cell, scope);
}

void run(int argc, char** argv) {
  using namespace program;
  Options options;
  const CommandLine line{
      .name = kName,
      .about =
          "weights of an LSTM or HyperLSTM cell of the code of Ha, Dai and Le\n"
          "(github.com/hardmaru/supercell) as weft's, and back; with or without layer norm",
      .usage =
          "--to-weft|--to-supercell [options] IN OUT\n\n"
          "IN and OUT are safetensors files. Names that are not the cell's are left out.",
      .settings =
          {flag("--to-weft", options.to_ours, "IN has the authors' layout: gates i, j, f, o, input-major"),
           flag("--to-supercell", options.to_theirs, "IN has weft's layout: gates i, f, g, o, output-major"),
           shown_as("below nothing", text("--scope", options.scope, "NAME", "the authors' names stand below NAME/")),
           shown_as("below nothing", text("--prefix", options.prefix, "NAME", "weft's names stand below NAME.")),
           shown_as("of a cell", count("--layer", options.layer, "weft's names are those of layer N: weight_ih_lN", 0)),
           {"in", "", "", &options.in},
           {"out", "", "", &options.out}},
      .ending = "\nExit: 0 done, 1 bad data, 2 usage, 4 out of memory, 5 OUT cannot be written\n"};
  if (!parse(line, argc, argv)) return;
  if (options.to_ours == options.to_theirs || options.out.empty()) {
    throw UsageError(fmt::format("{}: one of --to-weft and --to-supercell, and two files; see --help", kName));
  }
  const Safetensors file = load_safetensors(options.in);
  const nn::StateDict converted = convert(options, file.tensors);
  try {
    save_safetensors(options.out, converted, file.metadata);
  } catch (const FileError& error) {
    throw WriteError(error.what());
  }
  fmt::print("{}: {} tensors of {}, {} written\n", options.out, file.tensors.size(), options.in, converted.size());
}

}  // namespace
}  // namespace weft::convert

int main(int argc, char** argv) {
  return weft::run_program(weft::convert::kName, [&] { weft::convert::run(argc, argv); });
}
