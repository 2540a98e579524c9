"""Writes the checkpoints of test/fixtures/checkpoints by torch.save, and what must be read from them.

Each is written in both formats (the ZIP of torch 1.6 and later, the stream before it); expected.json has the types,
shapes and values as PyTorch has them. Run in the root of the repository, with Debian's python3-torch 1.13:

    /usr/bin/python3 test/referee/checkpoints.py
"""

import collections
import json
import os

import numpy
import torch

FOLDER = 'test/fixtures/checkpoints'
TYPES = {
    torch.float64: 'F64', torch.float32: 'F32', torch.float16: 'F16', torch.bfloat16: 'BF16', torch.int64: 'I64',
    torch.int32: 'I32', torch.int16: 'I16', torch.int8: 'I8', torch.uint8: 'U8', torch.bool: 'BOOL',
}


def network():
    """A network whose state_dict() has `_metadata` and a counter that is no float."""
    return torch.nn.Sequential(torch.nn.Conv2d(1, 2, (3, 2)), torch.nn.BatchNorm2d(2), torch.nn.Linear(3, 2))


def package():
    """What the training script of deepspeech.pytorch saves: the state dictionary of a DataParallel among its facts."""
    wrapped = torch.nn.Module()
    wrapped.module = network()
    optimizer = torch.optim.SGD(wrapped.parameters(), lr=3e-4, momentum=0.9, nesterov=True)
    wrapped.module[2](torch.ones(1, 3)).sum().backward()
    optimizer.step()
    return {
        'version': '0.0.1', 'hidden_size': 3, 'hidden_layers': 1, 'rnn_type': 'gru', 'bias': True, 'meta': None,
        'audio_conf': {'sample_rate': 16000, 'window_size': 0.02, 'window': 'hamming'}, 'labels': "_'AB ",
        'state_dict': wrapped.state_dict(), 'optim_dict': optimizer.state_dict(), 'epoch': 4, 'learning': 3e-4,
        'loss_results': torch.arange(4.0), 'best': numpy.float64(0.25), 'steps': numpy.int64(123456789012),
        'node': 0x9c5a3d0b0e11, 'wide': 2**70,
    }


def types():
    """A tensor of each type; their values are exact in float32."""
    values = torch.tensor([[0.0, 1.0, 2.0], [3.0, 100.0, 7.0]])
    return collections.OrderedDict(
        [(TYPES[dtype], values.to(dtype)) for dtype in TYPES]
        + [('negative', torch.tensor([-1, -2], dtype=torch.int64)), ('scalar', torch.tensor(2.5)),
           ('fractions', torch.tensor([0.1, -3.75, 6e-5, 65504.0]).half()),
           ('empty', torch.zeros(0, 3))])


def views():
    """Tensors that share storages or take them in another order, and parameters."""
    base = torch.arange(60.0).reshape(3, 4, 5)
    wide = (torch.arange(20000) % 251).to(torch.uint8).reshape(4, 5000)
    return {
        'base': base, 'same': base, 'transposed': base.permute(2, 0, 1), 'stepped': base[1:, ::2, 3:],
        'column': wide[:, 4321], 'corner': wide[1:3, 2:4], 'expanded': torch.tensor([[1.0], [2.0]]).expand(2, 3),
        'parameter': torch.nn.Parameter(torch.tensor([0.5, 1.5])), 'tail': base.flatten()[55:],
        'frozen': torch.nn.Parameter(base[0], requires_grad=False), 'size': base.shape,
    }


def expected(state):
    """Types, shapes and values by name."""
    return {
        name: {'type': TYPES[tensor.dtype], 'shape': list(tensor.shape), 'values': tensor.detach().double().flatten().tolist()}
        for name, tensor in state.items() if isinstance(tensor, torch.Tensor)
    }


def scalars(root):
    """Scalars that JavaScript has exactly."""
    plain = {key: value.item() if isinstance(value, numpy.generic) else value for key, value in root.items()}
    return {key: value for key, value in plain.items() if isinstance(value, (str, int, float)) and value != 2**70}


def main():
    """Writes everything."""
    torch.manual_seed(20261121)
    os.makedirs(FOLDER, exist_ok=True)
    roots = {'network': network().state_dict(), 'package': package(), 'types': types(), 'views': views()}
    report = {}
    for name, root in roots.items():
        state = root.get('state_dict', root)
        report[name] = {'metadata': scalars(root) if 'state_dict' in root else {}, 'tensors': expected(state)}
        torch.save(root, f'{FOLDER}/{name}.zip.pth')
        torch.save(root, f'{FOLDER}/{name}.legacy.pth', _use_new_zipfile_serialization=False)
    torch.save(roots['package'], f'{FOLDER}/package.protocol4.pth', pickle_protocol=4)
    with open(f'{FOLDER}/expected.json', 'w', encoding='utf-8') as file:
        json.dump(report, file)


if __name__ == '__main__':
    main()
