// datasets/iam_on_line.h: IAM-OnDB, lines of English written on a whiteboard (Liwicki and Bunke 2005)
#pragma once
#include "datasets/strokes.h"

namespace weft::datasets {

/// The recognition task IAM-OnDB-t1: trainset.txt trains, testset_v.txt validates, testset_f.txt is the final test,
/// each a list of forms; testset_t.txt, the second validation set, is not used. The archives must be had from the
/// database's makers and unpacked side by side, in a folder itself or its subfolder iam-ondb/ (see search_path for
/// `data`):
///   lineStrokes/a01/a01-000/a01-000u-01.xml   the points of each line: StrokeSet, Stroke, Point with x and y
///   ascii/a01/a01-000/a01-000u.txt            the text; line n below "CSR:" is the label of line n, empty where the
///                                             file has none
///   task1/trainset.txt and so on              the lists; they may also stand beside lineStrokes/
/// Throws FileError, with file and line: not found; XML that is damaged; a Point outside a Stroke, without coordinates
/// or with others than numbers; a line of fewer than two points; a form of a list that has no lines.
StrokeCorpus load_iam_on_line(const std::string& data = {});

/// One line's XML.  Throws FileError: as above.
StrokeSequence load_line_strokes(const std::filesystem::path& path, std::string label = {});

}  // namespace weft::datasets
