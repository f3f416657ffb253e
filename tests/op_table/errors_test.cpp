// tests/op_table/errors_test.cpp: what a row must refuse, refused in the same words on every device
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/op_table/sample.h"

namespace weft::op_table {

namespace {

/// Tensors made without naming a device land on this one.
class DefaultDevice {
 public:
  explicit DefaultDevice(Device device) : before_(default_device()) { set_default_device(device); }
  ~DefaultDevice() { set_default_device(before_); }

 private:
  Device before_;
};

/// What() of the weft::Error that f throws; "nothing" or "another exception" when it does not.
std::string text_of_error(const Callable<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  } catch (const std::exception& error) {
    return fmt::format("another exception: {}", error.what());
  }
  return "nothing";
}

/// The text, with one word for the device of every tensor that it describes ("[2, 3] float32 cpu").
std::string without_device(std::string text, Device device) {
  for (const DType dtype : kStored) {
    const std::string described = fmt::format("{} {}", name_of(dtype), to_string(device));
    for (size_t at; (at = text.find(described)) != std::string::npos;)
      text.replace(at, described.size(), fmt::format("{} <device>", name_of(dtype)));
  }
  return text;
}

void check_reject(const Row& row, const Reject& reject) {
  std::string on_reference;
  for (const Device device : available_devices()) {
    const DefaultDevice use(device);
    const std::string raw = text_of_error(reject.call), text = without_device(raw, device);
    INFO(row.name, " on ", to_string(device), " threw: ", raw);
    CHECK(text.substr(0, text.find(':')) == (reject.op.empty() ? row.function() : reject.op));
    for (const std::string& word : reject.words) CHECK_MESSAGE(text.find(word) != std::string::npos, word);
    if (on_reference.empty()) on_reference = text;
    CHECK(text == on_reference);
  }
}

}  // namespace

TEST_CASE("op table: mistakes are refused in the same words on every device") {
  int64_t cases = 0;
  for (const Row& row : all_rows())
    for (const Reject& reject : row.rejects) {
      check_reject(row, reject);
      ++cases;
    }
  MESSAGE(fmt::format("{} rejected calls on each device", cases));
  CHECK(cases > 490);
}

TEST_CASE("op table: operands on two devices are refused, and both are named") {
  int64_t cases = 0;
  for (const Row& row : all_rows()) {
    const Shapes& shapes = row.samples.back();
    if (shapes.size() < 2) continue;
    for (size_t i = 1; i < shapes.size(); ++i) {
      Tensors inputs = on_device(make_inputs(row, shapes, DType::float32), cpu);
      inputs[i] = inputs[i].to(reference);
      const std::string text = text_of_error([&] { row.call(as_variables(inputs)); });
      INFO(row.name, " threw: ", text);
      CHECK(text.find("cpu") != std::string::npos);
      CHECK(text.find("reference") != std::string::npos);
      ++cases;
    }
  }
  CHECK(cases > 240);
}

}  // namespace weft::op_table
