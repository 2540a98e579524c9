"""Training batches: stretches of a few seconds, cut between words, faster or slower, with a longer or shorter mouth.

Stretches differ from epoch to epoch. They are cut out of spectrograms that were normalised over the whole sentence, as
those of the sentences that the network will hear.
"""
import json
import random
from typing import NamedTuple

import numpy as np
import torch

from .model import RECEPTIVE_FRAMES, SUBSAMPLING, output_count
from .settings import BLANK, CACHE, HELD_OUT, SPECTROGRAM, encode

CENTRE = RECEPTIVE_FRAMES // 2
DELAY = 8  # frames: by so much the network names a letter after its middle, so that it has heard 0.23 s more
HALF_WIDTH = 6  # frames: so far around its middle a letter is wanted
BUCKET = 400  # stretches that are sorted together by length
LARGEST_WARP = 0.1  # of time and of frequency
TIME_MASK_FRAMES, BIN_MASK_BINS = 16, 20
IGNORED = -100


class Batch(NamedTuple):
    """What the network learns from at a time."""
    spectrograms: torch.Tensor  # [count, frames, 161], zeros after the end
    steps: torch.Tensor  # [count] outputs of the network
    tokens: torch.Tensor  # [count, most tokens], zeros after the end
    token_counts: torch.Tensor  # [count]
    wanted: torch.Tensor  # [most steps, count] label at each output, IGNORED after the end


class Chunk(NamedTuple):
    """A stretch of a sentence: frames of the features file, its text and the middle of each character in them."""
    first: int
    frames: int
    text: str
    middles: list[float]


class Sentences:
    """The features of prepare.py with the places of align.py."""

    def __init__(self):
        rows = json.loads((CACHE / 'features.json').read_text())
        for row, middles in zip(rows, json.loads((CACHE / 'aligned.json').read_text())):
            row['middles'] = middles
        self.features = np.fromfile(CACHE / 'features.f16', '<f2').reshape(-1, SPECTROGRAM['binCount'])
        self.train = [row for row in rows if row['speaker'] not in HELD_OUT]
        self.held_out = [row for row in rows if row['speaker'] in HELD_OUT]

    def frames(self, row: dict) -> np.ndarray:
        """The spectrogram of a sentence, [frames, 161]."""
        return self.features[row['first']:row['first'] + row['frames']]


class ChunkMaker:
    """Makes one epoch of batches after another from a seeded generator."""

    def __init__(self, sentences: Sentences, seed: int):
        self.sentences = sentences
        self.random = random.Random(seed)

    def epoch(self, chunk_frames: int, batch_frames: int) -> list[list[Chunk]]:
        """Batches of stretches of about the same length, in random order."""
        chunks = [chunk for row in self.sentences.train for chunk in self.cut(row, chunk_frames)]
        self.random.shuffle(chunks)
        batches = []
        for first in range(0, len(chunks), BUCKET):
            batch = []
            for chunk in sorted(chunks[first:first + BUCKET], key=lambda chunk: chunk.frames):
                if batch and chunk.frames * (len(batch) + 1) > batch_frames:
                    batches.append(batch)
                    batch = []
                batch.append(chunk)
            batches.append(batch)
        self.random.shuffle(batches)
        return batches

    def cut(self, row: dict, chunk_frames: int) -> list[Chunk]:
        """Cuts a sentence at spaces, every 0.7 to 1.3 times `chunk_frames` and never just before its end."""
        text, middles, end = row['text'], row['middles'], row['frames']
        chunks, start, start_frame = [], 0, 0
        length = chunk_frames * self.random.uniform(0.7, 1.3)
        for place in [place for place, character in enumerate(text) if character == ' '] + [len(text)]:
            last = place == len(text)
            cut_frame = end if last else round(middles[place])
            if not last and (cut_frame - start_frame < length or end - cut_frame < 0.5 * chunk_frames):
                continue
            first = 0 if start == 0 else max(0, start_frame + DELAY - CENTRE)
            frames = min(end, cut_frame + DELAY + CENTRE + 1) - first
            chunks.append(Chunk(row['first'] + first, frames, text[start:place],
                                [middle - first for middle in middles[start:place]]))
            start, start_frame = place + 1, cut_frame
            length = chunk_frames * self.random.uniform(0.7, 1.3)
        return chunks

    def batch(self, chunks: list[Chunk], strength: float) -> Batch:
        """The stretches as they are heard; `strength` 0…1 of warps and masks."""
        heard = [self.warp(chunk, LARGEST_WARP * strength) for chunk in chunks]
        counts = [output_count(len(features)) for features, _ in heard]
        tokens = [encode(chunk.text) for chunk in chunks]
        spectrograms = torch.zeros(len(chunks), max(len(features) for features, _ in heard), SPECTROGRAM['binCount'])
        padded = torch.zeros(len(chunks), max(map(len, tokens)), dtype=torch.long)
        wanted = torch.full((max(counts), len(chunks)), IGNORED)
        for item, ((features, middles), row) in enumerate(zip(heard, tokens)):
            self.mask(features, strength)
            spectrograms[item, :len(features)] = torch.from_numpy(features)
            padded[item, :len(row)] = torch.tensor(row)
            wanted[:counts[item], item] = torch.from_numpy(labels_of_steps(counts[item], middles, row))
        return Batch(spectrograms, torch.tensor(counts), padded, torch.tensor([len(row) for row in tokens]), wanted)

    def warp(self, chunk: Chunk, largest: float) -> tuple[np.ndarray, np.ndarray]:
        """A stretch [frames, 161] at another speed and with its frequencies scaled, and where its characters are."""
        features = self.sentences.features[chunk.first:chunk.first + chunk.frames].astype(np.float32)
        speed, scale = (1 + self.random.uniform(-largest, largest) for _ in range(2))
        count = max(RECEPTIVE_FRAMES, int(chunk.frames / speed))
        features = between(features, np.arange(count) * speed)
        features = between(features.T, np.arange(features.shape[1]) * scale).T
        return np.ascontiguousarray(features), np.array(chunk.middles) / speed

    def mask(self, features: np.ndarray, strength: float) -> None:
        """Hides a stretch of time and a band (SpecAugment, Park et al. 2019), at full strength up to the widest."""
        for axis, widest in ((features, TIME_MASK_FRAMES), (features.T, BIN_MASK_BINS)):
            width = self.random.randint(0, round(widest * strength))
            first = self.random.randrange(max(1, len(axis) - width))
            axis[first:first + width] = 0


def between(rows: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Rows at places between whole ones, linearly; the last row after the end."""
    places = places.clip(0, len(rows) - 1)
    before = places.astype(np.int64).clip(0, len(rows) - 2)
    share = (places - before).astype(np.float32)[:, None]
    return rows[before] * (1 - share) + rows[before + 1] * share


def labels_of_steps(count: int, middles: np.ndarray, tokens: list[int]) -> np.ndarray:
    """What each output should say: the nearest character, blank far from all and between two of a kind."""
    frames = SUBSAMPLING * np.arange(count) + (CENTRE - DELAY)
    nearest = np.searchsorted((middles[1:] + middles[:-1]) / 2, frames)
    labels = np.where(np.abs(middles[nearest] - frames) <= HALF_WIDTH, np.array(tokens)[nearest], BLANK)
    begins = np.flatnonzero(np.diff(nearest)) + 1
    again = begins[labels[begins] == labels[begins - 1]]
    labels[again] = BLANK
    return labels
