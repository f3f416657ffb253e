#!/usr/bin/env python3
# tests/names.py: a name in an anonymous namespace is the only one of its kind in its layer, or in its test program
"""Usage: tests/names.py [repository]. Prints one line a name used twice; exit status 1 when there is one.

The release build compiles several sources as one, in batches that change with the list of sources: two things with one
name may compile today and not tomorrow. Aliases (using, namespace) may repeat, word for word. Each demo is a program of
its own, and so is each test folder."""

import collections
import pathlib
import re
import sys

LAYERS = ["tensor", "backends", "autograd", "nn", "hyper", "datasets", "bench"]
OPEN = re.compile(r"^(?:inline )?namespace ?([\w:]*) ?\{")
CLOSE = re.compile(r"^\}  // namespace")
# A definition begins in the first column: clang-format indents nothing in a namespace, and everything in a body.
TYPE = re.compile(r"^(?:struct|class|enum class|enum|union)\s+(\w+)[^;]*\{")
FUNCTION_OR_VARIABLE = re.compile(r"^[\w\[\]][\w:<>,&*\s\[\]]*?[\s&*](\w+)\s*(?:\(|=|\{|;)")
NO_DEFINITION = re.compile(r"^(?:using|namespace|template|TEST_CASE|return|public|private)\b")


def units(root):
    """Yields (name of the unit, its sources) for what may be compiled as one."""
    for layer in LAYERS:
        sources = sorted((root / layer).rglob("*.cpp"))
        yield layer, [path for path in sources if "demos" not in path.parts and "convert" not in path.parts]
    for folder in sorted(path for path in (root / "tests").iterdir() if path.is_dir()):
        yield f"tests/{folder.name}", sorted(folder.glob("*.cpp"))


def names_in(path):
    """Yields (enclosing named namespaces, name, line number) for what the anonymous namespaces of a source define."""
    opened = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if CLOSE.match(line):
            opened.pop()
        elif match := OPEN.match(line):
            opened.append(match.group(1))
        elif "" in opened and not NO_DEFINITION.match(line):
            match = TYPE.match(line) or FUNCTION_OR_VARIABLE.match(line)
            if match:
                yield "::".join(name for name in opened if name), match.group(1), number


def main():
    default_root = pathlib.Path(__file__).resolve().parent.parent
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default_root
    checked = violations = 0
    for unit, sources in units(root):
        places = collections.defaultdict(dict)  # (namespace, name) -> source -> line
        for path in sources:
            for namespace, name, number in names_in(path):
                places[namespace, name].setdefault(path.relative_to(root).as_posix(), number)
        checked += len(places)
        for (_, name), lines in sorted(places.items()):
            if len(lines) > 1:
                violations += 1
                where = ", ".join(f"{source}:{number}" for source, number in lines.items())
                print(f"{unit}: '{name}' is defined in {where}; share it in a header, or give two things two names")
    print(f"names: {checked} checked, {violations} violations")
    return 1 if violations or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
