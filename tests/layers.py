#!/usr/bin/env python3
# tests/layers.py: every #include of our own files goes only where the layers allow it
"""Usage: tests/layers.py [repository]. Prints one line a violation; exit status 1 when there is one."""

import pathlib
import re
import sys

# layer -> layers it may include. Tests, benchmarks and demos stand outside: they may include everything, and no layer
# includes them.
ALLOWED = {
    "tensor": {"tensor"},
    "backends": {"tensor", "backends"},
    "autograd": {"autograd", "tensor"},
    "nn": {"nn", "autograd", "tensor"},
    "hyper": {"hyper", "nn", "autograd", "tensor"},
    "datasets": {"datasets", "tensor"},
}
OUTSIDE = ["tests", "bench"]
PROGRAMS = {"demos", "program", "fetch", "convert"}  # folders in a layer that hold what programs are made of
SUFFIXES = {".h", ".cpp", ".cu", ".cuh"}
# Quoted, or in angle brackets with the name of a folder of ours in front.
INCLUDE = re.compile(rf'^\s*#\s*include\s*(?:"([^"]+)"|<((?:{"|".join([*ALLOWED, *OUTSIDE])})/[^>]+)>)')
REGISTRY = pathlib.PurePosixPath("backends/compiled_in.cpp")  # the one file that knows every backend
GPUS = {"cuda", "emulator"}  # the backends that run the kernels of backends/gpu/
KERNEL_LANGUAGE = pathlib.PurePosixPath("backends/gpu/gpu.h")  # ... which it compiles for one of them
DEMOS = pathlib.PurePosixPath("hyper/demos")


def complaint(source, target):
    """Why the file `source` may not include `target`, or None. Both are paths from the repository's root."""
    layer = source.parts[0]
    if target.parts[0] not in ALLOWED[layer]:
        return f"{layer} may include only {', '.join(sorted(ALLOWED[layer]))}"
    program = PROGRAMS.intersection(target.parts[:-1])
    if program and not PROGRAMS.intersection(source.parts[:-1]):
        return f"only programs may include what lies in a folder {program.pop()}/"
    if target.parts[0] != "backends" or source == REGISTRY:
        return None
    # One backend must not lean on another: each could be left out of a build. backends/host/ is for all of them, and
    # backends/gpu/ for those that run its kernels.
    shared = len(target.parts) == 2 or target.parts[1] == "host"
    own_folder = len(source.parts) > 2 and target.parts[1] == source.parts[1]
    runs_kernels = target.parts[1] == "gpu" and source.parts[1] in GPUS
    chooses_language = source == KERNEL_LANGUAGE and target.parts[1] in GPUS and target.name == "language.h"
    if not (shared or own_folder or runs_kernels or chooses_language):
        return "a backend may include only its own folder, backends/host/ and backends/*.h"
    return None


def includes(root):
    """Yields (source, line number, target) for every include of our own files in the layers."""
    for layer in ALLOWED:
        for path in sorted((root / layer).rglob("*")):
            source = pathlib.PurePosixPath(path.relative_to(root).as_posix())
            if path.suffix not in SUFFIXES or DEMOS in source.parents:
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                if match:
                    yield source, number, pathlib.PurePosixPath(match.group(1) or match.group(2))


def main():
    default_root = pathlib.Path(__file__).resolve().parent.parent
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default_root
    checked = violations = 0
    for source, number, target in includes(root):
        checked += 1
        reason = complaint(source, target)
        if reason is None and not (root / target).is_file():
            reason = "no such file; includes are written from the repository's root"
        if reason is not None:
            violations += 1
            print(f'{source}:{number}: #include "{target}": {reason}')
    print(f"layers: {checked} includes checked, {violations} violations")
    return 1 if violations or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
