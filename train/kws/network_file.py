"""The weights file of the built-in model, and the network as the file holds it.

safetensors; normalisation folded in. Pointwise and dense weights are I8 with a scale for each output channel
(`<name>.weight.scale`, weight = scale · q), everything else is F16, `normalise` is F32.
"""
import json

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from .model import BLOCKS, MEL_MEAN, MEL_SCALE, KeywordNet
from .settings import CACHE, LABELS, ROOT

WEIGHTS_FILE = ROOT / 'public' / 'models' / 'earshot-kws' / 'earshot-kws.safetensors'
DTYPES = {'F32': '<f4', 'F16': '<f2', 'I8': '<i1'}


def fold(block: nn.Sequential) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of a convolution with the batch normalisation after it."""
    convolution, norm = block[0], block[1]
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return convolution.weight * scale[:, None, None, None], norm.bias - norm.running_mean * scale


def fold_all(net: KeywordNet) -> dict[str, torch.Tensor]:
    """All tensors by name, in the order of the network, in float32."""
    layers = {'stem': net.stem}
    for index, block in enumerate(net.blocks):
        layers |= {f'blocks.{index}.depthwise': block.depthwise, f'blocks.{index}.pointwise': block.pointwise}
    layers |= {'collapse': net.collapse, 'head': net.head}
    tensors = {}
    for name, block in layers.items():
        tensors[f'{name}.weight'], tensors[f'{name}.bias'] = fold(block)
    tensors |= {'classify.weight': net.classify.weight, 'classify.bias': net.classify.bias}
    return {name: tensor.detach().contiguous() for name, tensor in tensors.items()}


def rounded(tensors: dict[str, torch.Tensor]) -> dict[str, np.ndarray]:
    """The tensors of the file, float32 first and int8 last, so that each lies at a multiple of its element size."""
    single = {'normalise': np.array([MEL_MEAN, MEL_SCALE], '<f4')}
    half, small = {}, {}
    for name, tensor in tensors.items():
        values = tensor.numpy()
        if name.endswith('.weight') and values[0].size == values.shape[1] > 1:  # 1 × 1 kernels and the dense layer
            scale = np.abs(values).reshape(len(values), -1).max(1) / 127
            small[name] = np.round(values / scale.reshape(-1, *[1] * (values.ndim - 1))).astype('<i1')
            single[f'{name}.scale'] = scale.astype('<f4')
        else:
            half[name] = values.astype('<f2')
    return single | half | small


def to_bytes(tensors: dict[str, np.ndarray]) -> bytes:
    """The file."""
    header, parts, position = {'__metadata__': {'labels': ' '.join(LABELS)}}, [], 0
    for name, values in tensors.items():
        part = values.tobytes()
        dtype = next(key for key, code in DTYPES.items() if values.dtype == np.dtype(code))
        header[name] = {'dtype': dtype, 'shape': list(values.shape), 'data_offsets': [position, position + len(part)]}
        parts.append(part)
        position += len(part)
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-(8 + len(text)) % 8)
    return len(text).to_bytes(8, 'little') + text + b''.join(parts)


def from_bytes(data: bytes) -> dict[str, np.ndarray]:
    """The tensors of the file."""
    size = int.from_bytes(data[:8], 'little')
    header, body = json.loads(data[8:8 + size]), data[8 + size:]
    return {name: np.frombuffer(body[slice(*row['data_offsets'])], DTYPES[row['dtype']]).reshape(row['shape'])
            for name, row in header.items() if name != '__metadata__'}


class FoldedNet:
    """The network as the page runs it: log-mel [batch, 49, 40] to logits [batch, 12], in float32."""

    def __init__(self, tensors: dict[str, np.ndarray]):
        self.weights = {}
        for name, values in tensors.items():
            weight = torch.from_numpy(values.astype(np.float32))
            scale = tensors.get(f'{name}.scale')
            if scale is not None:
                weight = weight * torch.from_numpy(scale.copy()).reshape(-1, *[1] * (weight.ndim - 1))
            self.weights[name] = weight

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
    return rounded(fold_all(net))


def load_folded(run: str | None) -> FoldedNet:
    """The network of a run, rounded as its file would be; that of the committed file without a run."""
    return FoldedNet(tensors_of_run(run) if run else from_bytes(WEIGHTS_FILE.read_bytes()))
