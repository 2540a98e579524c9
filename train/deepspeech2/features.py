"""MLPerf's front end in torch: the natural logarithm of 1 + magnitude, normalised over the utterance.

Check against the goldens: /usr/bin/python3 -m train.deepspeech2.features
"""
import json

import numpy as np
import torch

from .settings import SHARED, SPECTROGRAM


def spectrogram(wave: torch.Tensor) -> torch.Tensor:
    """Features [1 + samples // 160, 161] of a waveform [samples] in -1..1, in the type of the waveform.

    A frame is centred on its sample, mirrored at the ends; the window is Hamming's, symmetric. Mean 0 and standard
    deviation 1 (divisor n - 1) over all cells. Needs more than 160 samples.
    """
    length, hop = SPECTROGRAM['windowLength'], SPECTROGRAM['hopLength']
    window = torch.hamming_window(length, periodic=False, dtype=wave.dtype)
    samples = wave * (32768 * SPECTROGRAM['gain'])
    spectrum = torch.stft(samples, length, hop, window=window, center=True, pad_mode='reflect', return_complex=True)
    features = spectrum.abs().log1p().T
    return (features - features.mean()) / features.std()


def check_against_goldens() -> None:
    """Compares with ds2.feat of every clip but silence, which has no deviation to divide by."""
    golden = SHARED / 'reference' / 'golden'
    for row in json.loads((golden / 'index.json').read_text())['features']:
        if (row['system'], row['stage']) != ('ds2', 'feat') or row['clip'] == 'silence':
            continue
        pcm = np.fromfile(golden / 'audio' / f'{row["clip"]}.wav', dtype='<i2')[22:]  # a canonical 44-byte header
        expected = np.fromfile(golden / row['file'], dtype='<f4').reshape(row['shape'])
        error = np.abs(spectrogram(torch.from_numpy(pcm / 32768)).numpy().T - expected).max()
        print(f'{row["clip"]:24} max error {error:.2e}, tolerance {row["tolerance_abs"]}')
        assert error <= row['tolerance_abs'], row['clip']


if __name__ == '__main__':
    check_against_goldens()
