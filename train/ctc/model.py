"""The network: convolutions over time alone, from 64 log-mel bands every 10 ms to letters and phones every 30 ms."""
from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional

from .settings import LETTERS, LOG_MEL, PHONES

MEL_MEAN, MEL_SCALE = 8.3, 0.25  # of log-mel energies in training batches, roughly; `normalise` in the weights file

# The same numbers as in src/systems/earshot-ctc/system.ts. Every block sees its own frame and those before it, and its
# shortcut comes late: so an output can look ahead as far as all shortcuts are late, 14 frames of 30 ms.
STEM = {'channels': 320, 'kernel': 9, 'stride': 3}
BLOCK = {'kernel': 9, 'expanded': 640}
BLOCK_DELAYS = [2] * 4 + [1] * 6  # of the shortcuts, in frames of 30 ms
DELAY = sum(BLOCK_DELAYS)
MIDDLE = 5  # blocks before the intermediate output, which is only learned from
MIDDLE_DELAY = sum(BLOCK_DELAYS[:MIDDLE])


class Outputs(NamedTuple):
    """Logits [batch, T, tokens] of each output."""
    phones: torch.Tensor
    letters: torch.Tensor
    middle: torch.Tensor  # phones as half of the blocks hear them


class Block(nn.Module):
    """Depthwise convolution and normalisation, two pointwise convolutions with a ReLU between, and a late shortcut."""

    def __init__(self, delay: int, dropout: float):
        super().__init__()
        channels, expanded = STEM['channels'], BLOCK['expanded']
        self.history = nn.ZeroPad2d((BLOCK['kernel'] - 1, 0, 0, 0))
        self.late = nn.ZeroPad2d((delay, -delay, 0, 0))
        self.depthwise = nn.Conv2d(channels, channels, (1, BLOCK['kernel']), groups=channels, bias=False)
        self.norm = nn.BatchNorm2d(channels)
        self.expand = nn.Conv2d(channels, expanded, 1)
        self.dropout = dropout
        self.project = nn.Conv2d(expanded, channels, 1)
        nn.init.normal_(self.project.weight, std=0.01)  # each block begins near the shortcut alone
        nn.init.zeros_(self.project.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.norm(self.depthwise(self.history(x)))
        # whole channels, the same for a batch: a mask of every value takes a quarter of a step
        kept = functional.dropout(torch.ones_like(self.expand.bias), self.dropout, self.training)
        weight = self.project.weight * kept[:, None, None]
        return self.late(x) + functional.conv2d(self.expand(y).relu(), weight, self.project.bias)


class Output(nn.Module):
    """Normalisation and a dense layer: [batch, channels, 1, T] to logits [batch, T, tokens]."""

    def __init__(self, token_count: int):
        super().__init__()
        self.norm = nn.BatchNorm2d(STEM['channels'])
        self.classify = nn.Conv2d(STEM['channels'], token_count, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classify(self.norm(x)).squeeze(2).transpose(1, 2)


class CtcNet(nn.Module):
    """Log-mel [batch, frames, 64] to logits of T = (frames − 9) / 3 + 1 steps; silence is appended for the delay."""

    def __init__(self, skipped_share: float = 0.0, dropout: float = 0.0):
        super().__init__()
        self.skipped_share = skipped_share  # of the blocks, in training (LayerDrop, Fan et al. 2019)
        channels, kernel = STEM['channels'], (1, STEM['kernel'])
        self.silence = nn.ZeroPad2d((0, 0, 0, DELAY * STEM['stride']))
        self.stem = nn.Sequential(
            nn.Conv2d(LOG_MEL['melCount'], channels, kernel, (1, STEM['stride']), bias=False), nn.BatchNorm2d(channels),
            nn.ReLU())
        self.blocks = nn.ModuleList([Block(delay, dropout) for delay in BLOCK_DELAYS])
        self.phones, self.letters, self.middle = Output(len(PHONES)), Output(len(LETTERS)), Output(len(PHONES))

    def forward(self, log_mel: torch.Tensor) -> Outputs:
        x = ((self.silence(log_mel) - MEL_MEAN) * MEL_SCALE).transpose(1, 2).unsqueeze(2)
        x = middle = self.stem(x.contiguous(memory_format=torch.channels_last))
        for index, block in enumerate(self.blocks):
            is_skipped = self.training and torch.rand(()) < self.skipped_share
            x = block.late(x) if is_skipped else block(x)
            if index + 1 == MIDDLE:
                middle = x[..., MIDDLE_DELAY:MIDDLE_DELAY - DELAY]
        x = x[..., DELAY:]
        return Outputs(self.phones(x), self.letters(x), self.middle(middle))
