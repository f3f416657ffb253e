#!/usr/bin/env python3
# bench/peers/compare.py: Weft's training steps and their twins in PyTorch and JAX, taking turns in one go
"""All of a case are started, agree on loss and gradients, and stay alive; then each trains a little in turn, A B C
A B C, so that what disturbs the machine disturbs them all. One thread means one processor. Prints a Markdown table.

Exit status 1: a twin computes something else, or nothing at all; no time of that case is shown."""

import argparse
import contextlib
import json
import math
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TORCH, JAX = ["twin_torch.py"], ["twin_jax.py"]
RECURRENT = {"PyTorch": TORCH, "PyTorch compiled": [*TORCH, "--compiled"], "JAX": JAX}
CONVOLUTIONAL = {"PyTorch": TORCH, "PyTorch channels last": [*TORCH, "--channels-last"]}
CASES = {
    "recurrent_step/lstm_256": {"PyTorch": TORCH, "JAX": JAX},
    "recurrent_step/layer_norm_lstm_256": RECURRENT,
    "recurrent_step/hyper_lstm_256": RECURRENT,
    "training_step/cnn_128": CONVOLUTIONAL,
    "training_step/hyper_cnn_128": CONVOLUTIONAL,
}
# The system's allocator gives large blocks back at once, and every step would touch fresh pages: it keeps them for the
# peers, as Weft's own pool does for Weft.
KEEP_MEMORY = ("glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=68719476736:"
               "glibc.malloc.top_pad=67108864:glibc.malloc.arena_max=1")
SHORTEST_TURN = 0.25  # seconds
WARM_UP_RUNS = 3


class Contestant:
    """A process that trains when it is asked to."""

    def __init__(self, name, command, processors, environment):
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=environment, preexec_fn=lambda: os.sched_setaffinity(0, processors))
        self.runs, self.times = 1, []

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended with status {self.process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{self.name} is not timed: {answer['error']}")
        return answer

    def seconds(self, runs):
        """Of one run, when it makes `runs`."""
        try:
            self.process.stdin.write(f"{runs}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended: reading says how
        return self.read()["seconds"] / runs

    def warm_up(self):
        self.seconds(WARM_UP_RUNS)
        self.runs = max(1, math.ceil(SHORTEST_TURN / self.seconds(WARM_UP_RUNS)))

    def peak_memory(self):
        """In MiB: the most the process has held so far, its library included."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError(f"{self.name}: the system does not say how much memory it has held")

    def end(self):
        with contextlib.suppress(BrokenPipeError):  # it has ended already
            self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


def environments(threads):
    """(Weft's, the peers'): both without the variables that pin OpenBLAS to an older processor."""
    weft = {name: value for name, value in os.environ.items() if name not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    return weft, {**weft, "GLIBC_TUNABLES": KEEP_MEMORY, "OMP_NUM_THREADS": str(threads), "JAX_PLATFORMS": "cpu"}


def measure(case, peers, threads, options):
    """Contestants with their times, Weft first."""
    processors = sorted(os.sched_getaffinity(0))[:threads]
    for_weft, for_peers = environments(threads)
    contestants = []
    with tempfile.TemporaryDirectory() as folder:
        file = str(pathlib.Path(folder) / "case.safetensors")
        try:
            contestants.append(Contestant("Weft", [options.bench, "serve", case, file], processors, for_weft))
            abouts = {"Weft": contestants[0].read()["about"]}  # by now the file is there
            for name, (script, *words) in peers.items():
                command = [options.python, str(HERE / script), case, file, *words]
                contestants.append(Contestant(name, command, processors, for_peers))
            for contestant in contestants[1:]:
                abouts[contestant.name] = contestant.read()["about"]
            for contestant in contestants:
                contestant.warm_up()
            for _ in range(options.repetitions):
                for contestant in contestants:
                    contestant.times.append(1e3 * contestant.seconds(contestant.runs))
            return abouts, [(c.name, c.times, c.peak_memory()) for c in contestants]
        finally:
            for contestant in contestants:
                contestant.end()


def row(case, threads, name, times, memory, weft_median):
    low, median, high = statistics.quantiles(times, n=4)
    return (f"| {case} | {threads} | {name} | {median:.1f} | {min(times):.1f} | {low:.1f} to {high:.1f} | "
            f"{median / weft_median:.2f} | {memory:.0f} |")


def processor_name():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", default="build/bench/bench/weft-bench", help="the program weft-bench")
    parser.add_argument("--python", default=sys.executable, help="a Python with torch and jax")
    parser.add_argument("--threads", type=int, nargs="+", default=[2, 1])
    parser.add_argument("--repetitions", type=int, default=15, help="turns of each, 15 or more for a figure to rely on")
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES))
    options = parser.parse_args()
    usable = len(os.sched_getaffinity(0))
    if options.repetitions < 2 or not all(1 <= threads <= usable for threads in options.threads):
        parser.error(f"at least 2 repetitions, and 1 to {usable} threads here")
    print(f"{processor_name()}, {usable} processors, {platform.system()} {platform.release()}; "
          f"{options.repetitions} turns of at least {SHORTEST_TURN} s; ms a step; x: how many times Weft's median\n")
    print("| case | threads | who | median | fastest | quartiles | x | peak MiB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    abouts, failed = {}, False
    for threads in options.threads:
        for case in options.cases:
            try:
                about, results = measure(case, CASES[case], threads, options)
            except (RuntimeError, OSError) as error:
                print(f"{case}, {threads} threads: {error}", file=sys.stderr)
                failed = True
                continue
            abouts.update(about)
            for name, times, memory in results:
                print(row(case, threads, name, times, memory, statistics.median(results[0][1])), flush=True)
    print("\n" + "\n".join(f"- {name}: {about}" for name, about in abouts.items()))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
