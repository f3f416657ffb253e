// tests/op_table/selection.h: which part of the table a run covers
//
// All of it on every device but the emulator, unless the environment says otherwise:
//   WEFT_TEST_DEVICES=cuda,emulated   these devices only
//   WEFT_TEST_ROWS=layer_norm,sum     the rows of these functions only
//   WEFT_TEST_ROWS=3/8                the third of eight parts, so that eight runs side by side cover the table
//   WEFT_TEST_BRIEF=1                 of each row one small and one large sample, in one dtype: for slow checkers
#pragma once
#include <vector>

#include "tests/op_table/row.h"

namespace weft::op_table {

/// Throws: a device that is not there.
const std::vector<Device>& tested_devices();
/// Whether derivatives on this device are held against central differences. Cards, and the emulator even more so, take
/// too long for that, and are held against the derivatives on `reference`.
bool checked_by_differences(Device device);
/// Throws: no such rows.
const std::vector<const Row*>& tested_rows();

bool brief();

/// Whether a run over one device covers as many cases as it should: a brief one a part of them, one of a few rows any.
bool enough(int64_t cases, int64_t expected);

}  // namespace weft::op_table
