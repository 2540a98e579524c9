"""The front end of src/features/mfcc.ts in torch: batches of waveforms to MFCC frames.

Check against the goldens: /usr/bin/python3 -m train.kws.features
"""
import json
import math

import numpy as np
import torch

from .settings import MFCC, SAMPLE_RATE_HZ, SHARED


def mel_weights(bin_count: int, mel_count: int, low_hz: float, high_hz: float) -> np.ndarray:
    """[mel_count, bin_count] triangles of height 1, linear in HTK mel (reference/frontends.md, section 2.4)."""
    step_hz = SAMPLE_RATE_HZ / 2 / (bin_count - 1)
    mel = 1127.0 * np.log1p(np.arange(bin_count) * step_hz / 700.0)
    edges = np.linspace(1127.0 * math.log1p(low_hz / 700.0), 1127.0 * math.log1p(high_hz / 700.0), mel_count + 2)
    rising = (mel - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - mel) / (edges[2:] - edges[1:-1])[:, None]
    weights = np.maximum(0.0, np.minimum(rising, falling))
    weights[:, :int(1.5 + low_hz / step_hz)] = 0.0  # the recipe's first bin
    return weights


def dct_matrix(mel_count: int, coefficient_count: int) -> np.ndarray:
    """[coefficient_count, mel_count] DCT-II with sqrt(2/mel_count) on every row."""
    angle = np.pi / mel_count * np.arange(coefficient_count)[:, None] * (np.arange(mel_count)[None] + 0.5)
    return np.sqrt(2.0 / mel_count) * np.cos(angle)


class Mfcc:
    """Waveforms [batch, samples] in -1..1 to log-mel or MFCC [batch, frames, coefficients]."""

    def __init__(self, options: dict = MFCC, dtype: torch.dtype = torch.float32):
        self.options = options
        bin_count = options['fftLength'] // 2 + 1
        mel = mel_weights(bin_count, options['melCount'], options['melMinHz'], options['melMaxHz'])
        self.mel = torch.tensor(mel.T, dtype=dtype)
        self.dct = torch.tensor(dct_matrix(options['melCount'], options['coefficientCount']).T, dtype=dtype)
        self.window = torch.hann_window(options['windowLength'], periodic=True, dtype=dtype)

    def mel_energies(self, waves: torch.Tensor) -> torch.Tensor:
        """Mel sums of magnitudes, before the floor and the logarithm."""
        frames = waves.unfold(-1, self.options['windowLength'], self.options['hopLength']) * self.window
        return torch.fft.rfft(frames, n=self.options['fftLength']).abs() @ self.mel

    def from_mel(self, energies: torch.Tensor) -> torch.Tensor:
        """Cepstra of mel energies."""
        return energies.clamp(min=self.options['logFloor']).log() @ self.dct

    def __call__(self, waves: torch.Tensor) -> torch.Tensor:
        return self.from_mel(self.mel_energies(waves))


def check_against_goldens() -> None:
    """Compares with kws.mfcc of every generated clip at the options of the published keyword systems."""
    golden = SHARED / 'reference' / 'golden'
    options = {**MFCC, 'melMaxHz': 4000.0, 'logFloor': 1e-12, 'coefficientCount': 10}
    front_end = Mfcc(options, torch.float64)
    for row in json.loads((golden / 'index.json').read_text())['features']:
        if (row['system'], row['stage']) != ('kws', 'mfcc'):
            continue
        pcm = np.fromfile(golden / 'audio' / f'{row["clip"]}.wav', dtype='<i2')[22:]  # a canonical 44-byte header
        wave = np.zeros(16000)
        wave[:min(16000, len(pcm))] = pcm[:16000] / 32768.0
        expected = np.fromfile(golden / row['file'], dtype='<f4').reshape(row['shape'])
        error = np.abs(front_end(torch.tensor(wave)[None])[0].numpy() - expected).max()
        print(f'{row["clip"]:24} max error {error:.2e}, tolerance {row["tolerance_abs"]}')
        assert error <= row['tolerance_abs'], row['clip']


if __name__ == '__main__':
    check_against_goldens()
