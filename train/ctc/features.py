"""The front end of src/systems/earshot-ctc/front-end.ts in torch."""
import torch

from train.kws.features import mel_weights

from .settings import LOG_MEL


class MelPower:
    """Waveforms [batch, samples] in -1..1 to sums of power in mel bands [batch, frames, mels]."""

    def __init__(self, dtype: torch.dtype = torch.float32):
        bin_count = LOG_MEL['fftLength'] // 2 + 1
        mel = mel_weights(bin_count, LOG_MEL['melCount'], LOG_MEL['melMinHz'], LOG_MEL['melMaxHz'])
        self.mel = torch.tensor(mel.T, dtype=dtype)
        self.window = torch.hann_window(LOG_MEL['windowLength'], periodic=True, dtype=dtype)

    def __call__(self, waves: torch.Tensor) -> torch.Tensor:
        frames = waves.unfold(-1, LOG_MEL['windowLength'], LOG_MEL['hopLength']) * self.window
        spectrum = torch.fft.rfft(frames, n=LOG_MEL['fftLength'])
        return (spectrum.real.square() + spectrum.imag.square()) @ self.mel


def log_mel(power: torch.Tensor) -> torch.Tensor:
    """Natural logarithm of power over the floor: 0 is silence."""
    return (power / LOG_MEL['logFloor']).clamp(min=1.0).log()
