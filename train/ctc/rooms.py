"""Rooms: impulse responses of random ones, and a recording as it is heard in one."""
import numpy as np
from scipy.signal import fftconvolve

from .settings import SAMPLE_RATE_HZ

SHORTEST_DECAY_S, LONGEST_DECAY_S = 0.15, 0.9  # RT60: the time in which the reverberation falls by 60 dB
HIGH_DECAY_SHARE = 0.4  # at least so much of it at half of the sample rate: walls and air swallow high frequencies
NEAREST_DB, FARTHEST_DB = 12, -4  # power of the direct sound over that of all reflections
FIRST_REFLECTION_S = 0.003
LEVELS_DB = 60.0


def impulse_response(random: np.random.Generator) -> np.ndarray:
    """Direct sound of amplitude 1, then noise whose bands die away exponentially (Polack 1988), high ones sooner."""
    decay = np.exp(random.uniform(np.log(SHORTEST_DECAY_S), np.log(LONGEST_DECAY_S)))
    high_decay = decay * random.uniform(HIGH_DECAY_SHARE, 1)
    time = np.arange(int(decay * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    spectrum = np.fft.rfft(random.standard_normal(len(time)))
    height = np.linspace(0, 1, len(spectrum))  # of a frequency, as a share of half of the sample rate
    reflections = sum(np.fft.irfft(spectrum * share, len(time)) * 10 ** (-LEVELS_DB / 20 * time / seconds)
                      for share, seconds in ((1 - height, decay), (height, high_decay)))
    reflections[:int(random.uniform(0, FIRST_REFLECTION_S) * SAMPLE_RATE_HZ) + 1] = 0
    reflections *= 10 ** (-random.uniform(FARTHEST_DB, NEAREST_DB) / 20) / np.linalg.norm(reflections)
    reflections[0] = 1
    return reflections


def in_room(wave: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The wave in a random room, as long and with the same power as before."""
    heard = fftconvolve(wave, impulse_response(random))[:len(wave)]
    return heard * (np.linalg.norm(wave) / max(np.linalg.norm(heard), 1e-9))
