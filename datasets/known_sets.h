// datasets/known_sets.h: published sets, recognised by their labels
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "tensor/tensor.h"

namespace weft::datasets {

/// MNIST and Fashion-MNIST share file names, sizes and shapes: only the contents tell one from the other.
struct KnownSet {
  std::string_view name;
  std::array<std::string_view, 10> classes;
  uint32_t train_labels, test_labels;  ///< CRC-32 (zlib's) of the label bytes, without the file's header
};

inline constexpr std::array<std::string_view, 10> kDigits{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

inline constexpr KnownSet kMnist{"MNIST", kDigits, 0xBA07E8EF, 0xEE8604D9};
inline constexpr KnownSet kFashionMnist{
    "Fashion-MNIST",
    {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"},
    0x2ED6E46A,
    0x242BC73F};

/// The published set with these labels (uint8, of its training or its test part); nullptr: none of ours.
const KnownSet* known_set(const Tensor& labels);

}  // namespace weft::datasets
