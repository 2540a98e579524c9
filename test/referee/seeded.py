"""Random weights that TypeScript and NumPy make alike: a checkpoint of any size out of a list of names and shapes.

The same numbers as test/support/seeded-checkpoint.ts, where the rule is written down. The golden that both agree on is
made here:

    /usr/bin/python3 test/referee/seeded.py > test/goldens/seeded.json
"""

import json
import math

import numpy as np

MASK = 0xFFFFFFFF


def key_of(name, seed):
    """FNV-1a, 32 bits, of the UTF-8 bytes of `seed/name`."""
    key = 0x811C9DC5
    for byte in f'{seed}/{name}'.encode():
        key = ((key ^ byte) * 0x01000193) & MASK
    return key


def uniform(name, count, seed):
    """`count` doubles in [-1, 1): a hash (MurmurHash3's finaliser) of the place and the name."""
    h = np.arange(count, dtype=np.uint32) + np.uint32(key_of(name, seed))
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return h / 2.0**31 - 1


def spread(name, shape):
    """What the values of a weight lie around, and how far: (centre, amplitude)."""
    last = name.split('.')[-1]
    if last == 'running_var':
        return 1, 0.5
    if last == 'running_mean':
        return 0, 0.1
    if last.startswith('bias'):
        return 0, 0.05
    if len(shape) < 2 or last in ('weight_g', 'original0'):
        return 1, 0.1
    amplitude = math.sqrt(3 / math.prod(shape[1:]))
    return 0, amplitude * (0.3 if name.split('.')[-2:-1] in (['out_proj'], ['output_dense']) else 1)


def seeded_values(name, count, centre=0, amplitude=1, seed=1):
    """float32 values in [centre - amplitude, centre + amplitude); also for audio and features."""
    return (centre + amplitude * uniform(name, count, seed)).astype(np.float32)


def seeded_tensor(name, shape, seed=1):
    """The values of one weight."""
    return seeded_values(name, math.prod(shape), *spread(name, shape), seed).reshape(shape)


def main():
    shapes = {
        'conv.0.weight': [2, 1, 3, 2],
        'conv.0.bias': [3],
        'conv.1.weight': [3],
        'conv.1.running_mean': [3],
        'conv.1.running_var': [3],
        'layers.0.attention.out_proj.weight': [2, 3],
        'rnns.0.rnn.weight_ih_l0': [3, 4],
        'rnns.0.rnn.bias_ih_l0': [3],
        'pos_conv_embed.conv.weight_g': [1, 1, 4],
        'pos_conv_embed.conv.parametrizations.weight.original0': [1, 1, 4],
        'pos_conv_embed.conv.parametrizations.weight.original1': [2, 2, 2],
    }
    tensors = [
        {'name': name, 'shape': shape, 'values': seeded_tensor(name, shape, 7).ravel().tolist()}
        for name, shape in shapes.items()
    ]
    print(json.dumps({'seed': 7, 'tensors': tensors, 'audio': seeded_values('audio', 8, 0, 0.5, 7).tolist()}, indent=1))


if __name__ == '__main__':
    main()
