// tensor/einsum_parse.cpp: reads an einsum equation
#include "tensor/einsum_parse.h"

#include <fmt/format.h>

#include <algorithm>

namespace weft {
namespace {

constexpr int kLetters = 26;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

/// One operand's subscripts as written.
struct Term {
  std::string letters;    ///< without the ellipsis
  int64_t ellipsis = -1;  ///< how many letters stand before it; -1: there is none
};

int label_of(char letter) { return is_upper(letter) ? letter - 'A' : kLetters + letter - 'a'; }

Term parse_term(std::string_view equation, std::string_view text) {
  Term term;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 3) == "...") {
      if (term.ellipsis >= 0) fail("einsum", "'{}' has two ellipses in one term", equation);
      term.ellipsis = static_cast<int64_t>(term.letters.size());
      i += 2;
    } else if (is_upper(text[i]) || is_lower(text[i])) {
      term.letters += text[i];
    } else {
      const auto code = static_cast<unsigned char>(text[i]);
      fail("einsum", "'{}' holds {}; hint: subscripts are letters a-z and A-Z, and '...'", equation,
           code >= 0x20 && code < 0x7F ? fmt::format("'{}'", text[i]) : fmt::format("byte {}", code));
    }
  }
  return term;
}

EinsumLabels labels_of(const Term& term, int64_t ellipsis_axes) {
  EinsumLabels labels;
  for (size_t i = 0; i <= term.letters.size(); ++i) {
    if (static_cast<int64_t>(i) == term.ellipsis)
      for (int64_t k = ellipsis_axes; k-- > 0;) labels.push_back(kEllipsisLabel + static_cast<int>(k));
    if (i < term.letters.size()) labels.push_back(label_of(term.letters[i]));
  }
  return labels;
}

/// How many axes the ellipsis of an operand stands for.
int64_t ellipsis_axes_of(std::string_view equation, const Term& term, const Tensor& x, size_t number) {
  const auto letters = static_cast<int64_t>(term.letters.size());
  if (term.ellipsis < 0 ? x.rank() != letters : x.rank() < letters)
    fail("einsum", "'{}' names {} axes of operand {}, which is {}; hint: one letter an axis, or '...' for the others",
         equation, letters, number, x.describe());
  return x.rank() - letters;
}

EinsumLabels implicit_output(const std::vector<EinsumLabels>& inputs, int64_t ellipsis_axes) {
  std::vector<int> count(kEllipsisLabel, 0);
  for (const EinsumLabels& labels : inputs)
    for (const int label : labels)
      if (label < kEllipsisLabel) ++count[static_cast<size_t>(label)];
  EinsumLabels output;
  for (int64_t k = ellipsis_axes; k-- > 0;) output.push_back(kEllipsisLabel + static_cast<int>(k));
  for (int label = 0; label < kEllipsisLabel; ++label)
    if (count[static_cast<size_t>(label)] == 1) output.push_back(label);
  return output;
}

void check_output(std::string_view equation, const EinsumTerms& terms) {
  EinsumLabels seen;
  for (const int label : terms.output) {
    if (std::find(seen.begin(), seen.end(), label) != seen.end())
      fail("einsum", "'{}' names {} twice in the output", equation, label_name(label));
    seen.push_back(label);
    const bool known = std::any_of(terms.inputs.begin(), terms.inputs.end(), [label](const EinsumLabels& input) {
      return std::find(input.begin(), input.end(), label) != input.end();
    });
    if (!known) fail("einsum", "'{}' names {} in the output, but in no operand", equation, label_name(label));
  }
}

}  // namespace

std::string label_name(int label) {
  if (label >= kEllipsisLabel) return fmt::format("axis {} of the ellipsis", kEllipsisLabel - label - 1);
  const int letter = label < kLetters ? 'A' + label : 'a' + label - kLetters;
  return fmt::format("'{}'", static_cast<char>(letter));
}

EinsumTerms parse_einsum(std::string_view equation, const std::vector<Tensor>& operands) {
  std::string text(equation);
  std::erase(text, ' ');
  const size_t arrow = text.find("->");
  const std::string_view left = std::string_view(text).substr(0, arrow);
  std::vector<Term> written;
  for (size_t begin = 0; begin <= left.size();) {
    const size_t end = std::min(left.find(',', begin), left.size());
    written.push_back(parse_term(equation, left.substr(begin, end - begin)));
    begin = end + 1;
  }
  if (written.size() != operands.size())
    fail("einsum", "'{}' has {} terms for {} operands", equation, written.size(), operands.size());
  EinsumTerms terms;
  int64_t widest = 0;
  for (size_t i = 0; i < operands.size(); ++i) {
    const int64_t axes = ellipsis_axes_of(equation, written[i], operands[i], i);
    terms.inputs.push_back(labels_of(written[i], axes));
    widest = std::max(widest, axes);
  }
  terms.output = arrow == std::string::npos
                     ? implicit_output(terms.inputs, widest)
                     : labels_of(parse_term(equation, std::string_view(text).substr(arrow + 2)), widest);
  check_output(equation, terms);
  return terms;
}

}  // namespace weft
