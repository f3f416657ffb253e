// tests/fuzz/line_strokes.cpp: the XML of IAM-OnDB's lines
#include "datasets/iam_on_line.h"
#include "tests/fuzz/strokes.h"

std::vector<weft::fuzz::Bytes> weft::fuzz::seeds() {
  return {
      bytes_of("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<WhiteboardCaptureSession><StrokeSet>"
               "<Stroke colour=\"black\"><Point x=\"10\" y=\"-3.5\" time=\"1.0\"/><Point y=\"4\" x=\"12\"/></Stroke>"
               "<Stroke/><Stroke><Point x=\"0\" y=\"7\"/></Stroke></StrokeSet></WhiteboardCaptureSession>\n"),
      bytes_of("<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;\">]>"
               "<S><!-- &c; --><Stroke><Point x='1' y='2'/>&c;<Point x='3' y='4'/></Stroke></S>")};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  return weft::fuzz::reads_or_refuses_file(
      bytes, size, [](const std::string& path) { weft::fuzz::check(weft::datasets::load_line_strokes(path)); });
}
