"""Training batches: sentences at a random speed, dry or in a room, in noise, at a random level and through a random
microphone.

All but speeds and rooms is done on mel power, where noise adds up and a gain multiplies.
"""
import json
import math
import random
from typing import NamedTuple

import numpy as np
import torch

from train.kws.bank import NOISE_TRAIN_SHARE
from train.kws.sounds import uniform, vary_microphone

from .features import log_mel
from .model import MEL_MEAN, STEM
from .settings import CACHE, HELD_OUT, LOG_MEL, encode_letters, encode_phones

BATCH_FRAMES = 8000  # 80 s of audio with its padding
EDGE_FRAMES = 30  # up to so much silence before and after the sentence
BUCKET = 400  # sentences that are sorted together by length
TIME_MASKS, TIME_MASK_FRAMES, MEL_MASKS, MEL_MASK_BANDS = 2, 20, 2, 8
NOISY_SHARE, LEAST_SNR_DB, MOST_SNR_DB = 0.5, 2, 30  # share of the sentences
HISS_SHARE = 0.4  # of the noises
LEAST_HISS_TILT, MOST_HISS_TILT = -6.0, 3.0  # ln of its power at the highest band over the lowest
MOST_TEMPO, MOST_WARP = 0.12, 0.1  # faster or slower, and how much longer or shorter the vocal tract
QUIETEST_DB, LOUDEST_DB = -24, 8
MOST_TILT = 2.0  # of a microphone: ln of power at the highest band over the lowest, 9 dB


class Labels(NamedTuple):
    """What is said in a batch, in the tokens of one output."""
    tokens: torch.Tensor  # [count, most tokens], zeros after the end
    counts: torch.Tensor  # [count]


class Batch(NamedTuple):
    """What the network learns from at a time."""
    log_mel: torch.Tensor  # [count, frames, 64]
    phones: Labels
    letters: Labels


class Recordings:
    """The features of prepare.py."""

    def __init__(self):
        rows = json.loads((CACHE / 'features.json').read_text())
        self.pronunciations = json.loads((CACHE / 'pronunciations.json').read_text())
        flat = np.memmap(CACHE / 'features.f16', dtype='<f2', mode='r').reshape(-1, LOG_MEL['melCount'])
        self.features = torch.from_numpy(np.array(flat))
        self.noise = [row for row in rows if row['set'] == 'noise']
        sentences = [row for row in rows if row['set'] != 'noise']
        self.train = [row for row in sentences if row['speaker'] not in HELD_OUT]
        self.held_out = [row for row in sentences if row['speaker'] in HELD_OUT]

    def power(self, row: dict, speed: int) -> torch.Tensor:
        """Mel power of a recording, [frames, 64]."""
        first, count = row['places'][speed]
        return self.features[first:first + count].float().exp()

    def phones(self, row: dict) -> list[int]:
        """Tokens of a recording's words, each as the dictionary says it first."""
        return encode_phones([self.pronunciations[word][0] for word in row['text'].lower().split()])


class BatchMaker:
    """Makes one epoch of batches after another from seeded generators."""

    def __init__(self, recordings: Recordings, seed: int):
        self.recordings = recordings
        self.random = random.Random(seed)

    def epoch(self, shortest_first: bool) -> list[list[tuple[dict, int]]]:
        """Batches of (recording, speed): sentences of about the same length together, the batches in random order."""
        chosen = [(row, self.random.randrange(len(row['places']))) for row in self.recordings.train]
        self.random.shuffle(chosen)

        def length(item: tuple[dict, int]) -> int:
            return item[0]['places'][item[1]][1]

        if shortest_first:
            return split(sorted(chosen, key=length), length)
        batches = []
        for first in range(0, len(chosen), BUCKET):
            batches += split(sorted(chosen[first:first + BUCKET], key=length), length)
        self.random.shuffle(batches)
        return batches

    def batch(self, items: list[tuple[dict, int]], strength: float) -> Batch:
        """The sentences as they are heard; `strength` 0…1 of noise, level and masks."""
        powers = [self.warp(self.recordings.power(row, speed), strength) for row, speed in items]
        longest = max(map(len, powers)) + EDGE_FRAMES
        frames = longest - longest % -STEM['stride']
        speech = torch.zeros(len(powers), frames, LOG_MEL['melCount'])
        for target, power in zip(speech, powers):
            start = self.random.randrange(EDGE_FRAMES + 1)
            target[start:start + len(power)] = power
        lengths = [len(power) for power in powers]
        heard = self.microphone(self.with_noise(speech, lengths, NOISY_SHARE * strength), strength)
        return Batch(mask(log_mel(heard), strength), labels([self.recordings.phones(row) for row, _ in items]),
                     labels([encode_letters(row['text']) for row, _ in items]))

    def warp(self, power: torch.Tensor, strength: float) -> torch.Tensor:
        """Another tempo, and bands moved as a longer or shorter vocal tract moves them (Jaitly and Hinton 2013)."""
        tempo = 1 + self.random.uniform(-MOST_TEMPO, MOST_TEMPO) * strength
        warp = 1 + self.random.uniform(-MOST_WARP, MOST_WARP) * strength
        paced = between(power, torch.arange(0, len(power) - 1, tempo))
        return between(paced.T, torch.arange(power.shape[1]) * warp).T

    def with_noise(self, speech: torch.Tensor, lengths: list[int], share: float) -> torch.Tensor:
        """Adds recorded noise, some dB below the mean power of the sentence, to a share of them."""
        noisy = speech.clone()
        for target, power, length in zip(noisy, speech, lengths):
            if self.random.random() > share:
                continue
            noise = self.noise(len(target))
            level = power.sum() / length / noise.sum(1).mean().clamp(min=1e-9)
            target[:len(noise)] += noise * level * 10 ** (-self.random.uniform(LEAST_SNR_DB, MOST_SNR_DB) / 10)
        return noisy

    def noise(self, frames: int) -> torch.Tensor:
        """Mel power of recorded noise, at most so many frames, or of the steady hiss of a room."""
        if self.random.random() < HISS_SHARE:
            tilt = self.random.uniform(LEAST_HISS_TILT, MOST_HISS_TILT)
            spectrum = torch.linspace(0, tilt, LOG_MEL['melCount']).exp()
            return spectrum * torch.rand(frames, LOG_MEL['melCount']).clamp(min=0.05)
        noise = self.recordings.power(self.random.choice(self.recordings.noise), 0)
        noise = noise[:int(len(noise) * NOISE_TRAIN_SHARE)]
        start = self.random.randrange(max(1, len(noise) - frames))
        return noise[start:start + frames]

    def microphone(self, power: torch.Tensor, strength: float) -> torch.Tensor:
        """A smooth frequency response, darker or brighter, a level and a white noise floor of its own."""
        count = len(power)
        tilt = uniform(count, -MOST_TILT * strength, MOST_TILT * strength)
        response = (tilt[:, None] * torch.linspace(-0.5, 0.5, LOG_MEL['melCount'])).exp()
        bands = torch.linspace(0, 1, LOG_MEL['melCount']) * 2.5  # white noise: ln of power grows with the band's width
        floor = (bands[None] + uniform(count, math.log(1e-8), math.log(1e-4))[:, None]).exp()
        gain = 10 ** (uniform(count, QUIETEST_DB * strength, LOUDEST_DB * strength) / 10)
        heard = vary_microphone(power) * (gain[:, None] * response)[:, None]
        return heard + floor[:, None] * torch.rand_like(power).clamp(min=0.05)


def between(rows: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Rows at places between them, by linear interpolation; behind the last row, the last row."""
    places = places.clamp(max=len(rows) - 1.001)
    first = places.long()
    share = (places - first).unsqueeze(1)
    return rows[first] * (1 - share) + rows[first + 1] * share


def split(chosen: list[tuple[dict, int]], length) -> list[list[tuple[dict, int]]]:
    """Neighbours together, as many as fit into BATCH_FRAMES."""
    batches, batch, longest = [], [], 0
    for item in chosen:
        longest = max(longest, length(item) + EDGE_FRAMES)
        if batch and longest * (len(batch) + 1) > BATCH_FRAMES:
            batches.append(batch)
            batch, longest = [], length(item) + EDGE_FRAMES
        batch.append(item)
    return batches + [batch]


def labels(tokens: list[list[int]]) -> Labels:
    """Sentences of tokens as one tensor."""
    padded = torch.zeros(len(tokens), max(map(len, tokens)), dtype=torch.long)
    for target, row in zip(padded, tokens):
        target[:len(row)] = torch.tensor(row)
    return Labels(padded, torch.tensor([len(row) for row in tokens]))


def mask(features: torch.Tensor, strength: float) -> torch.Tensor:
    """Hides bands and stretches of time (SpecAugment, Park et al. 2019), at full strength up to the widest."""
    count, frames, mels = features.shape
    hidden = torch.zeros(count, frames, mels, dtype=torch.bool)
    for size, masks, longest, axis in ((frames, TIME_MASKS, TIME_MASK_FRAMES, 2), (mels, MEL_MASKS, MEL_MASK_BANDS, 1)):
        widest = round(longest * strength)
        for _ in range(masks):
            first = torch.randint(size, (count, 1))
            index = torch.arange(size)[None]
            hidden |= ((index >= first) & (index < first + torch.randint(widest + 1, (count, 1)))).unsqueeze(axis)
    return features.masked_fill(hidden, MEL_MEAN)
