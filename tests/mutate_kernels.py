#!/usr/bin/env python3
# tests/mutate_kernels.py: does the emulator notice when a kernel is wrong?
"""Usage: tests/mutate_kernels.py [--count N] [--seed S] [--jobs J] [--build DIR] [--mode MODE] [--program PROGRAM]
                                [--filter TESTS] [--list] [source ...]

Like tests/mutate.py, for kernels (backends/gpu/*.cu and *.h when no source is given): a mutant loses a barrier, goes
one element too far, names a wrong mask, starts from a wrong value, or mistakes one index for another. PROGRAM runs
those of its tests that TESTS names, with the emulated card built in MODE: check or raw.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

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
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[1],
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="*", metavar="source", help="relative to the repository's root")
    parser.add_argument("--count", type=int, default=50, help="of mutants that compile")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2, help="of the build")
    parser.add_argument("--build", type=pathlib.Path, help="where the copy is kept; a temporary folder without it")
    parser.add_argument("--mode", choices=["check", "raw"], default="check", help="of the emulated card")
    parser.add_argument("--program", default="test_op_table")
    parser.add_argument("--filter", default="op table: every device*", help="as doctest's --test-case takes them")
    parser.add_argument("--list", action="store_true", help="print the mutants, build nothing")
    options = parser.parse_args()

    mutate.KINDS, mutate.PROGRAMS = KINDS, [options.program]
    kernels = mutate.ROOT / "backends/gpu"
    sources = options.sources or sorted(
        str(path.relative_to(mutate.ROOT)) for path in kernels.glob("*") if path.suffix in {".cu", ".h"})
    mutants = mutate.shuffled(sources, options.seed)
    if options.list:
        mutate.print_list(mutants[: options.count])
        return 0

    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.build or pathlib.Path(temporary)).resolve()
        mutate.copy_tree(folder)
        subprocess.run(["cmake", "-S", folder, "-B", folder / "build/release", "-G", "Ninja",
                        "-DCMAKE_BUILD_TYPE=Release", f"-DWEFT_EMULATOR={options.mode}"],
                       check=True, stdout=subprocess.DEVNULL)
        built = mutate.build(folder, options.jobs)
        if built.returncode != 0 or mutate.failing_test(folder, options.filter):
            print("the unchanged copy does not build or pass\n" + built.stdout[-2000:])
            return 2
        totals = mutate.judged(
            mutants, options.count,
            lambda source, mutant: mutate.judge(folder, source, mutant, options.jobs, options.filter))
    status, line = mutate.summary(totals)
    print(line)
    return status


if __name__ == "__main__":
    sys.exit(main())
