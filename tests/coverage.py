#!/usr/bin/env python3
"""tests/coverage.py: which lines, and which error messages, the tests have run.

  make test PRESET=coverage && tests/coverage.py [build/coverage]

Prints the share of executed lines of every layer, then every place that throws and was never reached. Exit status 1 when
tensor, autograd or nn is below 90 % of its lines, or when a message was never thrown.
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
THROWS = re.compile(r"\bfail(_file|_formatted)?\(\"|\bfail(_file)?\(\w*op\b|\bthrow \w+")


def line_counts(build):
    """source -> line -> how often it ran, over every object that contains it."""
    counts = collections.defaultdict(collections.Counter)
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
                for line in file["lines"]:
                    counts[path.relative_to(ROOT)][line["line_number"]] += line["count"]
    return counts


def unreached_throws(counts):
    """(number of places that throw, those never reached), of the lines that were compiled."""
    total, unreached = 0, []
    for source, lines in sorted(counts.items()):
        for number, text in enumerate((ROOT / source).read_text(encoding="utf-8").splitlines(), 1):
            if number in lines and THROWS.search(text) and not text.lstrip().startswith("//"):
                total += 1
                if lines[number] == 0:
                    unreached.append(f"{source}:{number}: {text.strip()}")
    return total, unreached


def main():
    counts = line_counts(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/coverage").resolve())
    failed = False
    for layer in LAYERS:
        lines = [n for source, found in counts.items() if source.parts[0] == layer and "demos" not in source.parts
                 for n in found.values()]
        share = sum(n > 0 for n in lines) / max(len(lines), 1)
        low = share < GOAL.get(layer, 0)
        failed |= low
        print(f"{layer:10} {share:6.1%} of {len(lines):,} lines{'  below the goal' if low else ''}")
    total, unreached = unreached_throws(counts)
    print(f"{total} places throw, {len(unreached)} of them never in the tests", *unreached, sep="\n  ")
    return failed or bool(unreached)


if __name__ == "__main__":
    sys.exit(main())
