"""Logits of DeepSpeech2 by PyTorch, with seeded weights: the goldens that the graph is compared with.

A module of its own, written from reference/frontends.md, sections 4 and 10; its state dictionary has the names of
MLPerf's. Writes test/goldens/deepspeech2/<size>-<input>.f32, [steps, 29] row-major, and index.json:

    /usr/bin/python3 test/referee/deepspeech2.py
"""

import json
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
from seeded import seeded_tensor, seeded_values
from torch import nn

FOLDER = Path(__file__).parent.parent / 'goldens' / 'deepspeech2'
BINS, LABELS, LAYERS = 161, 29, 3
PUBLISHED_HIDDEN_SIZE, PUBLISHED_PARAMETERS = 2560, 103_841_568
SEED = 6
# rows are chosen so that steps are no multiple of a chunk; two rows more than an odd number give no step more
SIZES = {'small': {'hidden_size': 24, 'rows': 96}, 'full': {'hidden_size': PUBLISHED_HIDDEN_SIZE, 'rows': 64}}
INPUTS = ('spectrogram', 'another')


class Recurrent(nn.Module):
    """One GRU over [steps, batch, inputs]."""

    def __init__(self, inputs, hidden_size):
        super().__init__()
        self.rnn = nn.GRU(inputs, hidden_size)

    def forward(self, x):
        """[steps, batch, hidden_size]"""
        return self.rnn(x)[0]


class StepByStep(nn.Module):
    """A module for [items, features] over [steps, batch, features]."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, x):
        """[steps, batch, …]"""
        steps, batch, features = x.shape
        return self.module(x.reshape(steps * batch, features)).reshape(steps, batch, -1)


class DeepSpeech2(nn.Module):
    """Spectrograms [batch, 1, 161, rows] to logits [steps, batch, 29]."""

    def __init__(self, hidden_size):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 32, (41, 11), stride=(2, 2)),
            nn.BatchNorm2d(32),
            nn.Hardtanh(0, 20),
            nn.Conv2d(32, 32, (21, 11), stride=(2, 1)),
            nn.BatchNorm2d(32),
            nn.Hardtanh(0, 20),
        )
        widths = [32 * 21] + [hidden_size] * LAYERS
        self.rnns = nn.Sequential(
            OrderedDict((str(layer), Recurrent(widths[layer], widths[layer + 1])) for layer in range(LAYERS))
        )
        classifier = nn.Sequential(nn.BatchNorm1d(hidden_size), nn.Linear(hidden_size, LABELS, bias=False))
        self.fc = nn.Sequential(StepByStep(classifier))

    def forward(self, spectrograms):
        """See the class."""
        maps = self.conv(spectrograms)
        batch, channels, bins, steps = maps.shape
        return self.fc(self.rnns(maps.reshape(batch, channels * bins, steps).permute(2, 0, 1).contiguous()))


def seeded_network(hidden_size):
    """The network with weights that depend on names, shapes and the seed."""
    network = DeepSpeech2(hidden_size).eval()
    state = {
        name: torch.from_numpy(seeded_tensor(name, list(tensor.shape), SEED))
        for name, tensor in network.state_dict().items()
        if not name.endswith('num_batches_tracked')
    }
    network.load_state_dict(state, strict=False)
    return network


def seeded_rows(name, rows):
    """Features of mean 0 and variance 1, [rows, 161]."""
    return seeded_values(name, rows * BINS, 0, np.sqrt(3), SEED).reshape(rows, BINS)


@torch.no_grad()
def main():
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    goldens = []
    for size, options in SIZES.items():
        network = seeded_network(options['hidden_size'])
        parameters = sum(parameter.numel() for parameter in network.parameters())
        assert size == 'small' or parameters == PUBLISHED_PARAMETERS, parameters
        for name in INPUTS:
            rows = seeded_rows(name, options['rows'])
            logits = network(torch.from_numpy(rows.T.copy())[None, None])[:, 0].numpy().astype('<f4')
            file = f'{size}-{name}.f32'
            logits.tofile(FOLDER / file)
            goldens.append({'size': size, 'input': name, 'hiddenSize': options['hidden_size'], 'rows': options['rows'],
                            'parameters': parameters, 'seed': SEED, 'file': file, 'shape': list(logits.shape)})
            print(size, name, logits.shape, 'range', np.ptp(logits), 'over time', logits.std(0).mean())
    (FOLDER / 'index.json').write_text(json.dumps({'torch': torch.__version__, 'goldens': goldens}, indent=2) + '\n')


if __name__ == '__main__':
    main()
