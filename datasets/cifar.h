// datasets/cifar.h: CIFAR-10 and CIFAR-100 in their binary version (Krizhevsky 2009)
#pragma once
#include "datasets/dataset.h"

namespace weft::datasets {

/// CIFAR-100 has 100 classes (fine) that fall into 20 superclasses (coarse).
enum class CifarLabels : uint8_t { fine, coarse };

/// One file of records: CIFAR-10's are 3,073 bytes (label, 3 x 32 x 32 pixels: red, green, blue), CIFAR-100's 3,074
/// (coarse label, fine label, pixels). Any number of records, also gzip-compressed; images uint8 [n, 3, 32, 32].
/// Throws FileError: not whole records, a label out of range.
LabelledImages load_cifar10_file(const std::filesystem::path& path);
LabelledImages load_cifar100_file(const std::filesystem::path& path, CifarLabels labels = CifarLabels::fine);

/// data_batch_1.bin to data_batch_5.bin and test_batch.bin (CIFAR-10), train.bin and test.bin (CIFAR-100), in a folder
/// itself, its subfolder cifar10/ or cifar100/, or the archive's own (cifar-10-batches-bin/, cifar-100-binary/).
/// A folder with some of the files gives what is there, in the files' order; without a test file `test` is empty.
/// Recognised: 50,000 and 10,000 images, every class equally often.  Throws FileError: not found, as above.
TrainTest load_cifar10(const std::string& data = {});
TrainTest load_cifar100(const std::string& data = {}, CifarLabels labels = CifarLabels::fine);

}  // namespace weft::datasets
