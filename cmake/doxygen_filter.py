#!/usr/bin/env python3
"""cmake/doxygen_filter.py: shows Doxygen what our headers say in plain comments. Usage: doxygen_filter.py HEADER

The lines that open a header become the page of the file. The page of an autograd header ends with the table of
derivatives that opens its sources, so that one page holds a family of functions with the formulas of its gradients.
"""
import pathlib
import re
import sys


def opening(lines):
    """The comment a file starts with, without its slashes."""
    block = []
    for line in lines:
        if not line.startswith("//"):
            break
        block.append(line[2:].removeprefix(" "))
    return block


def verbatim(lines):
    return ["@verbatim", *lines, "@endverbatim"]


def derivative_tables(header):
    """What stands above the first #include of the sources whose first #include is `header`."""
    for source in sorted(header.parent.glob("*.cpp")):
        lines = source.read_text(encoding="utf-8").splitlines()
        first = next((line for line in lines if line.startswith("#include \"autograd/")), "")
        table = opening(lines)[1:]
        if f'"{header.as_posix()}"' in first and any(re.search(r"\bd\w+ = ", line) for line in table):
            yield from [f"<b>{source.as_posix()}</b>", *verbatim(line for line in table if line.strip())]


def page(header, block):
    title, _, brief = block[0].partition(": ")
    yield f"/** @file {title}"
    yield f"{brief}."
    yield ""
    yield from verbatim(block[2:]) if len(block) > 2 else []
    if header.parts[0] == "autograd":
        yield from derivative_tables(header)
    yield "*/"


def main():
    header = pathlib.Path(sys.argv[1])
    if header.is_absolute():
        header = header.relative_to(pathlib.Path.cwd())
    lines = header.read_text(encoding="utf-8").splitlines()
    block = opening(lines)
    print("\n".join([*page(header, block), *lines[len(block):]]) if block else "\n".join(lines))


if __name__ == "__main__":
    main()
