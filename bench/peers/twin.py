# bench/peers/twin.py: what every twin of a training step is: checked against Weft's file, then run by request
"""A twin reads the file that `weft-bench serve` wrote: "weight.NAME" and "input.NAME" it starts from, "loss" and
"gradient.NAME" of Weft's first step. Its own first step has to give the same, or nothing is ever timed. From then on it
speaks as weft-bench serve does: a number of runs on a line of stdin, {"seconds": ...} on a line of stdout."""

import json
import struct
import sys
import time

import numpy

LOSS_RTOL = 1e-4
GRADIENT_TOLERANCE = 1e-3  # of the largest element of that gradient: sums run in another order


def read_safetensors(path):
    """name -> array, of a file with float32 and int64 tensors."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    types = {"F32": numpy.float32, "I64": numpy.int64}
    arrays = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            arrays[name] = numpy.frombuffer(data[begin:end], types[entry["dtype"]]).reshape(entry["shape"]).copy()
    return arrays


def part(arrays, kind):
    """The arrays named "kind.NAME", by NAME."""
    return {name[len(kind) + 1:]: array for name, array in arrays.items() if name.startswith(kind + ".")}


def difference(arrays, loss, gradients):
    """What a twin's first step has other than Weft's; None when they agree."""
    expected = float(arrays["loss"])
    if not abs(loss - expected) <= LOSS_RTOL * abs(expected):
        return f"the loss is {loss!r}, Weft's {expected!r}"
    for name, weft in part(arrays, "gradient").items():
        if gradients[name].shape != weft.shape:
            return f"the gradient of {name} has shape {gradients[name].shape}, Weft's {weft.shape}"
        largest, error = abs(weft).max(), abs(gradients[name] - weft).max()
        if not error <= GRADIENT_TOLERANCE * largest:
            return f"the gradient of {name} differs by {error!r}, its largest element is {largest!r}"
    return None


def answer(line):
    print(json.dumps(line), flush=True)


def serve(arrays, step, about):
    """step() trains once, waits until that is done, and returns (loss, function that gives name -> gradient)."""
    loss, gradients = step()
    wrong = difference(arrays, float(loss), gradients())
    if wrong:
        answer({"error": wrong})
        sys.exit(1)
    del arrays, gradients
    answer({"about": about})
    for line in sys.stdin:
        runs = int(line)
        start = time.perf_counter()
        for _ in range(runs):
            step()
        answer({"seconds": time.perf_counter() - start})
