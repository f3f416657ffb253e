#!/usr/bin/env python3
# tests/mutate.py: does a test fail when a derivative is wrong?
"""Usage: tests/mutate.py [--count N] [--seed S] [--jobs J] [--build DIR] [--filter TESTS] [source ...]

Makes wrong variants (mutants) of the sources, autograd/*.cpp without the pictures of graph.h when none are given, one
at a time in a copy of the repository until N have compiled, builds test_autograd and test_op_table and runs all tests
of the first and those of the second that TESTS (doctest's --test-case) names. A mutant is killed when a test fails or
hangs, and survives when none does: each survivor is printed with its difference. The same seed and sources give the
same mutants. DIR keeps the copy and its build for the next time. The last line says which share of those that compiled
was killed: exit status 1 when it is below 95 %, 2 when the unchanged copy does not build or pass.
"""

import argparse
import collections
import difflib
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = {"test_autograd": False, "test_op_table": True}  # whether --filter chooses among its cases
PICTURES = {"graph", "graph_layout", "graph_svg"}  # a box a little to the left is no fault
TIMEOUT_S = 900  # a mutant may loop for ever
LEAST_KILLED = 0.95
HUNG = " (it hung)"

Mutant = collections.namedtuple("Mutant", "kind start end text")


def code_only(source):
    """The source with comments, strings, includes and template arguments of #-lines blanked, at the same positions."""
    blank = lambda match: re.sub(r"[^\n]", " ", match.group())
    return re.sub(r'//[^\n]*|"(?:\\.|[^"\\\n])*"|^\s*#[^\n]*', blank, source, flags=re.M)


def closing(code, start):
    """The position of the bracket that closes the one at `start`, or None."""
    depth = 0
    for i in range(start, len(code)):
        depth += (code[i] in "([{") - (code[i] in ")]}")
        if depth == 0:
            return i
    return None


def arguments(code, start):
    """(start, end) of each argument of the call whose bracket opens at `start`."""
    end = closing(code, start)
    if end is None:
        return []
    spans, begin, depth = [], start + 1, 0
    for i in range(start + 1, end):
        depth += (code[i] in "([{") - (code[i] in ")]}")
        if code[i] == "," and depth == 0:
            spans.append((begin, i))
            begin = i + 1
    return spans + [(begin, end)]


def replaced(pattern, text):
    """A kind of mutant that puts `text` (a template) in the place of every match of `pattern`."""
    return lambda code: [(m.start(), m.end(), m.expand(text)) for m in re.finditer(pattern, code)]


def swapped_arguments(code):
    for call in re.finditer(r"\b(?:sub|div|matmul|pow|atan2)\(", code):
        spans = arguments(code, call.end() - 1)
        if len(spans) == 2 and "const " not in code[call.end() : spans[1][1]]:  # a declaration
            (a, b), (c, d) = spans
            yield a, d, f"{code[c:d].strip()}, {code[a:b].strip()}"


def negated(code):
    for call in re.finditer(r"\badd_grad\(", code):
        spans = arguments(code, call.end() - 1)
        if len(spans) == 2:
            a, b = spans[1]
            yield a, b, f" -({code[a:b].strip()})"


def dropped_gradients(code):
    for call in re.finditer(r"\w+\.add_grad\w*\(", code):
        end = closing(code, call.end() - 1)
        if end and code[end + 1 : end + 2] == ";":
            yield call.start(), end + 1, "(void)0"


def dropped_terms(code):
    """a + b becomes a."""
    for sign in re.finditer(r" [+-] (?=\w)", code):
        end, depth = sign.end(), 0
        while end < len(code) and not (depth == 0 and code[end] in ",;)]}?:<>"):
            if depth == 0 and re.match(r" [+-] | [&|=]", code[end:]):
                break
            depth += (code[end] in "([{") - (code[end] in ")]}")
            end += 1
        yield sign.start(), end, ""


KINDS = {
    "plus to minus": replaced(r" \+ ", " - "),
    "minus to plus": replaced(r" - ", " + "),
    "times to divided by": replaced(r" \* (?=[\w(])", " / "),
    "operands swapped": replaced(r"(?<![.>\w])(\w+) ([-/]) (\w+)\b(?![.(\[<])", r"\3 \2 \1"),
    "arguments swapped": swapped_arguments,
    "term dropped": dropped_terms,
    "negated": negated,
    "gradient dropped": dropped_gradients,
    "constant 2 to 3": replaced(r"(?<![\w.\[{(])2(?![\w.])", "3"),
    "constant 0 to 1": replaced(r"(?<= )0(?=[;,)])", "1"),
    "input 0 for 1": replaced(r"\binput\(1\)", "input(0)"),
    "input 1 for 0": replaced(r"\binput\(0\)", "input(1)"),
    "wrong axis": replaced(r"\{axis\}", "{axis == 0 ? 1 : 0}"),
    "last axis to the one before": replaced(r"(?<=[, {(])-1(?=[,)}])", "-2"),
}


def mutants_of(source):
    code = code_only(source)
    found = {}
    for kind, make in KINDS.items():
        for start, end, text in make(code):
            # The blanked code is a poor place to copy strings from: leave mutants that span one out.
            if source[start:end] == code[start:end] and source[start:end] != text:
                found.setdefault((start, end, text), Mutant(kind, start, end, text))
    return list(found.values())


def shuffled(sources, seed):
    """Every pair (source, mutant), so that as many as are looked at are spread over the kinds."""
    by_kind = collections.defaultdict(list)
    for source in sources:
        for mutant in mutants_of((ROOT / source).read_text()):
            by_kind[mutant.kind].append((source, mutant))
    generator = random.Random(seed)
    for kind in sorted(by_kind):
        generator.shuffle(by_kind[kind])
    chosen = []
    while any(by_kind.values()):
        chosen += [by_kind[kind].pop() for kind in sorted(by_kind) if by_kind[kind]]
    return chosen


def judged(mutants, count, judge_one):
    """Judges mutants until `count` have compiled. How many there were of each verdict."""
    totals = collections.Counter()
    for source, mutant in mutants:
        if totals["killed"] + totals["survived"] == count:
            break
        verdict, details = judge_one(source, mutant)
        totals[verdict] += 1
        print(f"{place(source, mutant)}: {mutant.kind}: {verdict}{details}", flush=True)
    return totals


def summary(totals):
    """(exit status, the last line)."""
    compiled = totals["killed"] + totals["survived"]
    share = totals["killed"] / compiled if compiled else 0
    counts = ", ".join(f"{totals[verdict]} {verdict}" for verdict in ("killed", "survived", "not compiled"))
    return int(share < LEAST_KILLED), f"{counts}: {100 * share:.1f} % killed of {compiled} that compiled"


def place(source, mutant):
    return f"{source}:{(ROOT / source).read_text().count(chr(10), 0, mutant.start) + 1}"


def print_list(mutants):
    for source, mutant in mutants:
        before = (ROOT / source).read_text()[mutant.start : mutant.end]
        print(f"{place(source, mutant)}: {mutant.kind}: {before!r} -> {mutant.text!r}")


def copy_tree(folder):
    """Brings the copy up to date, touching only what differs, so that little is built again."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, check=True,
        capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, folder / name
        if not source.is_file() or (target.is_file() and source.read_bytes() == target.read_bytes()):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        shutil.copymode(source, target)


def build(folder, jobs):
    command = ["ninja", "-C", folder / "build/release", f"-j{jobs}", *PROGRAMS]
    return subprocess.run(command, capture_output=True, text=True)


def fails(folder, program, tests, timeout_s=TIMEOUT_S, environment=None):
    """The program's name when one of its tests fails, or None."""
    command = [folder / "build/release/tests" / program, "--abort-after=1", f"--test-case={tests}"]
    try:
        done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              timeout=timeout_s, env=environment)
    except subprocess.TimeoutExpired:
        return program + HUNG
    return program if done.returncode != 0 else None


def failing_test(folder, tests):
    """The first program that fails, or None."""
    killers = (fails(folder, program, tests if is_filtered else "*") for program, is_filtered in PROGRAMS.items())
    return next(filter(None, killers), None)


def judge(folder, source, mutant, jobs, ask):
    path = folder / source
    original = path.read_text()
    path.write_text(original[: mutant.start] + mutant.text + original[mutant.end :])
    try:
        if build(folder, jobs).returncode != 0:
            return "not compiled", ""
        killer = ask(folder, source)
        if killer:
            return "killed", " by " + killer
        difference = difflib.unified_diff(original.splitlines(), path.read_text().splitlines(), source, source, n=1,
                                          lineterm="")
        return "survived", "\n    " + "\n    ".join(difference)
    finally:
        path.write_text(original)


def options_of(description, count, tests):
    """A parser of what every such script takes; `count` and `tests` are its defaults."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", nargs="*", metavar="source", help="relative to the repository's root")
    parser.add_argument("--count", type=int, default=count, help="of mutants that compile")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2, help="of the build")
    parser.add_argument("--build", type=pathlib.Path, help="where the copy is kept; a temporary folder without it")
    parser.add_argument("--filter", default=tests, help="cases of the program, as doctest's --test-case takes them")
    parser.add_argument("--list", action="store_true", help="print the mutants, build nothing")
    return parser


def run(options, sources, cmake_args=(), prepare=lambda folder: None, ask=None):
    """Makes the sources wrong in a copy, builds and tests it. The exit status.

    ask(folder, source) gives the test that a wrong source fails, or None; the source is None for the unchanged copy.
    prepare(folder) may learn before what it needs for that.
    """
    ask = ask or (lambda folder, source: failing_test(folder, options.filter))
    mutants = shuffled(sources, options.seed)
    if len(mutants) < options.count:
        print(f"only {len(mutants)} mutants can be made of these sources")
    if options.list:
        print_list(mutants[: options.count])
        return 0

    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.build or pathlib.Path(temporary)).resolve()
        copy_tree(folder)
        subprocess.run(["cmake", "-S", folder, "-B", folder / "build/release", "-G", "Ninja",
                        "-DCMAKE_BUILD_TYPE=Release", *cmake_args], check=True, stdout=subprocess.DEVNULL)
        prepare(folder)
        built = build(folder, options.jobs)
        if built.returncode != 0 or ask(folder, None):
            print("the unchanged copy does not build or pass\n" + built.stdout[-2000:])
            return 2
        totals = judged(mutants, options.count,
                        lambda source, mutant: judge(folder, source, mutant, options.jobs, ask))
    status, line = summary(totals)
    print(line)
    return status


def main():
    options = options_of(__doc__.split("\n\n")[1], count=100, tests="*").parse_args()
    return run(options, options.sources or sorted(
        str(p.relative_to(ROOT)) for p in (ROOT / "autograd").glob("*.cpp") if p.stem not in PICTURES))


if __name__ == "__main__":
    sys.exit(main())
