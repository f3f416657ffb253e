#!/usr/bin/env python3
# tests/rows.py: every function that the tape records has a row in the op table
"""Usage: tests/rows.py [repository]. Prints one line a function without a row; exit status 1 when there is one."""

import pathlib
import re
import sys

# Recorded, and without a row of their own. Most are hidden in a source, where only their callers' rows reach them.
EXCEPTIONS = {
    "checkpoint": "records a function of the caller's; tests/autograd/checkpoint_test.cpp",
    "spread_windows": "the derivative of sum_windows, in the second derivative of the avg_pool2d rows",
    "sum_windows": "what avg_pool2d and adaptive_avg_pool2d are made of",
    "unslice": "the derivative of slice and select, in their second derivative",
}
HELPER = re.compile(r"(\w+)\(std::string_view op\b")  # records under the name that it is given
LITERAL = re.compile(r'"(\w+)(?: [^"\n]*)?"')  # the name of a row: a function, then what sets the row apart


def recorded(path):
    """Yields (name, line number) for what a source gives to record(), itself or by a helper of its own."""
    text = path.read_text(encoding="utf-8")
    callers = ["record", *(HELPER.findall(text) if "record(op," in text else [])]
    for match in re.finditer(rf'\b(?:{"|".join(callers)})\(\s*"(\w+)"', text):
        yield match.group(1), text.count("\n", 0, match.start()) + 1


def main():
    default_root = pathlib.Path(__file__).resolve().parent.parent
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default_root
    rows = set()
    for path in (root / "tests/op_table").glob("rows_*.cpp"):
        rows.update(LITERAL.findall(path.read_text(encoding="utf-8")))
    places = {}
    for path in sorted((root / "autograd").glob("*.cpp")):
        for name, number in recorded(path):
            places.setdefault(name, f"{path.relative_to(root).as_posix()}:{number}")
    violations = []
    for name, place in sorted(places.items()):
        if name not in rows and name not in EXCEPTIONS:
            violations.append(f"{place}: '{name}' is recorded and has no row in tests/op_table/rows_*.cpp")
    if root == default_root:
        for name in sorted(EXCEPTIONS):
            if name not in places or name in rows:
                violations.append(f"tests/rows.py: '{name}' is no exception: it has a row, or is not recorded")
    print("\n".join([*violations, f"rows: {len(places)} functions checked, {len(violations)} violations"]))
    return 1 if violations or not places else 0


if __name__ == "__main__":
    sys.exit(main())
