"""Noise, rooms and microphones, made for a whole batch of one-second waves at once."""
import math

import torch

from .settings import SAMPLE_RATE_HZ, WINDOW_SAMPLES

TIME = torch.arange(WINDOW_SAMPLES, dtype=torch.float32)


def uniform(count: int, low: float, high: float) -> torch.Tensor:
    return low + (high - low) * torch.rand(count)


def decibels(value: torch.Tensor) -> torch.Tensor:
    """Amplitude ratio of a level in dB."""
    return 10.0 ** (value / 20.0)


def coloured_noise(count: int) -> torch.Tensor:
    """Noise whose power falls by 0 to 12 dB an octave, with a random hum; peak 1."""
    spectrum = torch.fft.rfft(torch.randn(count, WINDOW_SAMPLES))
    frequency = torch.arange(1, spectrum.shape[1] + 1).float()
    wave = torch.fft.irfft(spectrum * (frequency + 20.0) ** -uniform(count, 0.0, 2.0)[:, None], n=WINDOW_SAMPLES)
    wave = wave / wave.abs().amax(1, keepdim=True)
    hum = torch.sin(TIME * (2 * math.pi / SAMPLE_RATE_HZ) * decibels(uniform(count, 34, 70))[:, None])
    return wave + hum * decibels(uniform(count, -80, 0))[:, None]


def knocks(count: int) -> torch.Tensor:
    """Taps, clicks and beeps: noise or tone that starts at once and dies away within 5 to 150 ms."""
    wave = torch.zeros(count, WINDOW_SAMPLES)
    for _ in range(3):
        after = (TIME[None] - uniform(count, -2000, 16000)[:, None]) / SAMPLE_RATE_HZ
        envelope = torch.where(after > 0, torch.exp(-after.clamp(min=0) / uniform(count, 0.005, 0.15)[:, None]),
                               torch.zeros(()))
        tone = torch.sin(2 * math.pi * after * uniform(count, 100, 5000)[:, None])
        share = torch.rand(count, 1)
        wave += envelope * (share * tone + (1 - share) * torch.randn(count, WINDOW_SAMPLES)) * torch.rand(count, 1)
    return wave


def reverberate(waves: torch.Tensor) -> torch.Tensor:
    """Convolves with a random room: the direct sound and exponentially dying noise, RT60 0.1 to 0.7 s."""
    count, length = len(waves), 8192
    time = torch.arange(length) / SAMPLE_RATE_HZ
    tail = torch.randn(count, length) * torch.exp(-6.9 * time / uniform(count, 0.1, 0.7)[:, None])
    tail = tail / tail.norm(dim=1, keepdim=True) * decibels(uniform(count, -18, 2))[:, None]
    tail[:, 0] = 1.0
    size = 24576  # WINDOW_SAMPLES + length, next 2-3-smooth
    return torch.fft.irfft(torch.fft.rfft(waves, size) * torch.fft.rfft(tail, size), size)[:, :WINDOW_SAMPLES]


def microphone(waves: torch.Tensor) -> torch.Tensor:
    """Sets the peak to -40 … +2 dB, adds a noise floor of -110 … -62 dB and clips."""
    count = len(waves)
    gain = decibels(uniform(count, -40, 2)) / waves.abs().amax(1).clamp(min=1e-3)
    floor = torch.randn_like(waves) * decibels(uniform(count, -110, -62))[:, None]
    floor[torch.rand(count) < 0.15] = 0.0  # noise gates give true zeros
    return (waves * gain[:, None] + floor).clamp(-1.0, 1.0)


def vary_microphone(energies: torch.Tensor) -> torch.Tensor:
    """Multiplies mel energies [batch, frames, mels] by a random smooth frequency response of ± 8 dB; one window in ten
    ends at 3.4 to 6 kHz, as over a telephone or a headset."""
    count, _, mels = energies.shape
    place = torch.linspace(0, 1, mels)
    tilt = uniform(count, -0.6, 0.6)[:, None] * (place - 0.5)
    ripple = uniform(count, -0.35, 0.35)[:, None] * torch.cos(
        math.pi * (uniform(count, 1, 6)[:, None] * place + uniform(count, 0, 2)[:, None]))
    limit = torch.where(torch.rand(count) < 0.1, uniform(count, 0.7, 0.92), torch.ones(count))
    beyond = (place[None] - limit[:, None]).clamp(min=0) * -60
    return energies * torch.exp(tilt + ripple + beyond)[:, None]
