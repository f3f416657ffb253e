// datasets/line_strokes.cpp: the XML of one line of IAM-OnDB, read by expat
#include <expat.h>

#include <memory>
#include <optional>

#include "datasets/file_error.h"
#include "datasets/iam_on_line.h"
#include "datasets/input_file.h"
#include "tensor/file.h"

namespace weft::datasets {
namespace {

constexpr std::string_view kLoadLineStrokes = "load_line_strokes";
constexpr size_t kPiece = 1 << 20;  // expat counts bytes by an int

/// What is known while the parser walks. Nothing is thrown through expat: what is wrong waits in `problem`.
struct Reading {
  XML_Parser parser;
  std::vector<PenPoint> points = {};
  bool in_stroke = false;
  std::string problem = {};

  void stop(std::string what) {
    if (problem.empty()) problem = std::move(what);
    XML_StopParser(parser, XML_FALSE);
  }
};

std::optional<double> coordinate(const char* name, const char** attributes) {
  for (; *attributes != nullptr; attributes += 2) {
    if (std::string_view(attributes[0]) == name) return coordinate_of(attributes[1]);
  }
  return {};
}

void XMLCALL on_start(void* user, const char* element, const char** attributes) {
  auto& reading = *static_cast<Reading*>(user);
  const std::string_view name = element;
  if (name == "Stroke") reading.in_stroke = true;
  if (name != "Point") return;
  const std::optional<double> x = coordinate("x", attributes), y = coordinate("y", attributes);
  if (!reading.in_stroke) reading.stop("a Point stands outside a Stroke");
  else if (!x || !y) reading.stop("a Point without numbers x and y");
  else reading.points.push_back({*x, *y, false});
}

void XMLCALL on_end(void* user, const char* element) {
  auto& reading = *static_cast<Reading*>(user);
  if (std::string_view(element) != "Stroke") return;
  reading.in_stroke = false;
  if (!reading.points.empty()) reading.points.back().lifted = true;
}

}  // namespace

StrokeSequence load_line_strokes(const std::filesystem::path& path, std::string label) {
  const std::string bytes = read_file(kLoadLineStrokes, path);
  const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(XML_ParserCreate(nullptr), XML_ParserFree);
  if (!parser) throw std::bad_alloc();
  Reading reading{parser.get()};
  XML_SetUserData(parser.get(), &reading);
  XML_SetElementHandler(parser.get(), on_start, on_end);
  for (std::string_view left = bytes; !left.empty();) {
    const std::string_view piece = left.substr(0, kPiece);
    left.remove_prefix(piece.size());
    if (XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()), left.empty()) == XML_STATUS_OK) continue;
    const char* damage = XML_ErrorString(XML_GetErrorCode(parser.get()));
    fail_file(kLoadLineStrokes, path, "line {}: {}", XML_GetCurrentLineNumber(parser.get()),
              reading.problem.empty() ? fmt::format("damaged XML: {}", damage) : reading.problem);
  }
  if (reading.points.size() < 2)
    fail_file(kLoadLineStrokes, path, "{} points make no drawing; hint: at least 2 are needed", reading.points.size());
  return strokes_from(reading.points, std::move(label));
}

}  // namespace weft::datasets
