#!/usr/bin/env python3
"""tests/coverage.py: which lines, and which error messages, the tests have run.

  make test PRESET=coverage && tests/coverage.py [build/coverage]

Prints the share of executed lines of every layer, then every place that throws and was never reached, or where a part of
the line was not: in `if (bad) fail(...)` the test runs always, and the throw has to. Exit status 1 when tensor, autograd or
nn is below 90 % of its lines, or when a message was never thrown.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LAYERS = ("tensor", "backends", "autograd", "nn", "hyper", "datasets")
GOAL = {"tensor": 0.9, "autograd": 0.9, "nn": 0.9}
THROWS = re.compile(r"\b(fail|refuse)(_\w+)?\(|\bthrow \w")  # every function that only throws is named so
NOT_HERE = [  # what no test can bring about: source, text, why
    ("backends/cpu/cpu_backend.cpp", "OpenBLAS stays", "needs another OpenBLAS"),
    ("datasets/gunzip.cpp", "bad_alloc", "needs a machine without memory"),
    ("datasets/sandbox.cpp", "system_error_text", "needs a system that has no process, pipe or memory left"),
    ("datasets/sandbox.cpp", "the child cannot be waited for", "needs a caller that ignores SIGCHLD"),
    ("datasets/sandbox.cpp", "no close_range", "needs an older system"),
    ("datasets/input_file.cpp", "cannot be opened", "the user who runs the tests may open every file"),
    ("tensor/file.cpp", "system_error_text", "needs a disk that fails"),
    ("tensor/file.cpp", "it was cut while it was read", "needs a writer beside the reader"),
    ("tensor/npz_read.cpp", "system_error_text", "needs a disk that fails"),
    ("tensor/npz_read.cpp", "zip_strerror", "libzip has checked the whole archive before"),
    ("tensor/npz_read.cpp", "take more bytes than the file", "libzip has checked the whole archive before"),
    ("tensor/npz_read.cpp", "the size that it claims", "libzip reads as much as it has promised"),
    ("tensor/npz_read.cpp", "has two members", "libzip has checked the whole archive before"),
    ("tensor/safetensors_json.cpp", "the header is {}", "the first byte has been checked before"),
    ("tensor/safetensors_write.cpp", "the header takes", "needs 100 MB of names"),
    ("tensor/npz_write.cpp", "fail_with", "needs a machine without memory"),
    ("tensor/npz_write.cpp", "cannot be packed", "needs a machine without memory"),
    ("tensor/registry.cpp", "cannot be used here", "needs a backend that this machine cannot run"),
]
DECLARES = re.compile(r"^\s*(//|(template.*|inline )?(\[\[noreturn\]\] )?(inline )?void )")


def line_counts(build):
    """source -> line -> (how often it ran, whether all of it did once), over every object that contains it."""
    counts = collections.defaultdict(lambda: collections.defaultdict(lambda: (0, False)))
    data = sorted(str(path) for path in build.rglob("*.gcda"))
    if not data:
        sys.exit(f"coverage: no .gcda files in {build}; hint: make test PRESET=coverage")
    for first in range(0, len(data), 50):
        output = subprocess.run(["gcov", "--json-format", "--stdout", *data[first:first + 50]], cwd=build, check=True,
                                capture_output=True, text=True).stdout
        for document in filter(None, output.splitlines()):
            for file in json.loads(document)["files"]:
                path = pathlib.Path(build, file["file"]).resolve()
                if not path.is_relative_to(ROOT) or path.relative_to(ROOT).parts[0] not in LAYERS:
                    continue
                lines = counts[path.relative_to(ROOT)]
                for line in file["lines"]:
                    ran, whole = lines[line["line_number"]]
                    whole |= line["count"] > 0 and not line["unexecuted_block"]
                    lines[line["line_number"]] = ran + line["count"], whole
    return counts


def is_exempt(source, text):
    return any(str(source) == place and words in text for place, words, _ in NOT_HERE)


def unreached_throws(counts):
    """(number of places that throw, those never reached), of the lines that were compiled."""
    total, unreached = 0, []
    for source, lines in sorted(counts.items()):
        for number, text in enumerate((ROOT / source).read_text(encoding="utf-8").splitlines(), 1):
            if number in lines and THROWS.search(text) and not DECLARES.match(text):
                total += 1
                if not lines[number][1] and not is_exempt(source, text):
                    unreached.append(f"{source}:{number}: {text.strip()}")
    return total, unreached


def main():
    counts = line_counts(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/coverage").resolve())
    failed = False
    for layer in LAYERS:
        lines = [n for source, found in counts.items() if source.parts[0] == layer and "demos" not in source.parts
                 for n, _ in found.values()]
        share = sum(n > 0 for n in lines) / max(len(lines), 1)
        low = share < GOAL.get(layer, 0)
        failed |= low
        print(f"{layer:10} {share:6.1%} of {len(lines):,} lines{'  below the goal' if low else ''}")
    total, unreached = unreached_throws(counts)
    print(f"{total} places throw, {len(unreached)} of them never in the tests", *unreached, sep="\n  ")
    print(f"{len(NOT_HERE)} kinds no test can bring about", *(": ".join(kind) for kind in NOT_HERE), sep="\n  ")
    return failed or bool(unreached)


if __name__ == "__main__":
    sys.exit(main())
