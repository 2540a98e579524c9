"""Finds the keywords within the sentences of the training speakers: the teacher says where, the transcript what.

Command: /usr/bin/python3 -m train.kws.locate      (about 4 minutes; after teacher.json is there)
For each keyword of a transcript, pieces of 0.3 and 0.45 s around the place that its letters suggest are cut out and
heard by the teacher; the surest is kept where its posterior reaches 0.8. Writes CACHE/located.json: rows {label,
speaker, start, length} of the bank. Only sentences of training speakers, never those held out.
"""
import json

import numpy as np
import torch

from .augment import render
from .bank import clips_of
from .settings import CACHE, HOMOPHONES, KEYWORDS, LABELS, SAMPLE_RATE_HZ, WINDOW_SAMPLES, is_held_out
from .teacher import Teacher

PIECES = [int(0.3 * SAMPLE_RATE_HZ), int(0.45 * SAMPLE_RATE_HZ)]
REACH, STEP = int(0.7 * SAMPLE_RATE_HZ), int(0.04 * SAMPLE_RATE_HZ)
LOWEST_POSTERIOR = 0.8


def expected_places(row: dict) -> list[tuple[str, int]]:
    """(keyword, sample of the row where its middle would be if every letter took the same time)."""
    places, letters, text = [], 0, row['text'].lower()
    for word in text.split():
        keyword = HOMOPHONES.get(word, word)
        if keyword in KEYWORDS:
            places.append((keyword, int((letters + len(word) / 2) / len(text) * row['length'])))
        letters += len(word) + 1
    return places


def surest_piece(teacher: Teacher, samples: torch.Tensor, row: dict, keyword: str, middle: int) -> dict | None:
    """The piece that the teacher hears most surely as the keyword, where it is sure enough."""
    pieces = [{'start': row['start'] + first, 'length': length} for length in PIECES
              for first in range(middle - REACH - length // 2, middle + REACH - length // 2, STEP)
              if 0 <= first and first + length <= row['length']]
    if not pieces:
        return None
    clips = clips_of(pieces)
    origin = ((WINDOW_SAMPLES - clips.length) // 2).float()
    waves = render(samples, clips, torch.ones(len(clips)), origin)
    waves = waves / waves.abs().amax(1, keepdim=True).clamp(min=1e-3) * 0.3
    posterior, best = teacher(waves).softmax(1)[:, LABELS.index(keyword)].max(0)
    if posterior < LOWEST_POSTERIOR:
        return None
    return {**pieces[best], 'label': keyword, 'speaker': row['speaker']}


def main() -> None:
    torch.set_num_threads(1)
    samples = torch.from_numpy(np.fromfile(CACHE / 'audio.i16', dtype='<i2'))
    rows = [row for row in json.loads((CACHE / 'audio.json').read_text())
            if row['text'] and not is_held_out(row['speaker'])]
    teacher, found, said = Teacher(), [], 0
    for row in rows:
        for keyword, middle in expected_places(row):
            said += 1
            piece = surest_piece(teacher, samples, row, keyword, middle)
            if piece:
                found.append(piece)
    (CACHE / 'located.json').write_text(json.dumps(found))
    counts = ', '.join(f'{word} {sum(row["label"] == word for row in found)}' for word in KEYWORDS)
    print(f'{len(found)} of {said} said: {counts}')


if __name__ == '__main__':
    main()
