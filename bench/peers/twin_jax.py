#!/usr/bin/env python3
# bench/peers/twin_jax.py: Weft's recurrent training steps written in JAX: one jit of the whole step, scan over time
"""Usage: twin_jax.py CASE FILE. The settings stand in bench/README.md."""

import sys

import jax
import jax.numpy as jnp
import numpy

import twin

EPS, FORGET_BIAS = 1e-3, 1.0


def layer_norm(x, weight, bias):
    centred = x - x.mean(-1, keepdims=True)
    return centred * jax.lax.rsqrt((centred * centred).mean(-1, keepdims=True) + EPS) * weight + bias


def gates(y):
    """[n, 4 hidden] -> [n, 4, hidden]"""
    return y.reshape(y.shape[0], 4, -1)


def update(p, name, y, c):
    """y [n, 4, hidden]: sums of the gates i, f, g, o; name("norm_c_bias") is a parameter's. Returns (h', c')."""
    y = layer_norm(y, p[name("norm_gates_weight")], p[name("norm_gates_bias")])
    i, f, g, o = (y[:, k] for k in range(4))
    c = jax.nn.sigmoid(f + FORGET_BIAS) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    return jax.nn.sigmoid(o) * jnp.tanh(layer_norm(c, p[name("norm_c_weight")], p[name("norm_c_bias")])), c


def zeros(x, *sizes):
    return tuple(jnp.zeros((x.shape[0], size), x.dtype) for size in sizes)


def lstm(p, x):
    hidden = p["weight_hh_l0"].shape[1]

    def step(state, projected):
        h, c = state
        i, f, g, o = jnp.split(projected + h @ p["weight_hh_l0"].T, 4, -1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    projected = x.swapaxes(0, 1) @ p["weight_ih_l0"].T + (p["bias_ih_l0"] + p["bias_hh_l0"])
    return jax.lax.scan(step, zeros(x, hidden, hidden), projected)[1]


def layer_norm_lstm(p, x):
    hidden = p["weight_hh_l0"].shape[1]

    def step(state, projected):
        h, c = update(p, "{}_l0".format, gates(projected + state[0] @ p["weight_hh_l0"].T), state[1])
        return (h, c), h

    projected = x.swapaxes(0, 1) @ p["weight_ih_l0"].T + p["bias_l0"]
    return jax.lax.scan(step, zeros(x, hidden, hidden), projected)[1]


def hyper_lstm(p, x):
    hidden, hyper = p["weight_hh_l0"].shape[1], p["hyper_l0.weight_hh"].shape[1]
    both_h = jnp.concatenate([p["weight_hh_l0"], p["hyper_weight_h_l0"]]).T
    embed = p["embeddings_l0.weight"]
    size = embed.shape[2]
    embed_bias = jnp.pad(p["embeddings_l0.bias"].reshape(-1), (0, 4 * size))
    embed = embed.reshape(12 * size, hyper).T
    scale_weight = p["scale_weight_l0"]

    def step(state, projected):
        x_step, hyper_x = projected
        h, c, hyper_h, hyper_c = state
        by_h, hyper_by_h = jnp.split(h @ both_h, [4 * hidden], -1)
        sums = hyper_x + hyper_by_h + hyper_h @ p["hyper_l0.weight_hh"].T
        hyper_h, hyper_c = update(p, "hyper_l0.{}".format, gates(sums), hyper_c)
        z = (hyper_h @ embed + embed_bias).reshape(-1, 3, 4, size)
        # Written as sums over the few numbers of an embedding, which fuse; an einsum is a third slower.
        d = sum(z[..., k, None] * scale_weight[..., k] for k in range(size))
        y = d[:, 0] * gates(by_h) + d[:, 1] * gates(x_step) + d[:, 2] + p["bias_l0"].reshape(4, hidden)
        h, c = update(p, "{}_l0".format, y, c)
        return (h, c, hyper_h, hyper_c), h

    by_time = x.swapaxes(0, 1)
    projected = (by_time @ p["weight_ih_l0"].T, by_time @ p["hyper_l0.weight_ih"].T + p["hyper_l0.bias"])
    return jax.lax.scan(step, zeros(x, hidden, hidden, hyper, hyper), projected)[1]


SEQUENCES = {"recurrent_step/lstm_256": lstm, "recurrent_step/layer_norm_lstm_256": layer_norm_lstm,
             "recurrent_step/hyper_lstm_256": hyper_lstm}


def main():
    case, file = sys.argv[1:]
    arrays = twin.read_safetensors(file)
    parameters = jax.tree.map(jnp.asarray, twin.part(arrays, "weight"))
    x = jnp.asarray(arrays["input.x"])
    sequence = SEQUENCES[case]
    train = jax.jit(jax.value_and_grad(lambda p, x: 0.5 * jnp.mean(jnp.square(sequence(p, x)))))

    def step():
        loss, gradients = jax.block_until_ready(train(parameters, x))
        return loss, lambda: {name: numpy.asarray(gradient) for name, gradient in gradients.items()}

    twin.serve(arrays, step, f"JAX {jax.__version__}, jaxlib {jax.lib.__version__}, numpy {numpy.__version__}")


if __name__ == "__main__":
    main()
