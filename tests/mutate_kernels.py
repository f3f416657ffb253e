#!/usr/bin/env python3
# tests/mutate_kernels.py: does the emulator notice when a kernel is wrong?
"""Usage: tests/mutate_kernels.py [--count N] [--seed S] [--jobs J] [--build DIR] [--mode MODE] [--program PROGRAM]
                                [--filter TESTS] [--list] [source ...]

Like tests/mutate.py, for kernels (those of the emulator's own tests when no source is given): a mutant loses a barrier, goes
one element too far, names a wrong mask, starts from a wrong value, or mistakes one index for another. PROGRAM runs
those of its tests that TESTS names, with the emulated card built in MODE: check or raw.
"""

import sys

import mutate

KINDS = {
    "barrier dropped": mutate.replaced(r"\b__sync(?:threads|warp)\([^()]*\);", ";"),
    "one too far": mutate.replaced(r"(?<=[\w)\]]) < (?=[\w(])", " <= "),
    "one too few": mutate.replaced(r"(?<=[\w)\]]) < ([\w.]+)(?=[;) ])", r" + 1 < \1"),
    "wrong mask": mutate.replaced(r"\b(?:all_lanes|full_mask|full_warp|0x[fF]{8}u?)\b", "0x7FFFFFFFu"),
    "other start": mutate.replaced(r"(?<= = )0(?=[;,])", "1"),
    "thread for block": mutate.replaced(r"\bblockIdx\.", "threadIdx."),
    "block for thread": mutate.replaced(r"\bthreadIdx\.", "blockIdx."),
    "x for y": mutate.replaced(r"\b(threadIdx|blockIdx|blockDim|gridDim)\.y\b", r"\1.x"),
    "y for x": mutate.replaced(r"\b(threadIdx|blockIdx|blockDim|gridDim)\.x\b", r"\1.y"),
    "plus to minus": mutate.KINDS["plus to minus"],
    "times to divided by": mutate.KINDS["times to divided by"],
    "first thread to second": mutate.replaced(r"(\bthreadIdx\.\w|\blane) == 0\b", r"\1 == 1"),
}


def main():
    parser = mutate.options_of(__doc__.split("\n\n")[1], count=50, tests="emulator:*")
    parser.add_argument("--mode", choices=["check", "raw"], default="check", help="of the emulated card")
    parser.add_argument("--program", default="test_backends")
    options = parser.parse_args()
    mutate.KINDS, mutate.PROGRAMS = KINDS, {options.program: True}
    return mutate.run(options, options.sources or ["tests/backends/emulated_kernels.h"],
                      [f"-DWEFT_EMULATOR={options.mode}"])


if __name__ == "__main__":
    sys.exit(main())
