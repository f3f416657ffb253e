#!/usr/bin/env python3
# tests/messages.py: every error message has a test that reads its words
"""Usage: tests/messages.py [repository]. Prints one line a message that no test reads; exit status 1 when there is one.

A message is the format string of a call that only throws: fail(...), refuse_load(...), `throw Error(...)`. A test reads it
when one of the test's string literals is a part of what the format makes ("batch_size 0 is not positive" of "batch_size {} is
not positive"), and no other message fits better. ENOUGH characters of its fixed text must be in it, PLENTY where another
message fits as well, or all there are. Two places with the same format are one message here; whether each of them was
reached is counted by tests/coverage.py."""

import collections
import pathlib
import re
import sys

from coverage import DECLARES, NOT_HERE

LAYERS = ("tensor", "backends", "autograd", "nn", "hyper", "datasets")
ENOUGH, PLENTY = 10, 16
GRAM = 6  # characters in common before a literal is held against a message
LONGEST_VALUE = 200  # characters that a {} becomes
ELSEWHERE = [  # what no test on every machine can bring about, beside coverage.NOT_HERE: source, text, why
    ("backends/cuda/cublas.cpp", "failed", "needs a card"),
    ("backends/cuda/runtime.cpp", "the ", "needs a card"),
    ("backends/cpu/cpu_backend.cpp", "OpenMP", "needs another OpenBLAS"),
    ("backends/emulator/fiber.cpp", "no memory", "needs a machine without memory"),
    ("backends/gpu/sort.cu", "is longer than", "needs a line of 2^31 numbers"),
    ("hyper/demos/harness/png.cpp", "cannot encode", "needs a machine without memory"),
    ("hyper/demos/harness/run_resume.cpp", "cannot cut", "needs a disk that fails"),
    ("datasets/fetch/child.cpp", "no pipe", "needs a system that has no more files"),
    ("datasets/image_file.cpp", "in a sandbox", "needs a flaw in stb_image"),
]
CALL = re.compile(r"\b(?:fail|refuse)(?:_\w+)?\(|\bthrow [\w:]*(?:Error|Memory|Anomaly)\(")
LITERAL = re.compile(r'R"\((.*?)\)"|"((?:[^"\\\n]|\\.)*)"', re.DOTALL)
FIELD = re.compile(r"\{[^{}\"]*\}")
COMMENT = re.compile(r"//[^\n]*")
ESCAPES = {"\\n": "\n", "\\t": "\t", '\\"': '"', "\\\\": "\\"}


def source_files(root, folders):
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".cpp", ".cu", ".txt"):
                yield path


def without_comments(text):
    """Line comments blanked, but not what looks like one in a string ("https://...")."""
    return "\n".join(line if '"' in line.split("//")[0] and "://" in line else COMMENT.sub("", line)
                     for line in text.split("\n"))


def arguments(text, start):
    """What stands in the parentheses that open before `start`."""
    depth, at, quoted = 1, start, False
    while at < len(text) and depth:
        if text[at] == "\\" and quoted:
            at += 1
        elif text[at] == '"':
            quoted = not quoted
        elif not quoted:
            depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
    return text[start:at - 1]


def unescaped(text):
    return re.sub(r"\\.", lambda match: ESCAPES.get(match.group(), match.group()), text)


def literals(text):
    """Every string literal, neighbours joined."""
    joined, end = None, 0
    for match in LITERAL.finditer(text):
        raw, plain = match.groups()
        literal = raw if raw is not None else unescaped(plain)
        if joined is not None and not text[end:match.start()].strip():
            joined += literal
        else:
            if joined is not None:
                yield joined
            joined = literal
        end = match.end()
    if joined is not None:
        yield joined


def messages(root):
    """(source, number of the line, format, the line) of every call that throws a text of its own."""
    for path in source_files(root, LAYERS):
        text = without_comments(path.read_text(encoding="utf-8"))
        lines = text.split("\n")
        for match in CALL.finditer(text):
            number = text.count("\n", 0, match.start()) + 1
            if DECLARES.match(lines[number - 1]):
                continue
            found = max(literals(arguments(text, match.end())), key=len, default="")
            # What is shorter hands a text on, or is the name of the op for a function that has the text.
            if len(re.findall(r"\w", FIELD.sub("", found))) >= ENOUGH and " " in found:
                found += "{}" if found.endswith(" ") else ""  # something is added to it
                yield path.relative_to(root), number, found, lines[number - 1]


def pieces_of(message):
    """Its fixed text, cut at each replacement field."""
    return [piece.replace("\1", "{").replace("\2", "}")
            for piece in FIELD.split(message.replace("{{", "\1").replace("}}", "\2"))]


def common(literal, pieces):
    """How many characters of fixed text the literal has when it is a part of what the format makes; 0 when it is none."""

    def follow(at, i):
        """From a place in the literal where a value stands, before piece i."""
        if i == len(pieces):
            return 0 if len(literal) - at <= LONGEST_VALUE else None
        best = 0 if len(literal) - at <= LONGEST_VALUE else None
        piece = pieces[i]
        if not piece:
            return follow(at, i + 1)
        place = literal.find(piece, at)
        while place >= 0:
            rest = after(place + len(piece), i)
            if rest is not None and (best is None or rest + len(piece) > best):
                best = rest + len(piece)
            place = literal.find(piece, place + 1)
        for size in range(min(len(piece) - 1, len(literal) - at), 0, -1):  # the literal ends inside of the piece
            if literal.endswith(piece[:size]):
                best = max(best or 0, size)
                break
        return best

    def after(at, i):
        """From a place right behind piece i."""
        if at == len(literal):
            return 0
        return None if i + 1 == len(pieces) else follow(at, i + 1)

    best = 0
    for i, piece in enumerate(pieces):
        for start in range(len(piece)):  # the literal begins inside of piece i
            tail = piece[start:]
            if literal in tail:
                best = max(best, len(literal))
            elif literal.startswith(tail):
                rest = after(len(tail), i)
                if rest is not None:
                    best = max(best, rest + len(tail))
        rest = follow(0, i)  # it begins inside of a value, or before the message, with the name of the op
        best = max(best, rest or 0)
    return best


def grams(text):
    return {text[i:i + GRAM] for i in range(len(text) - GRAM + 1)}


def read_by(literals_of_tests, formats):
    """The formats that a literal fits better than any other, or as well."""
    index = collections.defaultdict(set)
    pieces = {message: pieces_of(message) for message in formats}
    for message, its_pieces in pieces.items():
        for piece in its_pieces:
            for gram in grams(piece) or {piece}:
                index[gram].add(message)
    read = set()
    for literal in literals_of_tests:
        for part in {piece.strip() for piece in [literal, *FIELD.split(literal)]}:
            candidates = set().union(*(index.get(gram, ()) for gram in grams(part) | {part}))
            scores = {message: common(part, pieces[message]) for message in candidates}
            best = max(scores.values(), default=0)
            fitting = [message for message, score in scores.items() if score == best]
            for message in fitting:
                everything = sum(map(len, (piece.strip() for piece in pieces[message])))
                if best >= min(ENOUGH if len(fitting) == 1 else PLENTY, everything):
                    read.add(message)
    return read


def excuses(path, message, line):
    """The entries of the lists that say why no test can bring the message about."""
    return [entry for entry in NOT_HERE + ELSEWHERE
            if str(path) == entry[0] and (entry[1] in message or entry[1] in line)]


def main():
    default_root = pathlib.Path(__file__).resolve().parent.parent
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default_root
    of_tests = {literal for path in source_files(root, ["tests"])
                for literal in literals(without_comments(path.read_text(encoding="utf-8"))) if len(literal) > 3}
    found = list(messages(root))
    formats = {message for _, _, message, _ in found}
    read = read_by(of_tests, formats)
    exempt = [entry for entry in found if entry[2] not in read and excuses(entry[0], *entry[2:])]
    unread = [entry for entry in found if entry[2] not in read and entry not in exempt]
    used = [excuse for entry in exempt for excuse in excuses(entry[0], *entry[2:])]
    stale = [excuse for excuse in ELSEWHERE if excuse not in used and (root / excuse[0]).exists()]
    for path, number, message, _ in unread:
        print(f"{path}:{number}: no test reads '{message}'")
    for path, words, _ in stale:
        print(f"{path}: '{words}' needs no excuse any more; hint: take it out of ELSEWHERE")
    print(f"messages: {len(found)} places, {len(exempt)} that no test can bring about, {len(unread)} unread")
    return 1 if unread or stale or not found else 0


if __name__ == "__main__":
    sys.exit(main())
