#!/usr/bin/env python3
# tests/mutate_kernels.py: does the emulator notice when a kernel is wrong?
"""Usage: tests/mutate_kernels.py [--count N] [--seed S] [--jobs J] [--build DIR] [--mode MODE] [--program PROGRAM]
                                [--filter TESTS] [--list] [source ...]

Like tests/mutate.py, for kernels (all of backends/gpu/ when no source is given): a mutant loses a barrier, goes one
element too far, names a wrong mask, starts from a wrong value, or mistakes one index for another. PROGRAM runs those of
its tests that TESTS names, with the emulated card built in MODE: check or raw.

The op table runs the rows that launch a kernel of the source, which a first build of the copy tells apart, and of each
row a part; what survives that meets the whole rows, and then the tests of cards in test_backends. WEFT_TEST_ROWS and
WEFT_TEST_BRIEF in the environment decide otherwise.
"""

import os
import re
import subprocess
import sys
import time

import mutate

KERNELS = "backends/gpu"
TABLE = "test_op_table"
CASES = {TABLE: "op table:*", "test_backends": "gpu:*,kernels:*,*on cards*"}
REACHING = "op table: every device*,op table: gradients*,op table: second gradients*"  # what the rows launch
TIMEOUT_S = 300
KINDS = {
    "barrier dropped": mutate.replaced(r"\b__sync(?:threads|warp)\([^()]*\);", ";"),
    "one too far": mutate.replaced(r"(?<=[\w)\]]) < (?=[\w(])", " <= "),
    "one too few": mutate.replaced(r"(?<=[\w)\]]) < ([\w.]+)(?=[;) ])", r" + 1 < \1"),
    "wrong mask": mutate.replaced(r"\b(?:all_lanes|kWholeWarp|0x[fF]{8}u?)\b", "0x7FFFFFFFu"),
    "other start": mutate.replaced(r"(?<= = )0(?=[;,])", "1"),
    "thread for block": mutate.replaced(r"\bblockIdx\.", "threadIdx."),
    "block for thread": mutate.replaced(r"\bthreadIdx\.", "blockIdx."),
    "x for y": mutate.replaced(r"\b(threadIdx|blockIdx|blockDim|gridDim)\.y\b", r"\1.x"),
    "y for x": mutate.replaced(r"\b(threadIdx|blockIdx|blockDim|gridDim)\.x\b", r"\1.y"),
    "plus to minus": mutate.KINDS["plus to minus"],
    "times to divided by": mutate.KINDS["times to divided by"],
    "first thread to second": mutate.replaced(r"(\bthreadIdx\.\w|\blane) == 0\b", r"\1 == 1"),
}


def environment(**changes):
    return {"WEFT_TEST_DEVICES": "emulated", **os.environ, **changes}


def launching(folder, source):
    """Files with launches that reach code of the source: it, or those that include it, or else what these include."""
    texts = {path.relative_to(folder).as_posix(): path.read_text() for path in (folder / KERNELS).iterdir()}
    includes = lambda name, other: f'#include "{other}"' in texts[name]
    launches = lambda names: {name for name in names if "launched" in marked(name, texts[name])}
    found, news = set(), {source} & texts.keys()
    while news:
        found |= news
        news = {name for name in texts if any(includes(name, other) for other in news)} - found
    places = launches({source} & found)
    for name in () if places else found:
        places |= launches({name}) or launches({other for other in texts if includes(name, other)})
    return sorted(places)


def marked(name, text):
    """The text with every launch telling where it stands."""
    launch = re.compile(r"(^\s+(?:if \([^\n]*\) |else )?(?:return )?)launch\(", re.M)
    return "#include <cstdio>\n" + launch.sub(rf'\1std::fputs("launched {name}\\n", stderr), launch(', text)


def names_of_rows(folder):
    """Functions with rows, as the table itself prints them."""
    command = [folder / "build/release/tests" / TABLE, "--test-case=op table: print the support matrix", "--no-skip"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return re.findall(r"^\| `(\w+)` ", printed, re.M)


def rows_by_file(folder, files, jobs):
    """{file: {function: seconds}}: functions whose rows launch a kernel there, from a build whose launches tell."""
    originals = {name: (folder / name).read_text() for name in files}
    for name, text in originals.items():
        (folder / name).write_text(marked(name, text))
    try:
        built = mutate.build(folder, jobs)
        if built.returncode != 0:
            sys.exit("the copy with marked launches does not build\n" + built.stdout[-2000:])
        rows = {name: {} for name in files}
        command = [folder / "build/release/tests" / TABLE, f"--test-case={REACHING}"]
        for function in names_of_rows(folder):
            begin = time.monotonic()
            told = subprocess.run(command, capture_output=True, text=True,
                                  env=environment(WEFT_TEST_ROWS=function, WEFT_TEST_BRIEF="1")).stderr
            for name in set(re.findall(r"^launched (\S+)$", told, re.M)):
                rows[name][function] = time.monotonic() - begin
        return rows
    finally:
        for name, text in originals.items():
            (folder / name).write_text(text)


class Judges:
    """Which tests a wrong source has to get past, the quick ones first."""

    def __init__(self, options, sources):
        self.options, self.sources, self.rows = options, sources, {}

    def prepare(self, folder):
        """Finds the rows of each source."""
        if TABLE not in mutate.PROGRAMS or "WEFT_TEST_ROWS" in os.environ:
            return
        reaching = {source: launching(folder, source) for source in self.sources}
        files = sorted({name for names in reaching.values() for name in names})
        by_file = rows_by_file(folder, files, self.options.jobs)
        for source, names in reaching.items():
            self.rows[source] = {row: seconds for name in names for row, seconds in by_file[name].items()}
            print(f"{source}: rows {','.join(sorted(self.rows[source]))}", flush=True)

    def ask(self, folder, source):
        """`source` is None for the unchanged copy, which need not pass the whole of the table."""
        rows = self.rows.get(source)
        chosen = {"WEFT_TEST_ROWS": ",".join(rows)} if rows else {}
        limit_s = 30 + 10 * sum(rows.values()) if rows else TIMEOUT_S
        for program, tests in mutate.PROGRAMS.items():
            in_two_steps = program == TABLE and "WEFT_TEST_BRIEF" not in os.environ
            if in_two_steps:
                killer = mutate.fails(folder, program, tests, limit_s, environment(**chosen, WEFT_TEST_BRIEF="1"))
                if killer:
                    return killer
                if source is None:
                    continue
            killer = mutate.fails(folder, program, tests, TIMEOUT_S, environment(**chosen))
            if killer and not (in_two_steps and killer.endswith(mutate.HUNG)):  # it may well take so long
                return killer
        return None


def main():
    parser = mutate.options_of(__doc__.split("\n\n")[1], count=50, tests=None)
    parser.add_argument("--mode", choices=["check", "raw"], default="check", help="of the emulated card")
    parser.add_argument("--program", help="test_op_table, then test_backends, without it")
    options = parser.parse_args()
    mutate.KINDS = KINDS
    chosen = [options.program] if options.program else list(CASES)
    mutate.PROGRAMS = {program: options.filter or CASES.get(program, "*") for program in chosen}
    sources = options.sources or sorted(path.relative_to(mutate.ROOT).as_posix()
                                        for path in (mutate.ROOT / KERNELS).iterdir() if path.suffix != ".cpp")
    judges = Judges(options, sources)
    return mutate.run(options, sources, [f"-DWEFT_EMULATOR={options.mode}", "-DWEFT_CUDA=OFF", "-DWEFT_DEMOS=OFF",
                                         "-DCMAKE_UNITY_BUILD=ON"], judges.prepare, judges.ask)


if __name__ == "__main__":
    sys.exit(main())
