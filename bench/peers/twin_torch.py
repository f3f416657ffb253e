#!/usr/bin/env python3
# bench/peers/twin_torch.py: Weft's training steps written in PyTorch, as fast as we know how
"""Usage: twin_torch.py CASE FILE [--compiled | --channels-last]. What was tried beside stands in bench/README.md.

Cells are functions of one step. Products of the input are made for all steps at once; steps are taken apart by unbind,
whose derivative is one stack, where slices would each add into a whole gradient. --compiled hands the cell to
torch.compile, which fuses its element-wise chains. --channels-last is the layout of convolutions."""

import argparse
import re

import torch
import torch.nn.functional as F

import twin

EPS, FORGET_BIAS = 1e-3, 1.0


def update(y, c, norm_gates, norm_c):
    """y [4, n, hidden]: sums of the gates i, f, g, o. Returns (h', c')."""
    y = torch.addcmul(norm_gates[1], F.layer_norm(y, y.shape[-1:], eps=EPS), norm_gates[0])
    i, f, g, o = y.unbind(0)
    c = torch.sigmoid(f + FORGET_BIAS) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(F.layer_norm(c, c.shape[-1:], *norm_c, EPS)), c


def gates_first(y):
    """[n, 4 hidden] -> [4, n, hidden], a view."""
    return y.view(y.shape[0], 4, -1).transpose(0, 1)


def layer_norm_lstm_cell(x, h, c, weight_hh, norm_gates, norm_c):
    return update(gates_first(torch.addmm(x, h, weight_hh)), c, norm_gates, norm_c)


def hyper_lstm_cell(x, hyper_x, h, c, hyper_h, hyper_c, w):
    """x [4, n, hidden] is W_ih x, hyper_x [n, 4 hyper] what the hyper cell makes of x."""
    by_h, hyper_by_h = (h @ w["both_h"]).split((4 * h.shape[1], hyper_x.shape[1]), 1)
    hyper_sums = torch.addmm(hyper_x, hyper_h, w["hyper_hh"]) + hyper_by_h
    hyper_h, hyper_c = update(gates_first(hyper_sums), hyper_c, w["hyper_norm_gates"], w["hyper_norm_c"])
    z = torch.addmm(w["embed_bias"], hyper_h, w["embed"])
    z = z.view(z.shape[0], 3, 4, -1).permute(1, 2, 0, 3)
    d_h, d_x = torch.bmm(z[0], w["scale_h"]), torch.bmm(z[1], w["scale_x"])
    d_b = torch.baddbmm(w["bias"], z[2], w["scale_b"])
    h, c = update(d_h * gates_first(by_h) + d_x * x + d_b, c, w["norm_gates"], w["norm_c"])
    return h, c, hyper_h, hyper_c


def norms(p, prefix, suffix):
    gates = (p[f"{prefix}norm_gates_weight{suffix}"].unsqueeze(1), p[f"{prefix}norm_gates_bias{suffix}"].unsqueeze(1))
    return gates, (p[f"{prefix}norm_c_weight{suffix}"], p[f"{prefix}norm_c_bias{suffix}"])


def layer_norm_lstm(p, x, cell):
    norm_gates, norm_c = norms(p, "", "_l0")
    h = c = x.new_zeros(x.shape[0], p["weight_hh_l0"].shape[1])
    projected = F.linear(x.transpose(0, 1), p["weight_ih_l0"], p["bias_l0"])
    weight_hh, outputs = p["weight_hh_l0"].t(), []
    for step in projected.unbind(0):
        h, c = cell(step, h, c, weight_hh, norm_gates, norm_c)
        outputs.append(h)
    return torch.stack(outputs, 1)


def hyper_lstm(p, x, cell):
    hidden, hyper = p["weight_hh_l0"].shape[1], p["hyper_l0.weight_hh"].shape[1]
    w = {"both_h": torch.cat([p["weight_hh_l0"], p["hyper_weight_h_l0"]]).t(), "hyper_hh": p["hyper_l0.weight_hh"].t(),
         "bias": p["bias_l0"].view(4, 1, hidden)}
    w["norm_gates"], w["norm_c"] = norms(p, "", "_l0")
    w["hyper_norm_gates"], w["hyper_norm_c"] = norms(p, "hyper_l0.", "")
    w["embed"] = p["embeddings_l0.weight"].flatten(0, 2).t()
    biases = p["embeddings_l0.bias"].flatten()
    w["embed_bias"] = F.pad(biases, (0, biases.numel() // 2))
    w["scale_h"], w["scale_x"], w["scale_b"] = p["scale_weight_l0"].transpose(2, 3).unbind(0)
    by_time = x.transpose(0, 1)
    projected = F.linear(by_time, p["weight_ih_l0"]).unflatten(2, (4, hidden)).transpose(1, 2).contiguous()
    hyper_projected = F.linear(by_time, p["hyper_l0.weight_ih"], p["hyper_l0.bias"])
    h = c = x.new_zeros(x.shape[0], hidden)
    hyper_h = hyper_c = x.new_zeros(x.shape[0], hyper)
    outputs = []
    for step, hyper_step in zip(projected.unbind(0), hyper_projected.unbind(0)):
        h, c, hyper_h, hyper_c = cell(step, hyper_step, h, c, hyper_h, hyper_c, w)
        outputs.append(h)
    return torch.stack(outputs, 1)


def recurrent_step(name, parameters, inputs, compiled):
    """Half the mean square of the outputs, and its gradients."""
    if name == "lstm_256":
        hidden, size = parameters["weight_hh_l0"].shape[1], inputs["x"].shape[2]
        layer = torch.nn.LSTM(size, hidden, batch_first=True)
        layer.load_state_dict(parameters)
        parameters.update(layer.named_parameters())
        outputs = lambda: layer(inputs["x"])[0]
    else:
        sequence, cell = {"layer_norm_lstm_256": (layer_norm_lstm, layer_norm_lstm_cell),
                          "hyper_lstm_256": (hyper_lstm, hyper_lstm_cell)}[name]
        if compiled:
            cell = torch.compile(cell, dynamic=False)
        outputs = lambda: sequence(parameters, inputs["x"], cell)

    def step():
        for parameter in parameters.values():
            parameter.grad = None
        loss = outputs().square().mean() * 0.5
        loss.backward()
        return loss.detach(), lambda: {name: p.grad.numpy() for name, p in parameters.items()}

    return step


def second_kernel(p, layout):
    """One tile of the generator of hyper/kernel_generator.h, or the learnt kernel."""
    if "conv2.weight" in p:
        return p["conv2.weight"]
    n_in, d, n_z = p["generator.w_in"].shape
    f = p["generator.w_out"].shape[0]
    a = F.linear(p["conv2.embedding"], p["generator.w_in"].view(n_in * d, n_z), p["generator.b_in"].flatten())
    k = F.linear(a.view(n_in, d), p["generator.w_out"].flatten(0, 1), p["generator.b_out"].flatten())
    kernel = k.view(n_in, f, -1, f).permute(2, 0, 1, 3)
    return kernel.contiguous(memory_format=layout)


def cnn_step(parameters, inputs, layout):
    """The network of hyper/models/mnist_cnn.h: cross entropy, its gradients, Adam."""
    images = inputs["images"].contiguous(memory_format=layout)
    for parameter in parameters.values():
        if parameter.dim() == 4:
            parameter.data = parameter.data.contiguous(memory_format=layout)
    adam = torch.optim.Adam(parameters.values(), fused=True)

    def step():
        adam.zero_grad(set_to_none=True)
        p = parameters
        y = F.max_pool2d(F.relu(F.conv2d(images, p["conv1.weight"], p["conv1.bias"], padding=3)), 2)
        y = F.max_pool2d(F.relu(F.conv2d(y, second_kernel(p, layout), p["conv2.bias"], padding=3)), 2)
        loss = F.cross_entropy(F.linear(y.flatten(1), p["classifier.weight"], p["classifier.bias"]), inputs["labels"])
        loss.backward()
        adam.step()
        return loss.detach(), lambda: {name: p.grad.numpy() for name, p in parameters.items()}

    return step


def about(remarks):
    libraries = re.findall(r"(?:oneAPI Math Kernel Library|MKL-DNN|oneDNN)[^\n(]*", torch.__config__.show())
    return ", ".join([f"PyTorch {torch.__version__}", *(text.strip() for text in libraries),
                      f"{torch.get_num_threads()} threads", *remarks])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("case")
    parser.add_argument("file")
    parser.add_argument("--compiled", action="store_true")
    parser.add_argument("--channels-last", action="store_true")
    options = parser.parse_args()
    arrays = twin.read_safetensors(options.file)
    inputs = {name: torch.from_numpy(array) for name, array in twin.part(arrays, "input").items()}
    parameters = {name: torch.from_numpy(a).requires_grad_() for name, a in twin.part(arrays, "weight").items()}
    family, name = options.case.split("/")
    if family == "recurrent_step":
        step = recurrent_step(name, parameters, inputs, options.compiled)
    else:
        step = cnn_step(parameters, inputs, torch.channels_last if options.channels_last else torch.contiguous_format)
    remarks = {"torch.compile of the cell": options.compiled, "channels last": options.channels_last}
    twin.serve(arrays, step, about([remark for remark, given in remarks.items() if given]))


if __name__ == "__main__":
    main()
