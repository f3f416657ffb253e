// datasets/iam_on_line.cpp: forms, their lines and their texts in the folders of IAM-OnDB
#include "datasets/iam_on_line.h"

#include <algorithm>

#include "datasets/corpus.h"
#include "datasets/dataset.h"
#include "datasets/file_error.h"
#include "datasets/input_file.h"
#include "datasets/trimmed.h"

namespace weft::datasets {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLoadIamOnLine = "load_iam_on_line";

fs::path find_database(const std::string& data) {
  std::string looked_in;
  for (const fs::path& root : search_path(data)) {
    for (const fs::path& folder : {root / "iam-ondb", root}) {
      std::error_code ignored;
      if (fs::is_directory(folder / "lineStrokes", ignored)) return folder;
      looked_in += fmt::format("{}'{}'", looked_in.empty() ? "" : ", ", folder.string());
    }
  }
  throw FileError(fmt::format(
      "{}: no folder lineStrokes found; looked in {}; hint: register at "
      "https://fki.tic.heia-fr.ch/databases/iam-on-line-handwriting-database, then unpack lineStrokes-all.tar.gz, "
      "ascii-all.tar.gz and task1.tar.gz in ./data/iam-ondb",
      kLoadIamOnLine, looked_in));
}

/// a01-000u stands in a01/a01-000/, and a01-000 in the same.
fs::path folder_of(const std::string& form) {
  const std::string page = form.find_last_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos
                               ? form
                               : form.substr(0, form.find_last_not_of("abcdefghijklmnopqrstuvwxyz") + 1);
  return fs::path(form.substr(0, form.find('-'))) / page;
}

/// The lines of the form's text, from the first below "CSR:" on.
std::vector<std::string> labels_of(const fs::path& database, const std::string& form) {
  const fs::path path = database / "ascii" / folder_of(form) / (form + ".txt");
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return {};
  std::vector<std::string> labels;
  bool below = false;
  for (const std::string& line : lines_of(read_file(kLoadIamOnLine, path))) {
    const std::string_view text = trimmed(line);
    if (below && !text.empty()) labels.emplace_back(text);
    below |= text == "CSR:";
  }
  return labels;
}

/// The number behind the last '-' of a01-000u-01.
size_t line_number(const std::string& stem) {
  size_t number = 0;
  for (const char c : stem.substr(stem.rfind('-') + 1)) {
    if (c < '0' || c > '9' || number > 1000) return 0;
    number = 10 * number + static_cast<size_t>(c - '0');
  }
  return number;
}

void add_form(const fs::path& database, const std::string& form, std::vector<StrokeSequence>& sequences) {
  const fs::path folder = database / "lineStrokes" / folder_of(form);
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(form + "-") && name.ends_with(".xml")) files.push_back(entry.path());
  }
  if (files.empty()) fail_file(kLoadIamOnLine, folder, "holds no lines {}-01.xml, {}-02.xml ...", form, form);
  std::sort(files.begin(), files.end());
  const std::vector<std::string> labels = labels_of(database, form);
  for (const fs::path& file : files) {
    const size_t number = line_number(file.stem().string());
    sequences.push_back(load_line_strokes(file, number >= 1 && number <= labels.size() ? labels[number - 1] : ""));
  }
}

std::vector<StrokeSequence> load_list(const fs::path& database, const std::string& list) {
  std::error_code ignored;
  const fs::path beside = database / list, path = fs::exists(beside, ignored) ? beside : database / "task1" / list;
  std::vector<StrokeSequence> sequences;
  for (const std::string& line : lines_of(read_file(kLoadIamOnLine, path))) {
    const std::string form(trimmed(line));
    if (form.empty()) continue;
    if (form.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
      fail_file(kLoadIamOnLine, path, "'{}' is not the name of a form", form);
    add_form(database, form, sequences);
  }
  return sequences;
}

}  // namespace

StrokeCorpus load_iam_on_line(const std::string& data) {
  const fs::path database = find_database(data);
  return {.name = "IAM-OnDB",
          .train = load_list(database, "trainset.txt"),
          .valid = load_list(database, "testset_v.txt"),
          .test = load_list(database, "testset_f.txt"),
          .folder = database};
}

}  // namespace weft::datasets
