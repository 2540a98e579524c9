"""Writes the weights file and the goldens of the built-in model from a trained run.

Command: /usr/bin/python3 -m train.kws.export --run final
Writes public/models/earshot-kws/earshot-kws.safetensors (float16, batch normalisation folded) and
test/goldens/earshot-kws/. Prints the size and the SHA-256 that src/systems/earshot-kws/card.ts must hold.
"""
import argparse
import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import nn

from .features import Mfcc
from .model import MEL_MEAN, MEL_SCALE, KeywordNet
from .prepare_audio import decode_batch
from .settings import CACHE, FRAME_COUNT, LABELS, MFCC, ROOT, WINDOW_SAMPLES

WEIGHTS_FILE = ROOT / 'public' / 'models' / 'earshot-kws' / 'earshot-kws.safetensors'
GOLDENS = ROOT / 'test' / 'goldens' / 'earshot-kws'
RANDOM_WINDOWS = 4


def fold(block: nn.Sequential) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of a convolution with the batch normalisation after it."""
    convolution, norm = block[0], block[1]
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return convolution.weight * scale[:, None, None, None], norm.bias - norm.running_mean * scale


def collect(net: KeywordNet) -> dict[str, torch.Tensor]:
    """All tensors of the file by name, in the order of the network."""
    layers = {'stem': net.stem}
    for index, block in enumerate(net.blocks):
        layers |= {f'blocks.{index}.depthwise': block.depthwise, f'blocks.{index}.pointwise': block.pointwise}
    layers |= {'collapse': net.collapse, 'head': net.head}
    tensors = {'normalise': torch.tensor([MEL_MEAN, MEL_SCALE])}
    for name, block in layers.items():
        tensors[f'{name}.weight'], tensors[f'{name}.bias'] = fold(block)
    return tensors | {'classify.weight': net.classify.weight, 'classify.bias': net.classify.bias}


def to_safetensors(tensors: dict[str, torch.Tensor]) -> bytes:
    """The file: weights as F16, `normalise` as F32; no gaps. The float32 tensor comes first, so all is aligned."""
    header, parts, position = {'__metadata__': {'labels': ' '.join(LABELS)}}, [], 0
    for name, tensor in tensors.items():
        is_single = name == 'normalise'
        part = tensor.detach().contiguous().numpy().astype('<f4' if is_single else '<f2').tobytes()
        header[name] = {'dtype': 'F32' if is_single else 'F16', 'shape': list(tensor.shape),
                        'data_offsets': [position, position + len(part)]}
        parts.append(part)
        position += len(part)
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-(8 + len(text)) % 8)
    return len(text).to_bytes(8, 'little') + text + b''.join(parts)


class FoldedNet(nn.Module):
    """The network as the file holds it: rounded to float16, normalisation folded, log-mel [batch, 49, 40] in."""

    def __init__(self, net: KeywordNet):
        super().__init__()
        self.tensors = {name: tensor.detach().half().float() for name, tensor in collect(net).items()}
        self.net = net.eval()

    def layer(self, name: str, x: torch.Tensor, block: nn.Sequential) -> torch.Tensor:
        convolution = block[0]
        return nn.functional.conv2d(x, self.tensors[f'{name}.weight'], self.tensors[f'{name}.bias'],
                                    convolution.stride, convolution.padding, groups=convolution.groups).relu()

    @torch.no_grad()
    def forward(self, log_mel: torch.Tensor) -> torch.Tensor:
        x = ((log_mel - MEL_MEAN) * MEL_SCALE).transpose(1, 2).unsqueeze(1)
        x = self.layer('stem', x.contiguous(memory_format=torch.channels_last), self.net.stem)
        for index, block in enumerate(self.net.blocks):
            y = self.layer(f'blocks.{index}.depthwise', x, block.depthwise)
            y = self.layer(f'blocks.{index}.pointwise', y, block.pointwise)
            x = x + y if block.shortcut else y
        x = self.layer('head', self.layer('collapse', x, self.net.collapse), self.net.head)
        return x.mean(dim=(2, 3)) @ self.tensors['classify.weight'].T + self.tensors['classify.bias']


def load_folded(run: str) -> FoldedNet:
    """The network of a run as the page will run it."""
    net = KeywordNet()
    net.load_state_dict(torch.load(CACHE / f'{run}.pt')['net'])
    return FoldedNet(net)


def spoken_window() -> torch.Tensor:
    """One second with "yes" spoken by espeak-ng in it."""
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / 'yes.wav'
        subprocess.run(['espeak-ng', '-v', 'en-us', '-w', str(file), 'yes'], check=True)
        samples = decode_batch([file], Path(temporary))[0][:12000]
    wave = np.zeros(WINDOW_SAMPLES, np.float32)
    wave[3000:3000 + len(samples)] = samples / 32768.0
    return torch.from_numpy(wave)[None]


def write_goldens(folded: FoldedNet) -> None:
    """Inputs as MFCC, outputs as logits; `windows` is [count, 49 · 40], `logits` [count, 12], little-endian float32."""
    generator = torch.Generator().manual_seed(5)
    random = torch.randn(RANDOM_WINDOWS, FRAME_COUNT, MFCC['melCount'], generator=generator) * 2 - 1
    front_end = Mfcc()
    spoken = front_end.mel_energies(spoken_window()).clamp(min=MFCC['logFloor']).log()
    log_mel = torch.cat([random, spoken])
    logits = folded(log_mel)
    GOLDENS.mkdir(parents=True, exist_ok=True)
    (log_mel @ front_end.dct).numpy().astype('<f4').tofile(GOLDENS / 'windows.f32')
    logits.numpy().astype('<f4').tofile(GOLDENS / 'logits.f32')
    span = float(logits.max() - logits.min())
    (GOLDENS / 'index.json').write_text(json.dumps({
        'made by': 'train/kws/export.py: PyTorch on the float16 weights', 'count': len(logits),
        'windows': f'{RANDOM_WINDOWS} of normal noise (seed 5), then "yes" by espeak-ng en-us at sample 3000 of silence',
        'input': [FRAME_COUNT, MFCC['coefficientCount']], 'output': len(LABELS), 'logitRange': span,
        'tolerance': 1e-4, 'toleranceIs': 'of the range; float32 sums in another order',
    }, indent=2) + '\n')
    print('golden argmax:', [LABELS[index] for index in logits.argmax(1)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--run', required=True)
    folded = load_folded(parser.parse_args().run)
    data = to_safetensors(collect(folded.net))
    WEIGHTS_FILE.parent.mkdir(parents=True, exist_ok=True)
    WEIGHTS_FILE.write_bytes(data)
    write_goldens(folded)
    print(f'{len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}')


if __name__ == '__main__':
    main()
