// tests/tensor/device_test.cpp: devices, their names, the registry and threads
#include "tensor/device.h"

#include <algorithm>

#include "tensor/backend.h"
#include "tensor/create.h"
#include "tensor/threads.h"
#include "tests/tensor/throws.h"

using namespace weft;

TEST_CASE("names and back") {
  CHECK(to_string(cpu) == "cpu");
  CHECK(to_string(Device{DeviceKind::cuda, 1}) == "cuda:1");
  CHECK(parse_device("cpu") == cpu);
  CHECK(parse_device("reference:0") == reference);
  const std::vector<Device> available = available_devices();
  CHECK(std::count(available.begin(), available.end(), parse_device("auto")) == 1);
  CHECK_FAILS(parse_device("gpu"), "device: 'gpu' is unknown; hint: use one of auto, reference, cpu");
  CHECK_FAILS(parse_device("cpu:x"), "no card number");
  CHECK_FAILS(parse_device("cpu:-1"), "no card number");
  CHECK_FAILS(parse_device("cpu:x"), "hint: write cpu:0");
}

TEST_CASE("every kind has a row, and every device a name that leads back to it") {
  for (const auto& [kind, name] : device_kinds) CHECK(name_of(kind) == name);
  for (const Device device : available_devices()) CHECK(parse_device(to_string(device)) == device);
}

TEST_CASE("auto is the first kind of the table that is there") {
  const std::vector<Device> available = available_devices();
  for (const auto& [kind, name] : device_kinds) {
    if (std::count(available.begin(), available.end(), Device{kind, 0}) == 0) continue;
    CHECK(parse_device("auto").kind == kind);
    break;
  }
}

TEST_CASE("an index is held against the number of devices of its kind") {
  CHECK(backend_of(cpu).device_count() == 1);
  CHECK_FAILS(parse_device("cpu:1"), "device: cpu:1 is not there: the number of cpu devices is 1");
  CHECK_FAILS(backend_of({DeviceKind::reference, 7}), "reference:7 is not there");
  CHECK_FAILS(backend_of({DeviceKind::cpu, -1}), "is not there");
}

TEST_CASE("memory of the processor's backends is read in place") {
  CHECK(backend_of(cpu).host_memory());
  CHECK(backend_of(reference).host_memory());
}

TEST_CASE("a device that is not there is named, with those that are") {
  const Device card{DeviceKind::cuda, 99};  // not built in, without a driver, or one card of many too many
  const std::string message = error_of([&] { backend_of(card); });
  CHECK(message.find("device: cuda:99 ") == 0);
  CHECK(message.find("available: reference, cpu, emulated") != std::string::npos);
  CHECK_FAILS(set_default_device(card), "cuda:99");
}

TEST_CASE("the default device is a setting") {
  CHECK(zeros({1}).device() == cpu);
  set_default_device(reference);
  const Device made_on = zeros({1}).device();
  set_default_device(cpu);
  CHECK(made_on == reference);
}

TEST_CASE("memory goes back when the last tensor lets go") {
  const int64_t before = memory_stats(cpu).in_use;
  {
    const Tensor x = zeros({1000});
    CHECK(x.is_sole_owner());
    const Tensor view = x.slice(0, 0, 10);
    CHECK_FALSE(x.is_sole_owner());
    CHECK(memory_stats(cpu).in_use >= before + 4000);
  }
  CHECK(memory_stats(cpu).in_use == before);
}

TEST_CASE("number of threads") {
  const int at_start = num_threads();
  CHECK(at_start >= 1);
  set_num_threads(3);
  CHECK(num_threads() == 3);
  CHECK_FAILS(set_num_threads(0), "set_num_threads: 0 threads");
  set_num_threads(at_start);
}
