"""The recordings in memory and where the word lies in each clip."""
import json

import numpy as np
import torch

from .settings import CACHE, KEYWORDS, LABELS, SAMPLE_RATE_HZ, SILENCE, WINDOW_SAMPLES, is_held_out, spoken_keywords

EXTENT_FRAME = 160  # 10 ms
NOISE_TRAIN_SHARE = 0.85  # the rest of each noise file is held out
FIRST_KEYWORD = LABELS.index(KEYWORDS[0])


class Clips:
    """Pieces of the bank. One row each of `table` (int64): first sample, length, the extent of the word in samples
    of the piece (all of it where there is no word) and the keywords its transcript holds, one bit each."""

    def __init__(self, table: torch.Tensor):
        self.table = table
        self.start, self.length, self.word_start, self.word_end, self.spoken = table.unbind(1)

    def __len__(self) -> int:
        return len(self.table)

    def take(self, rows: torch.Tensor) -> 'Clips':
        return Clips(self.table[rows])

    def pick(self, count: int) -> 'Clips':
        """`count` random clips with replacement."""
        return self.take(torch.randint(len(self), (count,)))


def join(*parts: Clips) -> Clips:
    return Clips(torch.cat([part.table for part in parts]))


def clips_of(rows: list[dict], extents: list[tuple[int, int]] | None = None) -> Clips:
    """Clips of index rows {start, length, text?}; without extents the whole piece counts as the word."""
    extents = extents or [(0, row['length']) for row in rows]
    return Clips(torch.tensor([(row['start'], row['length'], *extent, bits_of(row.get('text')))
                               for row, extent in zip(rows, extents)], dtype=torch.long).reshape(-1, 5))


def bits_of(text: str | None) -> int:
    """The keywords of a transcript, one bit each."""
    return sum(1 << KEYWORDS.index(word) for word in spoken_keywords(text or ''))


def holds(spoken: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """Whether the transcript of each clip holds the keyword that is this class; false for other classes."""
    keyword = (classes - FIRST_KEYWORD).clamp(min=0)
    return (classes >= FIRST_KEYWORD) & ((spoken >> keyword) & 1).bool()


def word_extent(samples: np.ndarray) -> tuple[int, int]:
    """First and last sample of the loudest stretch: frames over the noise floor, joined over gaps of 150 ms."""
    count = len(samples) // EXTENT_FRAME
    level = np.log10(1.0 + samples[:count * EXTENT_FRAME].reshape(count, -1).astype(np.float64).std(axis=1))
    floor, peak = np.percentile(level, 10), level.max()
    active = np.flatnonzero(level > floor + 0.35 * (peak - floor))
    groups = np.split(active, np.flatnonzero(np.diff(active) > 15) + 1)
    best = max(groups, key=lambda group: (10.0 ** level[group]).sum())
    return int(max(0, best[0] - 2) * EXTENT_FRAME), int(min(count, best[-1] + 4) * EXTENT_FRAME)


class Bank:
    """All audio as one int16 tensor, and `Clips` by purpose for one side of the split by speaker."""

    def __init__(self, held_out: bool):
        rows = json.loads((CACHE / 'audio.json').read_text())
        synthetic = json.loads((CACHE / 'synthetic.json').read_text())
        audio, spoken = (np.fromfile(CACHE / f'{name}.i16', dtype='<i2') for name in ('audio', 'synthetic'))
        for row in synthetic:
            row['start'] += len(audio)
        self.samples = torch.from_numpy(np.concatenate([audio, spoken]))
        self.noise = clips_of([self._noise_part(row, held_out) for row in rows if row['set'] == 'noise'])
        rows = [row for row in rows + synthetic if row['set'] != 'noise' and is_held_out(row['speaker']) == held_out]
        words = [row for row in rows if row['set'].startswith('speech-commands') and row['label'] != SILENCE]
        spoken_rows = [row for row in rows if row['set'] == 'synthetic']
        self.noise_clips = clips_of([row for row in rows if row['label'] == SILENCE])
        self.running = clips_of([row for row in rows if row['set'].startswith(('librispeech', 'ljspeech'))])
        self.hard = None if held_out else self._seconds('hard.json')
        self.located = [] if held_out else self._located()
        self.keywords = [self._words([row for row in words if row['label'] == word]) for word in KEYWORDS]
        self.spoken_keywords = [self._words([r for r in spoken_rows if r['label'] == word]) for word in KEYWORDS]
        self.others = self._words([row for row in words if row['label'] not in KEYWORDS])
        self.spoken_others = self._words([row for row in spoken_rows if row['label'] not in KEYWORDS])

    def _seconds(self, name: str) -> Clips | None:
        """Seconds found by mine.py with 0.2 s on either side, where there are any."""
        if not (CACHE / name).exists():
            return None
        margin = SAMPLE_RATE_HZ // 5
        return clips_of([{'start': max(0, first - margin), 'length': WINDOW_SAMPLES + 2 * margin}
                         for first in json.loads((CACHE / name).read_text())])

    @staticmethod
    def _located() -> list[Clips]:
        """Keywords that locate.py found in sentences, by keyword; none where it has not run."""
        file = CACHE / 'located.json'
        rows = json.loads(file.read_text()) if file.exists() else []
        return [clips_of([row for row in rows if row['label'] == word]) for word in KEYWORDS]

    @staticmethod
    def _noise_part(row: dict, held_out: bool) -> dict:
        split = int(row['length'] * NOISE_TRAIN_SHARE)
        first, last = (split, row['length']) if held_out else (0, split)
        return {**row, 'start': row['start'] + first, 'length': last - first}

    def _words(self, rows: list[dict]) -> Clips:
        samples = self.samples.numpy()
        return clips_of([{'start': row['start'], 'length': row['length']} for row in rows],
                        [word_extent(samples[r['start']:r['start'] + r['length']]) for r in rows])
