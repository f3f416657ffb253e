#!/usr/bin/env python3
# tests/kernels.py: kernels are written in the language of backends/gpu/gpu.h, which the emulator knows too
"""Usage: tests/kernels.py [repository]. Prints one line a violation; exit status 1 when there is one."""

import pathlib
import re
import sys

# What only nvcc knows, or what the language has another word for, and that word.
FORBIDDEN = [
    (r"<<<", "launch(kernel, grid, block, shared_bytes, arguments...)"),
    (r"\b__shared__\b", "WEFT_SHARED or WEFT_DYN_SHARED"),
    (r"\basm\b", "a function of the language"),
    (r"\bcooperative_groups\b|\bcuda::|\bcub::|\bthrust::", "a kernel of our own"),
    (r"\bcuda[A-Z]\w*\s*\(", "a function of the language"),
    (r"\b__CUDA\w*__\b|\b__CUDA_ARCH__\b|\b__NVCC__\b", "nothing: both compilers take the same text"),
    (r"\breinterpret_cast<[^>]*\bfloat[24]\b", "ldv and stv"),
    (r"\b__activemask\b", "the full mask, with idle lanes kept alive"),
    (r"\bprintf\s*\(", "a debugger, on the emulator"),
]
LANGUAGE = "gpu.h"  # the one file that asks which compiler reads it


def violations_of(text):
    """Yields (line number, what stands there, what to write) for a kernel file."""
    for number, line in enumerate(text.splitlines(), 1):
        code = line.split("//")[0]
        for pattern, instead in FORBIDDEN:
            match = re.search(pattern, code)
            if match:
                yield number, match.group(0), instead


def main():
    default_root = pathlib.Path(__file__).resolve().parent.parent
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default_root
    files = sorted(path for path in (root / "backends/gpu").glob("*") if path.suffix in {".cu", ".h"})
    violations = []
    for path in files:
        if path.name == LANGUAGE:
            continue
        for number, found, instead in violations_of(path.read_text(encoding="utf-8")):
            place = f"{path.relative_to(root).as_posix()}:{number}"
            violations.append(f"{place}: '{found}' is not of the kernel language; write {instead}")
    print("\n".join([*violations, f"kernels: {len(files)} files checked, {len(violations)} violations"]))
    return 1 if violations or not files else 0


if __name__ == "__main__":
    sys.exit(main())
