"""The weights file of the built-in model, and the network as the file holds it."""
import numpy as np
import torch
from torch.nn import functional

from train.weights_file import dequantised, fold, from_bytes, rounded

from .model import BLOCKS, MEL_MEAN, MEL_SCALE, KeywordNet
from .settings import CACHE, ROOT

WEIGHTS_FILE = ROOT / 'public' / 'models' / 'earshot-kws' / 'earshot-kws.safetensors'


def fold_all(net: KeywordNet) -> dict[str, torch.Tensor]:
    """All tensors by name, in the order of the network, in float32."""
    layers = {'stem': net.stem}
    for index, block in enumerate(net.blocks):
        layers |= {f'blocks.{index}.depthwise': block.depthwise, f'blocks.{index}.pointwise': block.pointwise}
    layers |= {'collapse': net.collapse, 'head': net.head}
    tensors = {}
    for name, block in layers.items():
        tensors[f'{name}.weight'], tensors[f'{name}.bias'] = fold(block[0], block[1])
    return tensors | {'classify.weight': net.classify.weight, 'classify.bias': net.classify.bias}


class FoldedNet:
    """The network as the page runs it: log-mel [batch, 49, 40] to logits [batch, 12], in float32."""

    def __init__(self, tensors: dict[str, np.ndarray]):
        self.weights = dequantised(tensors)

    def layer(self, name: str, x: torch.Tensor, stride=(1, 1), padding: int = 0) -> torch.Tensor:
        weight = self.weights[f'{name}.weight']
        groups = x.shape[1] // weight.shape[1]
        return functional.conv2d(x, weight, self.weights[f'{name}.bias'], stride, padding, groups=groups).relu()

    @torch.no_grad()
    def __call__(self, log_mel: torch.Tensor) -> torch.Tensor:
        mean, scale = self.weights['normalise'].tolist()
        x = ((log_mel - mean) * scale).transpose(1, 2).unsqueeze(1)
        x = self.layer('stem', x.contiguous(memory_format=torch.channels_last), (2, 2), 2)
        for index, (_, mel_stride, time_stride) in enumerate(BLOCKS):
            y = self.layer(f'blocks.{index}.depthwise', x, (mel_stride, time_stride), 1)
            y = self.layer(f'blocks.{index}.pointwise', y)
            x = x + y if x.shape == y.shape else y
        x = self.layer('head', self.layer('collapse', x)).mean(dim=(2, 3))
        return functional.linear(x, self.weights['classify.weight'], self.weights['classify.bias'])


def tensors_of_run(run: str) -> dict[str, np.ndarray]:
    """The tensors of the file that a run makes."""
    net = KeywordNet()
    net.load_state_dict(torch.load(CACHE / f'{run}.pt', map_location='cpu')['net'])
    return rounded(fold_all(net), MEL_MEAN, MEL_SCALE)


def load_folded(run: str | None) -> FoldedNet:
    """The network of a run, rounded as its file would be; that of the committed file without a run."""
    return FoldedNet(tensors_of_run(run) if run else from_bytes(WEIGHTS_FILE.read_bytes()))
