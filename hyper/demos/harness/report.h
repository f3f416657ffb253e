// hyper/demos/harness/report.h: a run, or several beside each other, as one HTML file that needs no network
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "hyper/demos/harness/curves.h"

namespace weft::demo {

/// A heading and what stands below it, as HTML.
struct Section {
  std::string title, html;
};

/// The bytes of a PNG file as a picture.
Section picture(std::string title, std::string_view png);
/// An SVG or HTML fragment as it is.
Section drawing(std::string title, std::string fragment);
/// Text as it is, in letters of equal width.
Section listing(std::string title, std::string_view text);
/// The first row is the heading.
Section table_section(std::string title, const std::vector<std::vector<std::string>>& rows);

/// What Chart.js draws of `config`, its configuration in JSON. `id` is this chart's alone on a page; `height` is in
/// 300ths of the width.
Section chart(std::string title, std::string_view id, int64_t height, std::string config);

/// One chart a score, one curve a run, model and split, over the steps; training smoothed, losses on a logarithmic
/// axis.
std::vector<Section> curves(const std::vector<NamedMetrics>& runs);

/// What config.json says of settings, parameters, machine, data and versions, the SHA-256 of each file of weights, and
/// the peak memory of this process.
std::vector<Section> facts(const std::filesystem::path& run);

/// The whole page; the library that draws the curves (Chart.js, MIT licence) is part of it.
std::string page(const std::string& title, const std::vector<Section>& sections);

/// & < > and " so that HTML shows them.
std::string escaped(std::string_view text);

}  // namespace weft::demo
