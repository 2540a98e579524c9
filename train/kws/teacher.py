"""A published keyword network as the teacher: its float32 twin, run in PyTorch.

Made by `npx tsx train/kws/dump-teacher.ts`, which reads the published int8 file with the code the page uses.
Check: /usr/bin/python3 -m train.kws.teacher      (its accuracy on recorded clips of held-out training speakers)
"""
import json

import numpy as np
import torch
from torch.nn import functional

from .augment import render
from .bank import Bank
from .features import Mfcc
from .settings import CACHE, LABELS, MFCC


class Teacher:
    """Waves [batch, 16000] to logits [batch, 12], in the order of LABELS."""

    def __init__(self):
        description = json.loads((CACHE / 'teacher.json').read_text())
        values = torch.from_numpy(np.fromfile(CACHE / 'teacher.f32', dtype='<f4'))
        self.nodes, self.input, self.output = (description[key] for key in ('nodes', 'input', 'output'))
        self.constants = {name: values[row['first']:row['first'] + int(np.prod(row['shape']))].reshape(row['shape'])
                          for name, row in description['constants'].items()}
        self.front_end = Mfcc({key: description['mfcc'][key] for key in MFCC})
        self.order = [description['labels'].index(label) for label in LABELS]

    @torch.no_grad()
    def __call__(self, waves: torch.Tensor) -> torch.Tensor:
        values = {**self.constants, self.input: self.front_end(waves).flatten(1)}
        with torch.autocast('cpu', dtype=torch.bfloat16):
            for node in self.nodes:
                values[node['outputs'][0]] = run(node, [values[name] for name in node['inputs']])
        return values[self.output].float().flatten(1)[:, self.order]


def run(node: dict, inputs: list[torch.Tensor]) -> torch.Tensor:
    """One node of src/graph/graph.ts; the graph's batch of 1 is any batch here."""
    kind, attributes, x = node['op'], node['attributes'], inputs[0]
    if kind == 'Conv':
        top, left, bottom, right = attributes['pads']
        padded = functional.pad(x, (left, right, top, bottom)) if any(attributes['pads']) else x
        padded = padded.contiguous(memory_format=torch.channels_last)
        return functional.conv2d(padded, *inputs[1:], stride=attributes['strides'], groups=attributes['group'])
    if kind == 'AveragePool' and not any(attributes['pads']):
        return functional.avg_pool2d(x.float(), attributes['kernel'], attributes['strides'])
    if kind == 'Gemm':
        return functional.linear(x, *inputs[1:])
    if kind == 'Clip':
        return x.clamp(attributes['min'], attributes['max'])
    if kind == 'Reshape':
        return x.reshape(len(x), *attributes['shape'][1:])
    if kind == 'Transpose':
        return x.permute(attributes['permutation'])
    raise ValueError(f'got {kind} {attributes}, expected an op of the published keyword networks')


def main() -> None:
    bank, teacher = Bank(held_out=True), Teacher()
    for word, clips in zip(LABELS[2:], bank.keywords):
        waves = render(bank.samples, clips, torch.ones(len(clips)), torch.zeros(len(clips)))
        right = teacher(waves).argmax(1) == LABELS.index(word)
        print(f'{word:6} {len(clips):4} clips, recall {right.float().mean() * 100:5.1f} %')


if __name__ == '__main__':
    main()
