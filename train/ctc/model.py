"""The network: convolutions over time alone, from 64 log-mel bands every 10 ms to 29 tokens every 30 ms."""
import torch
from torch import nn

from .settings import LOG_MEL, TOKENS

MEL_MEAN, MEL_SCALE = 8.3, 0.25  # of log-mel energies in training batches, roughly; `normalise` in the weights file

# The same numbers as in src/systems/earshot-ctc/system.ts. Pads are [left, right], in frames of the layer.
STEM = {'channels': 256, 'kernel': 7, 'stride': 3, 'pads': (2, 2)}
BLOCK = {'count': 8, 'kernel': 9, 'pads': (5, 3), 'expanded': 512}


class Block(nn.Module):
    """Depthwise convolution and normalisation, two pointwise convolutions with a ReLU between, and a shortcut."""

    def __init__(self):
        super().__init__()
        channels, expanded = STEM['channels'], BLOCK['expanded']
        self.pad = nn.ZeroPad2d((*BLOCK['pads'], 0, 0))
        self.depthwise = nn.Conv2d(channels, channels, (1, BLOCK['kernel']), groups=channels, bias=False)
        self.norm = nn.BatchNorm2d(channels)
        self.expand = nn.Conv2d(channels, expanded, 1)
        self.project = nn.Conv2d(expanded, channels, 1)
        nn.init.normal_(self.project.weight, std=0.01)  # each block begins near the shortcut alone
        nn.init.zeros_(self.project.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.norm(self.depthwise(self.pad(x)))
        return x + self.project(self.expand(y).relu())


class CtcNet(nn.Module):
    """Log-mel [batch, 3 · T, 64] to logits [batch, T, 29]."""

    def __init__(self, skipped_share: float = 0.0):
        super().__init__()
        self.skipped_share = skipped_share  # of the blocks, in training (LayerDrop, Fan et al. 2019)
        channels, kernel = STEM['channels'], (1, STEM['kernel'])
        self.pad = nn.ZeroPad2d((*STEM['pads'], 0, 0))
        self.stem = nn.Sequential(
            nn.Conv2d(LOG_MEL['melCount'], channels, kernel, (1, STEM['stride']), bias=False), nn.BatchNorm2d(channels),
            nn.ReLU())
        self.blocks = nn.ModuleList([Block() for _ in range(BLOCK['count'])])
        self.norm = nn.BatchNorm2d(channels)
        self.classify = nn.Conv2d(channels, len(TOKENS), 1)

    def forward(self, log_mel: torch.Tensor) -> torch.Tensor:
        x = ((log_mel - MEL_MEAN) * MEL_SCALE).transpose(1, 2).unsqueeze(2)
        x = x.contiguous(memory_format=torch.channels_last)
        x = self.stem(self.pad(x))
        for block in self.blocks:
            if not self.training or torch.rand(()) >= self.skipped_share:
                x = block(x)
        return self.classify(self.norm(x)).squeeze(2).transpose(1, 2)
