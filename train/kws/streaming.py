"""Chooses the threshold: a run over continuous audio of held-out training speakers, as the page would hear it.

Command: /usr/bin/python3 -m train.kws.streaming --run final      (about 2 minutes)
With --write-curve it writes src/systems/earshot-kws/operating-curve.ts too, what the card says of thresholds.
The page runs the network every 100 ms, averages the posteriors of three windows and reports a keyword whose mean
crosses the threshold, once an utterance. Printed for each threshold: keywords missed, keywords taken for
another, false accepts an hour in read speech without keywords and in noise, and per 100 isolated other words.
"""
import argparse

import numpy as np
import torch

from .augment import WindowMaker, pick
from .bank import Bank, Clips
from .export import FoldedNet, load_folded
from .features import Mfcc
from .settings import FRAME_COUNT, HOP_SAMPLES, KEYWORDS, LABELS, MFCC, ROOT, SAMPLE_RATE_HZ

CURVE_FILE = ROOT / 'src' / 'systems' / 'earshot-kws' / 'operating-curve.ts'

SMOOTHING_WINDOWS, REFRACTORY_WINDOWS, OTHER_REFRACTORY_WINDOWS, EXIT_RATIO = 3, 10, 3, 0.5
THRESHOLDS = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.97]
OTHER_WORDS = 500
SPACING_SAMPLES = 40000  # one word every 2.5 s
FIRST_KEYWORD = LABELS.index(KEYWORDS[0])
FRAMES_PER_HOP = HOP_SAMPLES // MFCC['hopLength']


@torch.no_grad()
def posteriors_of(net: FoldedNet, wave: torch.Tensor) -> np.ndarray:
    """[windows, classes]: posteriors every 100 ms of a long wave."""
    front_end = Mfcc()
    chunk = SAMPLE_RATE_HZ * 60
    overlap = MFCC['windowLength'] - MFCC['hopLength']
    frames = torch.cat([front_end.mel_energies(wave[None, first:first + chunk + overlap])[0]
                        for first in range(0, len(wave) - MFCC['windowLength'], chunk)])
    windows = frames.clamp(min=MFCC['logFloor']).log().unfold(0, FRAME_COUNT, FRAMES_PER_HOP).transpose(1, 2)
    return torch.cat([net(part).softmax(1) for part in windows.split(256)]).numpy()


def smoothed_posteriors(net: FoldedNet, wave: torch.Tensor) -> np.ndarray:
    """[windows, classes]: mean posterior of the last three windows, every 100 ms of a long wave."""
    posteriors = posteriors_of(net, wave)
    total = np.cumsum(np.concatenate([np.zeros((SMOOTHING_WINDOWS, len(LABELS))), posteriors]), axis=0)
    return (total[SMOOTHING_WINDOWS:] - total[:-SMOOTHING_WINDOWS]) / SMOOTHING_WINDOWS


def detections(smoothed: np.ndarray, threshold: float) -> list[tuple[int, int]]:
    """(window, class) of each report, by the rules of src/decode/keyword-detector.ts."""
    reports, last, held_since = [], -REFRACTORY_WINDOWS, {}
    best = smoothed.argmax(1)
    for window in np.flatnonzero(smoothed[:, FIRST_KEYWORD:].max(1) >= EXIT_RATIO * threshold):
        for label, since in list(held_since.items()):
            quiet = smoothed[since:window, label] < EXIT_RATIO * threshold
            if quiet[REFRACTORY_WINDOWS:].any():
                del held_since[label]
        label = int(best[window])
        fires = label >= FIRST_KEYWORD and smoothed[window, label] >= threshold
        if fires and label not in held_since and window - last >= OTHER_REFRACTORY_WINDOWS:
            reports.append((int(window), label))
            last = held_since[label] = int(window)
    return reports


def word_stream(bank: Bank, parts: list[Clips], noise: torch.Tensor) -> tuple[torch.Tensor, list[int]]:
    """Words one after the other, at -25 to -3 dB, over noise 10 to 30 dB below; and which part each is of."""
    order = [(index, row) for index, part in enumerate(parts) for row in range(len(part))]
    order = [order[i] for i in torch.randperm(len(order))]
    wave = torch.zeros(SPACING_SAMPLES * (len(order) + 1))
    for place, (index, row) in enumerate(order):
        clip = bank.samples[parts[index].start[row]:][:parts[index].length[row]].float()
        peak = clip.abs().max().clamp(min=1)
        first = SPACING_SAMPLES * place + SPACING_SAMPLES // 2
        gain = 10 ** (float(torch.empty(1).uniform_(-25, -3)) / 20) / peak
        wave[first:first + len(clip)] += clip * gain
        rows = slice(first - SPACING_SAMPLES // 2, first + SPACING_SAMPLES // 2)
        level = wave[rows].pow(2).mean().sqrt() * 10 ** (-float(torch.empty(1).uniform_(10, 30)) / 20)
        wave[rows] += noise[rows] * level
    return wave, [index for index, _ in order]


def noise_stream(bank: Bank, samples: int) -> torch.Tensor:
    """Held-out noise of unit power, pieces of 1 s in a row."""
    pieces = WindowMaker(bank).noise(samples // SAMPLE_RATE_HZ + 1)
    return (pieces / pieces.pow(2).mean(1, keepdim=True).sqrt().clamp(min=1e-4)).reshape(-1)[:samples]


def running_speech(bank: Bank) -> torch.Tensor:
    """All held-out read speech without keywords in a row."""
    clips = bank.running
    return torch.cat([bank.samples[start:start + length] for start, length in zip(clips.start, clips.length)]) / 32768.0


def noise_alone(bank: Bank) -> torch.Tensor:
    """The held-out ends of the noise recordings at three levels, then two hours of other noise and taps."""
    recorded = torch.cat([bank.samples[start:start + length] for clips in (bank.noise, bank.noise_clips)
                          for start, length in zip(clips.start, clips.length)]) / 32768.0
    parts = [WindowMaker(bank).noise(900) * 10 ** (torch.empty(900, 1).uniform_(-50, 0) / 20) for _ in range(8)]
    return torch.cat([recorded, recorded * 10, recorded * 0.1, *[part.reshape(-1) for part in parts]]).clamp(-1, 1)


def hourly(smoothed: np.ndarray, threshold: float) -> float:
    return len(detections(smoothed, threshold)) / (len(smoothed) * HOP_SAMPLES / SAMPLE_RATE_HZ / 3600)


def word_results(smoothed: np.ndarray, truth: list[int], threshold: float) -> tuple[list[int], int]:
    """For each word the first keyword reported in its 2.5 s (-1: none), and how many reports came besides."""
    heard, extra = [-1] * len(truth), 0
    for window, label in detections(smoothed, threshold):
        place = int((window * HOP_SAMPLES + SAMPLE_RATE_HZ // 2) // SPACING_SAMPLES)
        if place < len(truth) and heard[place] < 0:
            heard[place] = label - FIRST_KEYWORD
        else:
            extra += 1
    return heard, extra


def curve_module(points: list[tuple[float, float, float]], keyword_count: int, speech_hours: float) -> str:
    """The TypeScript file that holds (threshold, missed share, false accepts an hour of read speech)."""
    rows = [f'  {{threshold: {threshold:g}, falseRejectRate: {missed:.4g}, falseAcceptsPerHour: {rate:.4g}}},'
            for threshold, missed, rate in points]
    return '\n'.join([
        '// Generated by train/kws/streaming.py --write-curve: do not edit.',
        "import type {OperatingPoint} from '../card.ts';",
        '',
        '/**',
        ' * What thresholds cost earshot-kws, measured on training speakers that were held out. Misses: of',
        f' * {keyword_count} keywords, one every 2.5 s, at −25 to −3 dB peak over noise 10 to 30 dB below. False accepts:',
        f' * {speech_hours:.2f} h of read speech without keywords, at two levels. More in train/RESULTS.md.',
        ' */',
        'export const operatingCurve: readonly OperatingPoint[] = [',
        *rows,
        '];',
        '',
    ])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--run', required=True)
    parser.add_argument('--write-curve', action='store_true')
    arguments = parser.parse_args()
    net = load_folded(arguments.run)
    torch.manual_seed(3)
    bank = Bank(held_out=True)
    bank.others = pick(bank.others, OTHER_WORDS)
    count = sum(len(part) for part in bank.keywords)
    words, truth = word_stream(bank, bank.keywords, noise_stream(bank, SPACING_SAMPLES * (count + 1)))
    noise = noise_stream(bank, SPACING_SAMPLES * (len(bank.others) + 1))
    others, _ = word_stream(bank, [bank.others], noise)
    speech = running_speech(bank)
    streams = [smoothed_posteriors(net, wave) for wave in
               (words, others, torch.cat([speech, speech * 0.1]), noise_alone(bank))]
    print(f'{count} keywords, {len(bank.others)} other words, {2 * len(speech) / 57.6e6:.2f} h read speech, '
          f'{len(streams[3]) / 36000:.2f} h noise')
    print('threshold  missed %  confused %  repeats  speech FA/h  noise FA/h  FA per 100 other words')
    points = []
    for threshold in THRESHOLDS:
        heard, extra = word_results(streams[0], truth, threshold)
        missed = sum(h < 0 for h in heard) / count * 100
        confused = sum(h >= 0 and h != t for h, t in zip(heard, truth)) / count * 100
        false = len(detections(streams[1], threshold)) / len(bank.others) * 100
        rate = hourly(streams[2], threshold)
        points.append((threshold, missed / 100, rate))
        print(f'{threshold:9.2f}  {missed:8.1f}  {confused:10.1f}  {extra:7}  {rate:11.1f}  '
              f'{hourly(streams[3], threshold):10.1f}  {false:22.1f}')
        by_class = [f'{word} {np.mean([h == t for h, t in zip(heard, truth) if t == index]) * 100:.0f}'
                    for index, word in enumerate(KEYWORDS)]
        print('           recall %:', ' '.join(by_class))
    if arguments.write_curve:
        CURVE_FILE.write_text(curve_module(points, count, 2 * len(speech) / 57.6e6))


if __name__ == '__main__':
    main()
