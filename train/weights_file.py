"""The weights files of the built-in models: safetensors, normalisation folded in.

Pointwise and dense weights are I8 with a scale for each output channel (`<name>.weight.scale`, weight = scale · q),
everything else is F16, `normalise` (mean and scale of the log-mel energies) is F32. src/systems/file-weights.ts reads
them.
"""
import json

import numpy as np
import torch
from torch import nn

DTYPES = {'F32': '<f4', 'F16': '<f2', 'I8': '<i1'}


def fold(convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of a convolution without bias and the batch normalisation after it."""
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return convolution.weight * scale[:, None, None, None], norm.bias - norm.running_mean * scale


def rounded(tensors: dict[str, torch.Tensor], mean: float, scale: float) -> dict[str, np.ndarray]:
    """The tensors of the file, float32 first and int8 last, so that each lies at a multiple of its element size."""
    single = {'normalise': np.array([mean, scale], '<f4')}
    half, small = {}, {}
    for name, tensor in tensors.items():
        values = tensor.detach().contiguous().numpy()
        if name.endswith('.weight') and values[0].size == values.shape[1] > 1:  # 1 × 1 kernels and the dense layer
            steps = np.abs(values).reshape(len(values), -1).max(1) / 127
            small[name] = np.round(values / steps.reshape(-1, *[1] * (values.ndim - 1))).astype('<i1')
            single[f'{name}.scale'] = steps.astype('<f4')
        else:
            half[name] = values.astype('<f2')
    return single | half | small


def to_bytes(tensors: dict[str, np.ndarray], labels: dict[str, list[str]]) -> bytes:
    """The file, which says of each output what its values stand for."""
    header, parts, position = {'__metadata__': {name: ' '.join(words) for name, words in labels.items()}}, [], 0
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


def dequantised(tensors: dict[str, np.ndarray]) -> dict[str, torch.Tensor]:
    """The tensors as the page computes with them, float32."""
    weights = {}
    for name, values in tensors.items():
        weight = torch.from_numpy(values.astype(np.float32))
        scale = tensors.get(f'{name}.scale')
        if scale is not None:
            weight = weight * torch.from_numpy(scale.copy()).reshape(-1, *[1] * (weight.ndim - 1))
        weights[name] = weight
    return weights
