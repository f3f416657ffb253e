#!/usr/bin/env python3
# tests/scripts_test.py: the checks of the sources fail on a tree that breaks their rule, and pass on one that keeps it
"""Usage: tests/scripts_test.py. Writes small trees into a temporary folder and runs the scripts beside this on them."""

import contextlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import messages
import mutate
import mutate_kernels

TESTS = pathlib.Path(__file__).resolve().parent
sys.path.append(str(TESTS.parent / "bench/peers"))
import compare

try:
    import numpy
    import twin
except ImportError:
    numpy = twin = None


def run(script, files):
    """(exit status, what was printed) of the script on a repository that holds `files`, path -> text."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "tests").mkdir()
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        done = subprocess.run([sys.executable, TESTS / script, root], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr


class Layers(unittest.TestCase):
    def check(self, status, source, included, said):
        """`source` includes `included`, which is written as it stands after #include."""
        target = included[1:-1]
        files = {source: f"#include {included}\n", "tensor/a.h": "", target: ""}
        files.setdefault("tensor/b.cpp", '#include "tensor/a.h"\n')
        got, printed = run("layers.py", files)
        self.assertEqual(got, status, printed)
        self.assertIn(said, printed)

    def test_allowed(self):
        self.check(0, "autograd/a.cpp", '"tensor/c.h"', "2 includes checked, 0 violations")
        self.check(0, "backends/cpu/a.cpp", '"backends/host/c.h"', "0 violations")
        self.check(0, "hyper/demos/a.cpp", '"hyper/demos/harness/png.h"', "0 violations")
        self.check(0, "datasets/fetch/main.cpp", '"tensor/program/command_line.h"', "0 violations")

    def test_a_layer_above(self):
        self.check(1, "tensor/c.cpp", '"autograd/c.h"', "tensor/c.cpp:1: #include \"autograd/c.h\": tensor may include")
        self.check(1, "tensor/c.cpp", "<nn/c.h>", "tensor may include only tensor")

    def test_another_backend(self):
        self.check(1, "backends/cpu/a.cpp", '"backends/reference/c.h"', "a backend may include only its own folder")

    def test_graphics_cards(self):
        self.check(0, "backends/cuda/a.cpp", '"backends/gpu/c.h"', "0 violations")
        self.check(0, "backends/gpu/gpu.h", '"backends/emulator/language.h"', "0 violations")
        self.check(1, "backends/gpu/a.cu", '"backends/emulator/language.h"', "a backend may include only its own folder")
        self.check(1, "backends/gpu/gpu.h", '"backends/cuda/runtime.h"', "a backend may include only its own folder")
        self.check(1, "backends/cpu/a.cpp", '"backends/gpu/c.h"', "a backend may include only its own folder")

    def test_programs(self):
        self.check(1, "hyper/a.cpp", '"hyper/demos/harness/png.h"', "only programs may include")
        self.check(1, "autograd/a.cpp", '"tensor/program/command_line.h"', "only programs may include")
        self.check(1, "datasets/a.cpp", '"datasets/fetch/sha256.h"', "only programs may include")
        self.check(1, "hyper/a.cpp", "<hyper/convert/c.h>", "only programs may include")

    def test_tests_and_benchmarks(self):
        for included in ['"tests/x.h"', "<tests/x.h>", '"bench/case.h"', "<bench/case.h>"]:
            self.check(1, "tensor/c.cpp", included, "tensor may include only tensor")

    def test_a_file_that_is_not_there(self):
        status, printed = run("layers.py", {"tensor/b.cpp": '#include "a.h"\n'})
        self.assertEqual(status, 1, printed)
        status, printed = run("layers.py", {"tensor/b.cpp": '#include "tensor/a.h"\n'})
        self.assertEqual(status, 1, printed)
        self.assertIn("no such file", printed)

    def test_nothing_to_check(self):
        self.assertEqual(run("layers.py", {"tensor/b.cpp": "int a;\n"})[0], 1)


class Kernels(unittest.TestCase):
    def check(self, status, line, said):
        got, printed = run("kernels.py", {"backends/gpu/a.cu": f"void f() {{\n  {line}\n}}\n"})
        self.assertEqual(got, status, printed)
        self.assertIn(said, printed)

    def test_the_language(self):
        self.check(0, "launch(kernel, grid, kBlock, 0, x);  // not kernel<<<grid, kBlock>>>(x)", "1 files checked, 0")

    def test_what_only_nvcc_knows(self):
        self.check(1, "kernel<<<grid, block>>>(x);", "backends/gpu/a.cu:2: '<<<' is not of the kernel language; write launch")
        self.check(1, "__shared__ float tile[32];", "write WEFT_SHARED")
        self.check(1, "cudaMalloc (&x, 4);", "'cudaMalloc ('")
        self.check(1, "#ifdef __CUDA_ARCH__", "both compilers")

    def test_nothing_to_check(self):
        self.assertEqual(run("kernels.py", {"backends/cpu/a.cpp": "int a;\n"})[0], 1)


def anonymous(text):
    return f"namespace weft {{\nnamespace {{\n\n{text}\n\n}}  // namespace\n}}  // namespace weft\n"


class Names(unittest.TestCase):
    def check(self, status, files, said):
        got, printed = run("names.py", files)
        self.assertEqual(got, status, printed)
        self.assertIn(said, printed)

    def test_one_of_each(self):
        files = {"tensor/a.cpp": anonymous("int one() { return 1; }"), "tensor/b.cpp": anonymous("int two = 2;"),
                 "nn/a.cpp": anonymous("int one() { return 1; }")}
        self.check(0, files, "names: 3 checked, 0 violations")

    def test_twice_in_a_layer(self):
        for text in ["int one() { return 1; }", "constexpr int one = 1;", "struct one {\n};", "enum class one { a };"]:
            self.check(1, {"tensor/a.cpp": anonymous(text), "tensor/b.cpp": anonymous(text)},
                       "tensor: 'one' is defined in tensor/a.cpp:4, tensor/b.cpp:4")

    def test_twice_in_a_test_program(self):
        text = anonymous("int one() { return 1; }")
        self.check(1, {"tests/nn/a.cpp": text, "tests/nn/b.cpp": text}, "tests/nn: 'one'")
        self.check(0, {"tests/nn/a.cpp": text, "tests/hyper/b.cpp": text}, "0 violations")

    def test_nothing_to_check(self):
        self.check(1, {"tensor/a.cpp": "int one;\n"}, "names: 0 checked")


class Rows(unittest.TestCase):
    def check(self, status, source, rows, said):
        got, printed = run("rows.py", {"autograd/a.cpp": source, "tests/op_table/rows_a.cpp": rows})
        self.assertEqual(got, status, printed)
        self.assertIn(said, printed)

    def test_a_row(self):
        source = 'record("abs", {x});\nrecord(\n    "exp", {x});\n'
        self.check(0, source, 'row("abs"), row("exp of large")', "rows: 2 functions")
        self.check(0, 'record("checkpoint", {x});\n', "", "0 violations")

    def test_no_row(self):
        source = '\nrecord("abs", {x});\n'
        self.check(1, source, 'row("absolute"), row("exp abs")', "autograd/a.cpp:2: 'abs' is recorded")

    def test_no_row_by_a_helper(self):
        source = 'V flat(std::string_view op, V x) { return record(op, {x}); }\nV f(V x) { return flat("floor", x); }\n'
        self.check(0, source, 'row("floor")', "rows: 1 functions")
        self.check(1, source, 'row("ceil")', "'floor' is recorded")

    def test_nothing_to_check(self):
        self.check(1, "int one;\n", 'row("abs")', "rows: 0 functions")


class Messages(unittest.TestCase):
    SOURCE = ('void f(int n) {\n  if (n < 1) fail("op", "batch_size {} is not positive; hint: "\n'
              '                      "use {} or more", n, 1);\n'
              '  if (n > 9) fail("op", "batch_size {} is too large", n);\n}\n')

    def check(self, status, literals, said):
        test = "".join(f"CHECK_FAILS(f(0), {literal});\n" for literal in literals)
        got, printed = run("messages.py", {"tensor/a.cpp": self.SOURCE, "tests/tensor/a.cpp": test})
        self.assertEqual(got, status, printed)
        self.assertIn(said, printed)

    def test_read(self):
        self.check(0, ['"batch_size 0 is not positive"', '"op: batch_size 10 is too large"'], "2 places")
        self.check(0, ['"hint: use 1 or"\n  " more"', '"is too large"'], "0 unread")

    def test_unread(self):
        self.check(1, ['"is too large"'], "tensor/a.cpp:2: no test reads 'batch_size {} is not positive; hint: use {} or more'")
        self.check(1, ['"batch_size 0 is not positive"'], "tensor/a.cpp:4: no test reads")

    def test_other_words(self):
        self.check(1, ['"batch_size"', '"is not negative"'], "2 unread")
        self.check(1, ['"batch_size 0 is too small"', '"is too large"'], "1 unread")

    def test_nothing_to_check(self):
        self.assertEqual(run("messages.py", {})[0], 1)

    def test_an_excuse_that_nothing_needs(self):
        place, words, _ = messages.ELSEWHERE[0]
        said = "void f() { fail(\"op\", \"batch_size is too large\"); }\n"
        got, printed = run("messages.py", {place: said, "tests/a.cpp": 'CHECK_FAILS(f(), "batch_size is too large");\n'})
        self.assertEqual(got, 1, printed)
        self.assertIn(f"{place}: '{words}' needs no excuse any more", printed)


class Mutate(unittest.TestCase):
    def verdicts(self, given, count):
        """The totals of mutants with these verdicts, judged until `count` compiled."""
        source = "autograd/view.cpp"
        mutants = [(source, mutate.Mutant("negated", i, i + 1, "-")) for i in range(len(given))]
        with contextlib.redirect_stdout(io.StringIO()):
            return mutate.judged(mutants, count, lambda _, mutant: (given[mutant.start], ""))

    def test_what_does_not_compile_is_not_counted(self):
        totals = self.verdicts(["not compiled", "killed", "not compiled", "survived", "killed", "killed"], 3)
        self.assertEqual(totals, {"killed": 2, "survived": 1, "not compiled": 2})

    def test_share(self):
        status, line = mutate.summary(self.verdicts(["killed"] * 19 + ["survived"], 20))
        self.assertEqual(line, "19 killed, 1 survived, 0 not compiled: 95.0 % killed of 20 that compiled")
        self.assertEqual(status, 0)
        self.assertEqual(mutate.summary(self.verdicts(["killed"] * 18 + ["survived"], 19))[0], 1)
        self.assertEqual(mutate.summary(self.verdicts(["not compiled"], 5))[0], 1)


class MutateKernels(unittest.TestCase):
    def test_every_launch_tells_where_it_stands(self):
        text = "void f() {\n  launch(a, 1);\n  if (x) return launch(b, 2);\n  relaunch(c);\n}\n"
        told = mutate_kernels.marked("f.cu", text)
        self.assertEqual(told.count('std::fputs("launched f.cu\\n", stderr), launch('), 2)
        self.assertIn("\n  relaunch(c);", told)

    def test_where_a_source_is_launched(self):
        files = {"rule.h": ("", ""), "run.h": ("rule.h", "  launch(f);"), "a.cu": ("run.h", ""),
                 "b.cu": ("rule.h", "  launch(g);"), "part.h": ("", ""),
                 "c.cu": ("part.h", '#include "backends/gpu/run.h"')}
        with tempfile.TemporaryDirectory() as folder:
            kernels = pathlib.Path(folder) / "backends/gpu"
            kernels.mkdir(parents=True)
            for name, (included, text) in files.items():
                (kernels / name).write_text(f'#include "backends/gpu/{included}"\n{text}\n')
            places = lambda name: mutate_kernels.launching(pathlib.Path(folder), f"backends/gpu/{name}")
            self.assertEqual(places("rule.h"), ["backends/gpu/b.cu", "backends/gpu/run.h"])
            self.assertEqual(places("run.h"), ["backends/gpu/run.h"])
            self.assertEqual(places("a.cu"), ["backends/gpu/run.h"])
            self.assertEqual(places("part.h"), ["backends/gpu/run.h"])


class Compare(unittest.TestCase):
    def contestant(self, program):
        return compare.Contestant("A twin", [sys.executable, "-c", program], os.sched_getaffinity(0), None)

    def test_one_that_dies_is_an_error_and_can_be_ended(self):
        dying = self.contestant("import sys; sys.exit(3)")
        dying.process.wait()
        with self.assertRaisesRegex(RuntimeError, "A twin ended with status 3"):
            dying.seconds(1)
        dying.end()

    def test_one_that_computes_something_else_is_an_error(self):
        wrong = self.contestant("""print('{"error": "the loss is 2"}', flush=True)""")
        with self.assertRaisesRegex(RuntimeError, "A twin is not timed: the loss is 2"):
            wrong.read()
        wrong.end()

    def test_a_case_that_fails_leaves_no_process_and_the_others_go_on(self):
        with tempfile.TemporaryDirectory() as folder:
            bench = pathlib.Path(folder) / "weft-bench"
            bench.write_text("#!/bin/sh\nexit 4\n")
            bench.chmod(0o755)
            done = subprocess.run([sys.executable, TESTS.parent / "bench/peers/compare.py", "--bench", bench,
                                   "--threads", "1", "--cases", *list(compare.CASES)[:2]], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stderr.count("Weft ended with status 4"), 2, done.stderr)


@unittest.skipUnless(numpy, "needs numpy")
class Twin(unittest.TestCase):
    def test_what_differs_is_named(self):
        ours = {"loss": numpy.float32(2), "gradient.w": numpy.array([[1, -4]], numpy.float32)}
        same = {"w": numpy.array([[1.001, -4]], numpy.float32)}
        self.assertIsNone(twin.difference(ours, 2.0001, same))
        self.assertIn("the loss is 2.1, Weft's 2.0", twin.difference(ours, 2.1, same))
        self.assertIn("the loss is nan", twin.difference(ours, float("nan"), same))
        self.assertIn("has shape (2,)", twin.difference(ours, 2, {"w": same["w"][0]}))
        for wrong in 1.01, float("nan"):
            self.assertIn("the gradient of w differs", twin.difference(ours, 2, {"w": numpy.array([[wrong, -4]])}))
        with self.assertRaises(KeyError):
            twin.difference(ours, 2, {})

    def test_reads_safetensors(self):
        header = json.dumps({"__metadata__": {}, "a": {"dtype": "F32", "shape": [1, 2], "data_offsets": [8, 16]},
                             "b": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]}}).encode()
        data = numpy.array([7], numpy.int64).tobytes() + numpy.array([1.5, -2], numpy.float32).tobytes()
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "x.safetensors"
            path.write_bytes(len(header).to_bytes(8, "little") + header + data)
            arrays = twin.read_safetensors(path)
        self.assertEqual(arrays["b"].tolist(), [7])
        self.assertEqual(arrays["a"].tolist(), [[1.5, -2]])


class Files(unittest.TestCase):
    def test_what_begins_with_an_interpreter_can_be_executed(self):
        scripts = [path for path in TESTS.rglob("*.py") if path.read_text(encoding="utf-8").startswith("#!")]
        self.assertGreater(len(scripts), 10)
        self.assertEqual([path for path in scripts if not os.access(path, os.X_OK)], [])

    def test_every_json_fixture_says_what_made_it(self):
        fixtures = list((TESTS / "fixtures").glob("*.json"))
        self.assertGreater(len(fixtures), 4)
        self.assertEqual([path for path in fixtures if "made_by" not in json.loads(path.read_text())], [])


if __name__ == "__main__":
    unittest.main()
