// datasets/sandbox.h: work on what strangers made, in a child process that can only compute and answer
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace weft::datasets {

struct SandboxLimits {
  int64_t memory_bytes;  ///< address space of the work's own, taken page by page as it is touched
  int64_t cpu_seconds;
  int64_t answer_bytes;
};

/// Sends bytes to the parent.
using Answer = std::function<void(const void* bytes, size_t size)>;
/// Runs in the child, which is a copy of this process that has one thread. It sees all there was, has `memory` to write
/// to, and may ask the system for nothing, be it memory (so no new, no malloc), a file or a process.
using SandboxedWork = std::function<void(std::span<std::byte> memory, const Answer& answer)>;

/// What `work` answered. Linux's seccomp (strict mode) kills a child that asks the system for anything but to read, to
/// write and to end; its files are closed before. Nothing, and `why`: it crashed or went beyond a limit.
/// Throws Error: the system makes no such child.
std::optional<std::vector<uint8_t>> run_in_sandbox(const SandboxLimits& limits, const SandboxedWork& work,
                                                   std::string& why);

}  // namespace weft::datasets
