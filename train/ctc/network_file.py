"""The weights file of the built-in transcriber, and the network as the file holds it."""
import numpy as np
import torch
from torch.nn import functional

from train.weights_file import dequantised, fold, rounded

from .model import BLOCK, BLOCK_DELAYS, DELAY, MEL_MEAN, MEL_SCALE, STEM, CtcNet, Output
from .settings import CACHE, LETTERS, PHONES, ROOT

WEIGHTS_FILE = ROOT / 'public' / 'models' / 'earshot-ctc' / 'earshot-ctc.safetensors'

# The outputs that the file has; the third of the network is only learned from.
OUTPUTS = {'phones': PHONES, 'letters': LETTERS}


def fold_output(output: Output) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of a dense layer and the batch normalisation before it."""
    norm, weight = output.norm, output.classify.weight
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    offset = norm.bias - norm.running_mean * scale
    return weight * scale[:, None, None], output.classify.bias + weight[:, :, 0, 0] @ offset


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
    for name in OUTPUTS:
        tensors[f'{name}.weight'], tensors[f'{name}.bias'] = fold_output(getattr(net, name))
    return tensors


class FoldedNet:
    """The network of the file in one run over an utterance, in float32."""

    def __init__(self, tensors: dict[str, np.ndarray]):
        self.weights = dequantised(tensors)

    def layer(self, name: str, x: torch.Tensor, stride: int = 1) -> torch.Tensor:
        weight = self.weights[f'{name}.weight']
        groups = x.shape[1] // weight.shape[1]
        return functional.conv2d(x, weight, self.weights[f'{name}.bias'], (stride, 1), groups=groups)

    def block(self, name: str, x: torch.Tensor, delay: int) -> torch.Tensor:
        y = self.layer(f'{name}.depthwise', functional.pad(x, (0, 0, BLOCK['kernel'] - 1, 0)))
        y = self.layer(f'{name}.project', self.layer(f'{name}.expand', y).relu())
        return functional.pad(x, (0, 0, delay, -delay)) + y

    @torch.no_grad()
    def __call__(self, log_mel: torch.Tensor) -> dict[str, torch.Tensor]:
        """Log-mel [batch, frames, 64] to logits [batch, T, tokens] of each output."""
        mean, scale = self.weights['normalise'].tolist()
        rows = functional.pad(log_mel, (0, 0, 0, DELAY * STEM['stride']))  # silence
        x = self.layer('stem', ((rows - mean) * scale).unsqueeze(1), STEM['stride']).relu()
        for index, delay in enumerate(BLOCK_DELAYS):
            x = self.block(f'blocks.{index}', x, delay)
        x = x[:, :, DELAY:]
        return {name: self.layer(name, x).squeeze(3).transpose(1, 2) for name in OUTPUTS}


def net_of_run(run: str) -> CtcNet:
    """The network that a run has trained."""
    net = CtcNet()
    net.load_state_dict(torch.load(CACHE / f'{run}.pt', map_location='cpu')['net'])
    return net.eval()


def tensors_of(net: CtcNet) -> dict[str, np.ndarray]:
    """The tensors of the file."""
    return rounded(fold_all(net), MEL_MEAN, MEL_SCALE)
