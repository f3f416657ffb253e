// tests/datasets/images.cpp: PNG and JPEG against Pillow, hostile files, folders, resizing
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "datasets/data_loader.h"
#include "datasets/image_file.h"
#include "datasets/image_folder.h"
#include "datasets/resize.h"
#include "tensor/create.h"
#include "tensor/random.h"
#include "tensor/safetensors.h"
#include "tests/datasets/files.h"
#include "tests/datasets/holds.h"
#include "tests/fixtures/folder.h"

namespace weft::test {
namespace {

using namespace datasets;
namespace fs = std::filesystem;

const fs::path kImages = weft::test::fixtures() / "images";

const TensorMap& expected() {
  static const TensorMap tensors = load_safetensors(kImages / "expected.safetensors", cpu).tensors;
  return tensors;
}

Bytes fixture_bytes(const std::string& name) {
  std::ifstream file(kImages / name, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

std::string image_refusal(const Bytes& bytes) {
  return thrown<FileError>([&] { decode_image(bytes, "it"); });
}

double largest_difference(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  const auto x = a.to_vector<double>(), y = b.to_vector<double>();
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::fabs(x[i] - y[i]));
  return largest;
}

/// A PNG with a header that says what is wanted, all checksums right, and no pixels.
Bytes png_saying(uint32_t width, uint32_t height) {
  const auto word = [](uint32_t x) { return Bytes{uint8_t(x >> 24), uint8_t(x >> 16), uint8_t(x >> 8), uint8_t(x)}; };
  const auto chunk = [&](const std::string& type, const Bytes& data) {
    const Bytes named = Bytes(type.begin(), type.end()) + data;
    return word(uint32_t(data.size())) + named + word(uint32_t(crc32_z(0, named.data(), named.size())));
  };
  return Bytes{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'} +
         chunk("IHDR", word(width) + word(height) + Bytes{8, 2, 0, 0, 0}) +
         chunk("IDAT", {0x78, 0x9C, 3, 0, 0, 0, 0, 1}) + chunk("IEND", {});
}

}  // namespace

TEST_CASE("images: PNG pixels are exact, JPEG's within rounding, as Pillow reads them") {
  for (const char* name : {"rgb.png", "rgba.png", "palette.png"}) {
    const Tensor image = load_image(kImages / name);
    CHECK(image.dtype() == DType::uint8);
    CHECK_MESSAGE(largest_difference(image, expected().at(name)) == 0, name);
  }
  CHECK(largest_difference(load_image(kImages / "grey.png", 1), expected().at("grey.png")) == 0);
  CHECK(largest_difference(load_image(kImages / "grey.jpg", 1), expected().at("grey.jpg")) <= 2);
  CHECK(largest_difference(load_image(kImages / "rgb.jpg"), expected().at("rgb.jpg")) <= 3);
  CHECK(load_image(kImages / "progressive.jpg").shape() ==
        Shape{3, 17, 20});  // colours at half size: no bound is known
}

TEST_CASE("images: grey becomes three channels, colour one") {
  const Tensor grey = load_image(kImages / "grey.png", 3);
  for (const int64_t channel : {0, 1, 2})
    CHECK(grey.select(0, channel).to_vector<double>() == expected().at("grey.png").to_vector<double>());
  const Tensor colour = expected().at("rgb.png"), turned = load_image(kImages / "rgb.png", 1);
  CHECK(turned.shape() == Shape{1, 9, 13});
  const double luma = 0.299 * colour.at({0, 4, 5}) + 0.587 * colour.at({1, 4, 5}) + 0.114 * colour.at({2, 4, 5});
  CHECK(std::fabs(turned.at({0, 4, 5}) - luma) < 2);
}

TEST_CASE("images: other formats are refused by name") {
  holds(image_refusal(fixture_bytes("other.gif")),
        "load_image: 'it': is GIF; hint: only PNG and JPEG are read, convert it");
  holds(image_refusal(fixture_bytes("other.bmp")), "is BMP;");
  const std::vector<std::pair<std::string, std::string>> others{
      {"RIFF1234WEBP", "is WebP"},    {"II*", "is TIFF"}, {"MM", "is TIFF"},        {"P5 1 1", "is PGM"},
      {"P6 1 1", "is PPM"},           {"8BPS", "is PSD"}, {"#?RADIANCE", "is HDR"}, {"<svg", "is neither PNG nor JPEG"},
      {"", "is neither PNG nor JPEG"}};
  for (const auto& [text, words] : others) holds(image_refusal(Bytes(text.begin(), text.end())), words);
}

TEST_CASE("images: sizes that lie, files too large") {
  holds(image_refusal(png_saying(8193, 1)), "beyond 8192 a side");
  holds(image_refusal(png_saying(0x7FFFFFFF, 0x7FFFFFFF)), "'it': ");
  holds(image_refusal(png_saying(0, 5)), "'it': ");
  holds(image_refusal(png_saying(8192, 8192)), "cannot be decoded: damaged");  // within the limits, without pixels
  holds(image_refusal(Bytes{0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0xFF, 0xFF, 0xFF, 0xFF, 3, 1, 17, 0, 2, 17, 0, 3, 17, 0}),
        "'it': ");
  Bytes large = fixture_bytes("rgb.png");
  large.resize(size_t{64} * 1024 * 1024 + 1);
  holds(image_refusal(large), "holds 67108865 bytes, more than 67108864");
  const TempFolder folder;
  const auto sparse = folder.write("large.png", fixture_bytes("rgb.png"));
  fs::resize_file(sparse, 67108865);
  holds(thrown<FileError>([&] { load_image(sparse); }), "large.png': holds 67108865 bytes, more than 67108864");
  holds(thrown<FileError>([&] { load_image(folder.write("a.png", gzip(fixture_bytes("rgb.png")))); }), "is gzip");
  holds(thrown<FileError>([&] { load_image(folder.path / "none.png"); }), "no such file");
  holds(thrown<Error>([&] { load_image(kImages / "rgb.png", 2); }), "load_image: channels 2 is not 1 or 3");
}

TEST_CASE("images: a file cut anywhere is refused") {
  for (const char* name : {"rgb.png", "palette.png", "grey.jpg", "progressive.jpg"}) {
    const Bytes whole = fixture_bytes(name);
    for (size_t size = 0; size < whole.size(); ++size)
      if (image_refusal(cut(whole, size)).empty()) FAIL_CHECK(name << " cut at " << size << " was read");
  }
}

TEST_CASE("images: a PNG with any byte changed is refused; a JPEG is read or refused") {
  const Bytes png = fixture_bytes("grey.png"), jpeg = fixture_bytes("progressive.jpg");
  for (size_t i = 0; i < png.size(); ++i) {
    Bytes changed = png;
    changed[i] ^= 0xFF;
    CHECK_MESSAGE(!image_refusal(changed).empty(), i);
  }
  RandomStream random(1, 0);
  int64_t refused = 0, read = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    Bytes changed = jpeg;
    for (int64_t n = 1 + random.below(3); n > 0; --n)
      changed[size_t(random.below(int64_t(jpeg.size())))] = static_cast<uint8_t>(random.below(256));
    bool whole = false;
    refused += !thrown<FileError>([&] { whole = decode_image(changed, "it").rank() == 3; }).empty();
    read += whole;
  }
  CHECK(refused + read == 2000);
  CHECK(refused > 100);
}

TEST_CASE("images: damage is told apart") {
  Bytes png = fixture_bytes("rgb.png");
  png[20] ^= 1;
  holds(image_refusal(png), "is damaged: the checksum of the chunk at byte 8 does not fit; hint: fetch it again");
  const Bytes jpeg = fixture_bytes("rgb.jpg");
  holds(image_refusal(cut(jpeg, jpeg.size() - 2)), "is damaged: truncated: it has no end");
  Bytes strange = jpeg;
  strange[2 + 2 + 16] = 0x00;  // behind the first segment
  CHECK_FALSE(image_refusal(strange).empty());
}

TEST_CASE("images: a JPEG of more scans than an encoder makes is refused before any is decoded") {
  const Bytes jpeg = fixture_bytes("progressive.jpg"), start{0xFF, 0xDA};
  const auto scan = std::find_end(jpeg.begin(), jpeg.end(), start.begin(), start.end());
  const int64_t scans = [&] {
    int64_t count = 0;
    for (size_t i = 0; i + 1 < jpeg.size(); ++i) count += jpeg[i] == 0xFF && jpeg[i + 1] == 0xDA;
    return count;
  }();
  const auto with = [&](int64_t wanted) {
    Bytes bytes(jpeg.begin(), scan);
    for (int64_t i = scans - 1; i < wanted; ++i) bytes.insert(bytes.end(), scan, jpeg.end() - 2);
    return bytes + Bytes{0xFF, 0xD9};
  };
  CHECK(with(scans) == jpeg);
  CHECK(image_refusal(with(100)).find("scans") == std::string::npos);
  holds(image_refusal(with(101)), "'it': is damaged: it has more than 100 scans (segment at byte ");
}

TEST_CASE("load_image_folder: sorted classes and files, as ImageFolder has them") {
  const TempFolder folder;
  folder.write("dog/b.PNG", fixture_bytes("rgb.png"));
  folder.write("dog/a/c.png", fixture_bytes("rgba.png"));
  folder.write("cat/x.png", fixture_bytes("palette.png"));
  folder.write("cat/notes.txt", {'x'});
  folder.write("cat/.hidden.png", {'x'});
  folder.write(".git/y.png", {'x'});
  folder.write("readme.md", {'x'});
  const LabelledImages set = load_image_folder(folder.path);
  CHECK(set.name == folder.path.filename().string());
  CHECK(set.classes == std::vector<std::string>{"cat", "dog"});
  CHECK(set.labels.to_vector<int64_t>() == std::vector<int64_t>{0, 1, 1});
  CHECK(set.images.shape() == Shape{3, 3, 9, 13});
  CHECK(set.images.dtype() == DType::uint8);
  CHECK(set.images.select(0, 0).to_vector<double>() == expected().at("palette.png").to_vector<double>());
  CHECK(set.images.select(0, 2).to_vector<double>() == expected().at("rgb.png").to_vector<double>());
  CHECK(load_image_folder(folder.path, {.channels = 1}).images.shape() == Shape{3, 1, 9, 13});
}

TEST_CASE("load_image_folder: one size, or a size that was asked for") {
  const TempFolder folder;
  folder.write("a/1.png", fixture_bytes("rgb.png"));
  folder.write("a/2.jpg", fixture_bytes("rgb.jpg"));
  holds(thrown<FileError>([&] { load_image_folder(folder.path); }), "2.jpg': has 17 x 20 pixels, '");
  holds(thrown<FileError>([&] { load_image_folder(folder.path); }), "has 9 x 13; hint: ask for a size");
  const LabelledImages stretched = load_image_folder(folder.path, {.size = ImageSize{6, 5}});
  CHECK(stretched.images.shape() == Shape{2, 3, 6, 5});
  CHECK(largest_difference(stretched.images.select(0, 0), resize(load_image(kImages / "rgb.png"), 6, 5)) == 0);
  const LabelledImages cropped = load_image_folder(folder.path, {.size = ImageSize{6, 5}, .fit = Fit::center_crop});
  CHECK(cropped.images.shape() == Shape{2, 3, 6, 5});
  const Tensor covering =
      resize(load_image(kImages / "rgb.png"), 6, 8);  // 9 x 13 shrinks to 6 x 8.67, as in torchvision
  CHECK(largest_difference(cropped.images.select(0, 0), center_crop(covering, 6, 5)) == 0);
  holds(thrown<Error>([&] { load_image_folder(folder.path, {.size = ImageSize{0, 5}}); }), "0 x 5 pixels is no size");
}

TEST_CASE("load_image_folder: what is refused") {
  const TempFolder folder;
  const auto message = [&] { return thrown<FileError>([&] { load_image_folder(folder.path); }); };
  holds(message(), "holds no folders; hint: one for each class");
  folder.write("a/1.png", fixture_bytes("rgb.png"));
  fs::create_directory(folder.path / "b");
  holds(message(), "b': holds no .png, .jpg or .jpeg file");
  folder.write("b/1.gif", fixture_bytes("other.gif"));
  holds(message(), "b/1.gif': is a .gif file; hint: only PNG and JPEG are read");
  fs::rename(folder.path / "b/1.gif", folder.path / "b/1.png");
  holds(message(), "b/1.png': is GIF");
  holds(thrown<FileError>([&] { load_image_folder(folder.path / "none"); }), "none': cannot be read: No such file");
}

TEST_CASE("ImageFolder: lists at once, reads when asked") {
  const TempFolder folder;
  for (const char* name : {"cat/a.png", "cat/b.png", "dog/c.png", "dog/d.png", "dog/e.png"})
    folder.write(name, fixture_bytes(name[4] == 'b' || name[4] == 'd' ? "rgba.png" : "rgb.png"));
  const ImageFolder pictures(folder.path, {.size = ImageSize{6, 5}});
  CHECK(pictures.name() == folder.path.filename().string());
  CHECK(pictures.classes() == std::vector<std::string>{"cat", "dog"});
  CHECK(pictures.size() == 5);
  CHECK(pictures.label(1) == 0);
  CHECK(pictures.label(4) == 1);
  CHECK(pictures.path(3) == folder.path / "dog/d.png");
  CHECK(pictures.image(2).shape() == Shape{3, 6, 5});
  fs::remove(folder.path / "cat/a.png");
  holds(thrown<FileError>([&] { pictures.image(0); }), "a.png': no such file");
  holds(thrown<Error>([&] { pictures.image(5); }), "ImageFolder: picture 5 is out of range: '");
  holds(thrown<Error>([&] { pictures.label(-1); }), "ImageFolder: picture -1 is out of range: '");
  holds(thrown<Error>([&] { read_pictures(pictures, {}); }), "no pictures are asked for");
}

TEST_CASE("DataLoader: pictures read as they are needed are those read at once, for any number of workers") {
  const TempFolder folder;
  for (int i = 0; i < 11; ++i)
    folder.write(fmt::format("{}/{}.png", i % 3, i), fixture_bytes(i % 2 == 0 ? "rgb.png" : "rgba.png"));
  const auto all_of = [](DataLoader loader) {
    std::vector<double> numbers;
    for (int epoch = 0; epoch < 2; ++epoch)
      for (const Batch& batch : loader) {
        for (const double x : batch.images.to_vector<double>()) numbers.push_back(x);
        for (const double x : batch.labels.to_vector<double>()) numbers.push_back(x);
      }
    return numbers;
  };
  Streams streams(5);
  const std::vector<double> at_once =
      all_of(DataLoader(load_image_folder(folder.path), {.batch_size = 4}, &streams.shuffle));
  for (const int64_t workers : {0, 1, 3}) {
    const DataLoaderOptions options{.batch_size = 4, .workers = workers};
    CHECK(all_of(DataLoader(ImageFolder(folder.path), options, &streams.shuffle)) == at_once);
    CHECK(all_of(DataLoader(ImageFolder(folder.path, {.decode = DecodeImages::in_sandbox}), options,
                            &streams.shuffle)) == at_once);
  }
}

TEST_CASE("DataLoader: a picture that cannot be read is named at its batch") {
  const TempFolder folder;
  for (const char* name : {"a/1.png", "a/2.png", "b/3.png", "b/4.png"}) folder.write(name, fixture_bytes("rgb.png"));
  folder.write("b/3.png", cut(fixture_bytes("rgb.png"), 30));
  for (const int64_t workers : {0, 2}) {
    DataLoader loader(ImageFolder(folder.path), {.batch_size = 2, .workers = workers});
    int64_t batches = 0;
    const std::string text = thrown<FileError>([&] {
      for (const Batch& batch : loader) batches += batch.labels.numel() == 2;
    });
    holds(text, "b/3.png': is damaged: truncated");
    CHECK(batches == 1);
  }
  folder.write("b/3.png", fixture_bytes("rgb.jpg"));
  DataLoader loader(ImageFolder(folder.path), {.batch_size = 2});
  holds(thrown<FileError>([&] {
          for (const Batch& batch : loader) (void)batch;
        }),
        "b/4.png': has 9 x 13 pixels, '");
}

TEST_CASE("resize is PyTorch's bilinear with antialiasing") {
  for (const char* name : {"down", "up", "mixed", "same", "one"}) {
    const Tensor &x = expected().at(std::string("resize ") + name + "/x"),
                 y = expected().at(std::string("resize ") + name + "/y");
    CHECK_MESSAGE(largest_difference(resize(x, y.size(1), y.size(2)), y) < 2e-6, name);  // made in float32
    CHECK(largest_difference(resize(x.to(DType::float32), y.size(1), y.size(2)), y) < 2e-6);
  }
  const Tensor bytes = full({1, 1, 3, 3}, 200, {.dtype = DType::uint8, .device = cpu});
  CHECK(largest_difference(resize(bytes, 7, 2), full({1, 1, 7, 2}, 200)) == 0);
  const Tensor edge = tensor<uint8_t>({0, 255}, Shape{1, 2});
  CHECK(resize(edge, 1, 1).item<int64_t>() == 128);  // 127.5 rounds away from zero
  CHECK(resize(zeros({0, 3, 4, 4}), 2, 2).shape() == Shape{0, 3, 2, 2});
  holds(thrown<Error>([] { resize(zeros({3}), 2, 2); }), "resize: images must be [..., h, w], got [3] float32");
  holds(thrown<Error>([] { resize(zeros({3, 3}), 0, 2); }), "resize: 0 x 2 pixels is no size");
  holds(thrown<Error>([] { resize(zeros({3, 0}), 2, 2); }), "has no pixels");
  holds(thrown<Error>([] { resize(arange(0, 4).reshape({2, 2}), 2, 2); }), "images must be uint8 or floats");
}

TEST_CASE("resize_and_center_crop is resize and center_crop, without the pixels in between") {
  RandomStream random(4, 0);
  const auto same = [&](int64_t height, int64_t width, int64_t whole_height, int64_t whole_width, const Shape& shape) {
    const Tensor x = random_uniform(shape, random);
    const Tensor wanted = center_crop(resize(x, whole_height, whole_width), height, width);
    CHECK(largest_difference(resize_and_center_crop(x, height, width), wanted) == 0);
  };
  same(4, 4, 4, 9, {3, 7, 17});  // 9.71: torchvision's int() rounds down
  same(4, 4, 9, 4, {2, 3, 17, 7});
  same(8, 3, 8, 12, {10, 15});
  same(3, 8, 20, 8, {6, 15, 6});
  same(5, 6, 5, 6, {5, 6});
  // A strip of 1 x 8192 would be 512 x 4194304 on the way to 512 x 512: 2 GB a channel.
  const Tensor strip = full({1, 1, 8192}, 7, {.dtype = DType::uint8, .device = cpu});
  CHECK(largest_difference(resize_and_center_crop(strip, 512, 512), full({1, 512, 512}, 7)) == 0);
  CHECK(largest_difference(resize_and_center_crop(strip.transpose(1, 2), 512, 512), full({1, 512, 512}, 7)) == 0);
  holds(thrown<Error>([] { resize_and_center_crop(zeros({3}), 2, 2); }),
        "resize_and_center_crop: images must be [..., h, w], got [3] float32");
}

TEST_CASE("center_crop") {
  const Tensor x = arange(0, 30).reshape({5, 6});
  CHECK(center_crop(x, 1, 2).to_vector<int64_t>() == std::vector<int64_t>{14, 15});
  CHECK(center_crop(x, 2, 3).to_vector<int64_t>() == std::vector<int64_t>{14, 15, 16, 20, 21, 22});  // 1.5 goes to 2
  CHECK(center_crop(x, 5, 6).to_vector<int64_t>() == x.to_vector<int64_t>());
  holds(thrown<Error>([&] { center_crop(x, 6, 2); }), "center_crop: 6 x 2 pixels do not fit into [5, 6]");
  holds(thrown<Error>([&] { center_crop(x, 2, 0); }), "2 x 0 pixels is no size");
}

}  // namespace weft::test
