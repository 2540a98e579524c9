"""The weights file of the built-in transcriber, and the network as the file holds it."""
import numpy as np
import torch
from torch.nn import functional

from train.weights_file import dequantised, fold, rounded

from .model import BLOCK, MEL_MEAN, MEL_SCALE, STEM, CtcNet
from .settings import CACHE, ROOT

WEIGHTS_FILE = ROOT / 'public' / 'models' / 'earshot-ctc' / 'earshot-ctc.safetensors'


def fold_all(net: CtcNet) -> dict[str, torch.Tensor]:
    """All tensors by name, in the order of the network, in float32; time is the height, mel bands are the width."""
    stem, stem_bias = fold(net.stem[0], net.stem[1])
    tensors = {'stem.weight': stem.permute(0, 2, 3, 1), 'stem.bias': stem_bias}
    for index, block in enumerate(net.blocks):
        depthwise, bias = fold(block.depthwise, block.norm)
        tensors |= {f'blocks.{index}.depthwise.weight': depthwise.transpose(2, 3),
                    f'blocks.{index}.depthwise.bias': bias}
        for name, layer in (('expand', block.expand), ('project', block.project)):
            tensors |= {f'blocks.{index}.{name}.weight': layer.weight, f'blocks.{index}.{name}.bias': layer.bias}
    scale = net.norm.weight / torch.sqrt(net.norm.running_var + net.norm.eps)
    offset = net.norm.bias - net.norm.running_mean * scale
    weight = net.classify.weight
    return tensors | {'classify.weight': weight * scale[:, None, None],
                      'classify.bias': net.classify.bias + weight[:, :, 0, 0] @ offset}


class FoldedNet:
    """The network as the page runs it: log-mel [batch, 3 · T, 64] to logits [batch, T, 29], in float32."""

    def __init__(self, tensors: dict[str, np.ndarray]):
        self.weights = dequantised(tensors)

    def layer(self, name: str, x: torch.Tensor, pads: tuple[int, int] = (0, 0), stride: int = 1) -> torch.Tensor:
        weight = self.weights[f'{name}.weight']
        groups = x.shape[1] // weight.shape[1]
        padded = functional.pad(x, (0, 0, *pads))
        return functional.conv2d(padded, weight, self.weights[f'{name}.bias'], (stride, 1), groups=groups)

    @torch.no_grad()
    def __call__(self, log_mel: torch.Tensor) -> torch.Tensor:
        mean, scale = self.weights['normalise'].tolist()
        x = self.layer('stem', ((log_mel - mean) * scale).unsqueeze(1), STEM['pads'], STEM['stride']).relu()
        for index in range(BLOCK['count']):
            y = self.layer(f'blocks.{index}.depthwise', x, BLOCK['pads'])
            x = x + self.layer(f'blocks.{index}.project', self.layer(f'blocks.{index}.expand', y).relu())
        return self.layer('classify', x).squeeze(3).transpose(1, 2)


def tensors_of_run(run: str) -> dict[str, np.ndarray]:
    """The tensors of the file that a run makes."""
    net = CtcNet()
    net.load_state_dict(torch.load(CACHE / f'{run}.pt', map_location='cpu')['net'])
    return rounded(fold_all(net.eval()), MEL_MEAN, MEL_SCALE)
