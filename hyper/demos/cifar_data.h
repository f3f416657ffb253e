// hyper/demos/cifar_data.h: CIFAR-10 for a demo, from the binary files or from pictures
#pragma once
#include "datasets/image_file.h"
#include "datasets/transforms.h"
#include "hyper/demos/image_data.h"

namespace weft::demo {

/// One in ten to validate: 45,000, 5,000 and 10,000. A folder --data that holds train/ and test/ is read as pictures of
/// 32 x 32, one subfolder a class, its training images in a fixed random order, decoded where `decode` says; any other
/// as datasets::load_cifar10.
/// Throws FileError: as split(), not found, classes of train/ and test/ that differ, not ten classes.
ImageData cifar10_data(const std::string& demo, const Options& options, datasets::DecodeImages decode);

/// Each channel less its mean, divided by its deviation over CIFAR-10's training images.
Tensor normalized_cifar10(const Tensor& images);
/// The same, then 4 zero pixels on every side, a random crop and a random flip: what the training images get.
datasets::Transform cifar10_augmentation();

}  // namespace weft::demo
