"""Writes the weights file and the goldens of the built-in model from a trained run.

Command: /usr/bin/python3 -m train.kws.export --run base
Writes public/models/earshot-kws/earshot-kws.safetensors and test/goldens/earshot-kws/. Prints the size and the SHA-256
that src/systems/earshot-kws/card.ts must hold.
"""
import argparse
import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch

from train.weights_file import to_bytes

from .features import Mfcc
from .network_file import WEIGHTS_FILE, FoldedNet, tensors_of_run
from .prepare_audio import decode_batch
from .settings import FRAME_COUNT, LABELS, MFCC, ROOT, WINDOW_SAMPLES

GOLDENS = ROOT / 'test' / 'goldens' / 'earshot-kws'
RANDOM_WINDOWS = 4


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
        'made by': 'train/kws/export.py: PyTorch on the weights of the file', 'count': len(logits),
        'windows': f'{RANDOM_WINDOWS} of normal noise (seed 5), then "yes" by espeak-ng en-us at sample 3000 of silence',
        'input': [FRAME_COUNT, MFCC['coefficientCount']], 'output': len(LABELS), 'logitRange': span,
        'tolerance': 1e-4, 'toleranceIs': 'of the range; float32 sums in another order',
    }, indent=2) + '\n')
    print('golden argmax:', [LABELS[index] for index in logits.argmax(1)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--run', required=True)
    tensors = tensors_of_run(parser.parse_args().run)
    data = to_bytes(tensors, {'labels': LABELS})
    WEIGHTS_FILE.parent.mkdir(parents=True, exist_ok=True)
    WEIGHTS_FILE.write_bytes(data)
    write_goldens(FoldedNet(tensors))
    print(f'{len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}')


if __name__ == '__main__':
    main()
