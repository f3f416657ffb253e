// tests/op_table/rows_einsum.cpp: sums of products by equation and by axes
#include "autograd/einsum.h"
#include "tests/op_table/row.h"

namespace weft::op_table {

namespace {

Row einsum_row(const std::string& equation, std::vector<Shapes> samples) {
  return {.name = "einsum " + equation,
          .call = [equation](const Vars& v) { return einsum(equation, v); },
          .order = Order::second,
          .samples = std::move(samples),
          .scale = Scale::absolute_inputs};
}

Reject reject(std::vector<std::string> words, const std::string& equation, Shapes shapes) {
  return {std::move(words), [=] {
            Vars v;
            for (const Shape& shape : shapes) v.emplace_back(zeros(shape));
            einsum(equation, v);
          }};
}

std::vector<Reject> equation_rejects() {
  return {reject({"'ij,jk' has 2 terms for 1 operands"}, "ij,jk", {{2, 3}}),
          reject({"is given no operands"}, "ij", {}),
          reject({"'i1' holds '1'", "hint: subscripts are letters"}, "i1", {{2, 3}}),
          reject({"holds byte 195"}, "\xC3\xA9", {{2}}),
          reject({"holds '.'"}, "i..", {{2}}),
          reject({"holds '-'"}, "i->j->i", {{2}}),
          reject({"two ellipses in one term"}, "...i...", {{2}}),
          reject({"names 'i' twice in the output"}, "ij->ii", {{2, 3}}),
          reject({"names 'k' in the output, but in no operand"}, "ij->k", {{2, 3}}),
          reject({"names 1 axes of operand 0, which is [2, 3] float32", "'...'"}, "i", {{2, 3}}),
          reject({"names 3 axes of operand 0, which is [2, 3] float32"}, "ijk...", {{2, 3}})};
}

std::vector<Reject> size_rejects() {
  return {
      reject({"'i' names axes of sizes 2 and 3 in operand 0, which is [2, 3]"}, "ii", {{2, 3}}),
      reject({"'i' names axes of sizes 1 and 3 in operand 0"}, "ii", {{1, 3}}),
      reject({"'j' has size 4 in operand 1, which is [4, 5] float32", "and 3 before it"}, "ij,jk", {{2, 3}, {4, 5}}),
      reject({"axis -1 of the ellipsis has size 4 in operand 1", "and 3 before it"}, "...,...", {{2, 3}, {4}}),
      reject({"would have 10 axes; at most 8"}, "abcde,fghij->abcdefghij", {{1, 1, 1, 1, 1}, {1, 1, 1, 1, 1}}),
      {{"dtypes differ", "float32", "float64"},
       [] {
         einsum("i,i", {zeros({2}), zeros({2}, {DType::float64})});
       }},
      {{"needs a floating dtype", "int64"}, [] { einsum("i", {zeros({2}, {DType::int64})}); }}};
}

std::vector<Row> equations() {
  Row product =
      einsum_row("ij,jk->ik", {{S{0, 3}, S{3, 2}}, {S{2, 0}, S{0, 3}}, {S{3, 1}, S{4, 2}}, {S{3, 4}, S{4, 2}}});
  product.large = {{S{65, 70}, S{70, 33}}};
  product.rejects = equation_rejects();
  Row diagonal = einsum_row("iji->ji", {{S{0, 2, 0}}, {S{1, 2, 1}}, {S{3, 2, 3}}});
  diagonal.rejects = size_rejects();
  return {product,
          diagonal,
          einsum_row("ii", {{S{0, 0}}, {S{4, 4}}}),
          einsum_row("iii->i", {{S{3, 3, 3}}}),
          einsum_row("ij->ji", {{S{2, 3}}}),
          einsum_row("ba", {{S{2, 3}}}),
          einsum_row("ij->", {{S{2, 3}}}),
          einsum_row("...->", {{S{2, 3}}}),
          einsum_row("i,j->ij", {{S{3}, S{2}}}),
          einsum_row("ij , ij -> i", {{S{2, 3}, S{2, 3}}}),
          einsum_row("ij,ij->ij", {{S{2, 1}, S{1, 3}}, {S{2, 3}, S{2, 3}}}),
          einsum_row("bij,bjk", {{S{2, 3, 4}, S{2, 4, 2}}}),
          einsum_row("...ij,...jk->...ik", {{S{3, 2}, S{2, 3}}, {S{2, 1, 3, 2}, S{4, 2, 3}}}),
          einsum_row("i...,ij", {{S{2, 3, 2}, S{2, 4}}}),
          einsum_row("i...j,j->i", {{S{2, 3, 4}, S{4}}}),
          einsum_row("Cb,bA", {{S{2, 3}, S{3, 4}}}),
          einsum_row(",ij,->ij", {{S{}, S{2, 3}, S{}}}),
          einsum_row("bn,anm,bm->ba", {{S{2, 3}, S{2, 3, 4}, S{2, 4}}}),
          einsum_row("ii,ijk,kl,l->j", {{S{2, 2}, S{2, 3, 2}, S{2, 3}, S{3}}})};
}

std::vector<Row> tensordots() {
  Row number{.name = "tensordot",
             .call = [](const Vars& v) { return tensordot(v[0], v[1]); },
             .order = Order::second,
             .samples = {{S{0, 3}, S{0, 3}}, {S{2, 3}, S{2, 3}}, {S{2, 3, 2}, S{3, 2, 2}}},
             .scale = Scale::absolute_inputs,
             .rejects = {{{"cannot sum over 3 axes", "[2, 3]"},
                          [] {
                            tensordot(zeros({2, 3}), zeros({2, 3}), 3);
                          }},
                         {{"cannot sum over -1 axes"}, [] {
                            tensordot(zeros({2, 3}), zeros({2, 3}), -1);
                          }}}};
  Row axes = number;
  axes.name = "tensordot axes";
  axes.call = [](const Vars& v) { return tensordot(v[0], v[1], {1, 0}, {0, -1}); };
  axes.samples = {{S{2, 3}, S{3, 4, 2}}, {S{2, 3, 2}, S{3, 4, 2}}};
  axes.rejects = {{{"axis 0 of a and axis 1 of b differ in size", "[2, 3]", "[4, 5]"},
                   [] {
                     tensordot(zeros({2, 3}), zeros({4, 5}), {0}, {1});
                   }},
                  {{"named twice"},
                   [] {
                     tensordot(zeros({2, 2}), zeros({2, 2}), {0, 0}, {0, 1});
                   }},
                  {{"named twice"},
                   [] {
                     tensordot(zeros({2, 2}), zeros({2, 2}), {0, 1}, {-1, 1});
                   }},
                  {{"2 axes of a meet 1 axes of b"},
                   [] {
                     tensordot(zeros({2, 2}), zeros({2, 2}), {0, 1}, {1});
                   }},
                  {{"axis 2 is out of range"}, [] {
                     tensordot(zeros({2, 2}), zeros({2, 2}), {2}, {1});
                   }}};
  return {number, axes};
}

const Family einsums(equations), tensordots_(tensordots);

}  // namespace

}  // namespace weft::op_table
