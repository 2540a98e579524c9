"""The network: a small convolutional net over 40 log-mel bands × 49 frames of 20 ms."""
import torch
from torch import nn

from .settings import LABELS, MFCC

MEL_MEAN, MEL_SCALE = -1.5, 0.4  # of log-mel energies over training windows, roughly


def convolution(inputs: int, outputs: int, kernel, stride=1, padding=0, groups=1) -> nn.Sequential:
    """Convolution, batch normalisation, ReLU: one Conv and one Relu after folding."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False),
                         nn.BatchNorm2d(outputs), nn.ReLU())


class Separable(nn.Module):
    """Depthwise then pointwise convolution, with a shortcut where the shape stays."""

    def __init__(self, inputs: int, outputs: int, stride=(1, 1)):
        super().__init__()
        self.depthwise = convolution(inputs, inputs, 3, stride, 1, groups=inputs)
        self.pointwise = convolution(inputs, outputs, 1)
        self.shortcut = inputs == outputs and stride == (1, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.pointwise(self.depthwise(x))
        return x + y if self.shortcut else y


# (outputs, stride over mel bands, stride over time)
BLOCKS = [(64, 2, 1), (64, 1, 1), (96, 2, 2), (96, 1, 1), (96, 1, 1), (160, 1, 1), (160, 1, 1), (160, 1, 1), (160, 1, 1)]
STEM_CHANNELS, HEAD_CHANNELS = 40, 192


class KeywordNet(nn.Module):
    """Log-mel [batch, 49, 40] to logits [batch, 12]."""

    def __init__(self, dropout: float = 0.1):
        super().__init__()
        self.stem = convolution(1, STEM_CHANNELS, 5, 2, 2)
        blocks, channels = [], STEM_CHANNELS
        for outputs, mel_stride, time_stride in BLOCKS:
            blocks.append(Separable(channels, outputs, (mel_stride, time_stride)))
            channels = outputs
        self.blocks = nn.Sequential(*blocks)
        bands = MFCC['melCount'] // 8
        self.collapse = convolution(channels, channels, (bands, 1), groups=channels)
        self.head = convolution(channels, HEAD_CHANNELS, 1)
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(HEAD_CHANNELS, len(LABELS))

    def forward(self, log_mel: torch.Tensor) -> torch.Tensor:
        x = ((log_mel - MEL_MEAN) * MEL_SCALE).transpose(1, 2).unsqueeze(1)
        x = x.contiguous(memory_format=torch.channels_last)
        x = self.head(self.collapse(self.blocks(self.stem(x))))
        return self.classify(self.dropout(x.mean(dim=(2, 3))))
