"""Measures the built-in model as a page hears it, over continuous audio of held-out training speakers and noise.

Command: /usr/bin/python3 -m train.kws.streaming                (the committed weights; about 3 minutes)
         /usr/bin/python3 -m train.kws.streaming --run base --write-curve
The page runs the network every 100 ms, averages the posteriors of five windows (`smoothingMs` of the card) and reports a
keyword whose mean crosses the threshold, once an utterance. Fits the temperature first; then prints for each threshold
the keywords missed and taken for another, false accepts an hour in read speech and in noise, and per 100 isolated other
words. A keyword heard in a sentence whose transcript holds it or its homophone is no false accept.
`--write-curve` writes the curve and the temperature for the card: src/systems/earshot-kws/operating-curve.ts.
"""
import argparse
from dataclasses import dataclass

import numpy as np
import torch

from .augment import WindowMaker, render
from .bank import FIRST_KEYWORD, Bank, Clips, holds, join
from .features import Mfcc
from .network_file import FoldedNet, load_folded
from .settings import (FRAME_COUNT, HOP_SAMPLES, KEYWORDS, LABELS, MFCC, ROOT, SAMPLE_RATE_HZ, SILENCE, UNKNOWN,
                       WINDOW_SAMPLES)

SMOOTHING_WINDOWS, REFRACTORY_WINDOWS, OTHER_REFRACTORY_WINDOWS, EXIT_RATIO = 5, 10, 3, 0.5
THRESHOLDS = [0.3, 0.4, 0.5, *np.arange(0.55, 0.85, 0.05).round(2), *np.arange(0.85, 0.995, 0.01).round(2)]
MOST_FALSE_ACCEPTS_PER_HOUR = 1.0  # at the default threshold
OTHER_WORDS = 500
SPACING_SAMPLES = 40000  # one word every 2.5 s
SPEECH_LEVELS = [1.0, 0.1]
FRAMES_PER_HOP = HOP_SAMPLES // MFCC['hopLength']
CURVE_FILE = ROOT / 'src' / 'systems' / 'earshot-kws' / 'operating-curve.ts'


@torch.no_grad()
def logits_of(net: FoldedNet, wave: torch.Tensor) -> torch.Tensor:
    """[windows, classes] every 100 ms of a long wave."""
    front_end = Mfcc()
    chunk = SAMPLE_RATE_HZ * 60
    overlap = MFCC['windowLength'] - MFCC['hopLength']
    frames = torch.cat([front_end.mel_energies(wave[None, first:first + chunk + overlap])[0]
                        for first in range(0, len(wave) - MFCC['windowLength'], chunk)])
    windows = frames.clamp(min=MFCC['logFloor']).log().unfold(0, FRAME_COUNT, FRAMES_PER_HOP).transpose(1, 2)
    return torch.cat([net(part) for part in windows.split(256)])


def smooth(posteriors: np.ndarray) -> np.ndarray:
    """[windows, classes]: mean posterior of the last windows."""
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


def noise_alone(bank: Bank) -> torch.Tensor:
    """The held-out ends of the noise recordings at three levels, then two hours of other noise and taps."""
    recorded = torch.cat([bank.samples[start:start + length] for clips in (bank.noise, bank.noise_clips)
                          for start, length in zip(clips.start, clips.length)]) / 32768.0
    parts = [WindowMaker(bank).noise(900) * 10 ** (torch.empty(900, 1).uniform_(-50, 0) / 20) for _ in range(8)]
    return torch.cat([recorded, recorded * 10, recorded * 0.1, *[part.reshape(-1) for part in parts]]).clamp(-1, 1)


def word_results(smoothed: np.ndarray, truth: list[int], threshold: float) -> list[int]:
    """For each word the first keyword reported in its 2.5 s (-1: none)."""
    heard = [-1] * len(truth)
    for window, label in detections(smoothed, threshold):
        place = int((window * HOP_SAMPLES + SAMPLE_RATE_HZ // 2) // SPACING_SAMPLES)
        if place < len(truth) and heard[place] < 0:
            heard[place] = label - FIRST_KEYWORD
    return heard


@dataclass
class Streams:
    """What is listened to."""
    words: torch.Tensor  # keywords
    truth: list[int]  # which
    others: torch.Tensor  # other words
    other_count: int
    speech: torch.Tensor  # sentences in a row, at each of SPEECH_LEVELS
    spoken: torch.Tensor  # keywords (bits) of the sentences in which each 100 ms lies
    noise: torch.Tensor


def make_streams(bank: Bank) -> Streams:
    torch.manual_seed(3)
    others = bank.others.pick(OTHER_WORDS)
    count = sum(len(part) for part in bank.keywords)
    words, truth = word_stream(bank, bank.keywords, noise_stream(bank, SPACING_SAMPLES * (count + 1)))
    other_words, _ = word_stream(bank, [others], noise_stream(bank, SPACING_SAMPLES * (len(others) + 1)))
    speech, spoken = sentences(bank)
    return Streams(words, truth, other_words, len(others), speech, spoken, noise_alone(bank))


def sentences(bank: Bank) -> tuple[torch.Tensor, torch.Tensor]:
    """All held-out read speech in a row, and the keywords (bits) said in the sentences around each 100 ms."""
    clips = bank.running
    wave = torch.cat([bank.samples[start:start + length] for start, length in zip(clips.start, clips.length)]) / 32768.0
    spoken = torch.zeros(len(wave) // HOP_SAMPLES + 1, dtype=torch.long)
    end = 0
    for length, bits in zip(clips.length.tolist(), clips.spoken.tolist()):
        # a report may come until a second after the word
        spoken[end // HOP_SAMPLES:(end + length + SAMPLE_RATE_HZ) // HOP_SAMPLES + 1] |= bits
        end += length
    return torch.cat([wave * level for level in SPEECH_LEVELS]), spoken.repeat(len(SPEECH_LEVELS))


@dataclass
class Listened:
    """Logits of each stream."""
    words: torch.Tensor
    others: torch.Tensor
    speech: torch.Tensor
    noise: torch.Tensor


@dataclass
class Point:
    """What one threshold gives; shares 0 … 1."""
    threshold: float
    missed: float
    confused: float
    speech_per_hour: float
    noise_per_hour: float
    lowest_per_hour: float  # one false accept in the shorter of the two streams: less was not listened to
    others: float
    recalls: list[float]

    @property
    def false_accepts_per_hour(self) -> float:
        """The worse of speech and noise, so that neither hides the other, and never less than what could be told."""
        return max(self.speech_per_hour, self.noise_per_hour, self.lowest_per_hour)


def false_accepts(smoothed: np.ndarray, threshold: float, spoken: torch.Tensor) -> int:
    """Reports of keywords that nobody said."""
    reports = detections(smoothed, threshold)
    if not reports:
        return 0
    windows, classes = torch.tensor(reports).unbind(1)
    ends = (windows + WINDOW_SAMPLES // HOP_SAMPLES).clamp(max=len(spoken) - 1)
    return int((~holds(spoken[ends], classes)).sum())


def hours(smoothed: np.ndarray) -> float:
    return len(smoothed) * HOP_SAMPLES / SAMPLE_RATE_HZ / 3600


def measure(streams: Streams, listened: Listened, temperature: float) -> list[Point]:
    words, others, speech, noise = (smooth((logits / temperature).softmax(1).numpy()) for logits in
                                    (listened.words, listened.others, listened.speech, listened.noise))
    silent = torch.zeros(1, dtype=torch.long)
    points = []
    for threshold in THRESHOLDS:
        heard = np.array(word_results(words, streams.truth, threshold))
        truth = np.array(streams.truth)
        points.append(Point(
            float(threshold), float((heard < 0).mean()), float(((heard >= 0) & (heard != truth)).mean()),
            false_accepts(speech, threshold, streams.spoken) / hours(speech),
            false_accepts(noise, threshold, silent) / hours(noise),
            1 / min(hours(speech), hours(noise)),
            false_accepts(others, threshold, silent) / streams.other_count,
            [float((heard[truth == word] == word).mean()) for word in range(len(KEYWORDS))]))
    return points


def calibration_set(bank: Bank, net: FoldedNet) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits and classes of the recorded clips of held-out speakers, as recorded and with noise 0 to 30 dB below."""
    torch.manual_seed(4)
    kinds = [*bank.keywords, bank.others, bank.noise_clips]
    labels = [*range(FIRST_KEYWORD, len(LABELS)), LABELS.index(UNKNOWN), LABELS.index(SILENCE)]
    clips = join(*kinds)
    classes = torch.cat([torch.full((len(kind),), label) for kind, label in zip(kinds, labels)])
    waves = render(bank.samples, clips, torch.ones(len(clips)), torch.zeros(len(clips)))
    waves = torch.cat([waves, WindowMaker(bank).with_noise(waves)])
    log_mel = Mfcc().mel_energies(waves).clamp(min=MFCC['logFloor']).log()
    return torch.cat([net(part) for part in log_mel.split(256)]), classes.repeat(2)


def calibration_error(posteriors: torch.Tensor, classes: torch.Tensor) -> float:
    """Expected calibration error over 15 bins of confidence (Guo et al. 2017)."""
    confidence, guess = posteriors.max(1)
    bins = (confidence * 15).ceil().clamp(1, 15)
    right = (guess == classes).float()
    return float(sum(inside.float().mean() * (confidence[inside].mean() - right[inside].mean()).abs()
                     for inside in (bins == number for number in bins.unique())))


def fit_temperature(logits: torch.Tensor, classes: torch.Tensor) -> float:
    """What to divide the logits by so that the classes are likeliest, in steps of 0.01."""
    candidates = np.arange(0.3, 3, 0.01)
    losses = [torch.nn.functional.cross_entropy(logits / value, classes).item() for value in candidates]
    return round(float(candidates[int(np.argmin(losses))]), 2)


def default_of(points: list[Point]) -> Point:
    """The point with the fewest misses among those with at most one false accept an hour."""
    allowed = [point for point in points if point.false_accepts_per_hour <= MOST_FALSE_ACCEPTS_PER_HOUR]
    return min(allowed, key=lambda point: (point.missed, point.false_accepts_per_hour))


def describe(point: Point) -> str:
    return (f'{point.threshold:9.2f}  {point.missed * 100:8.1f}  {point.confused * 100:10.1f}  '
            f'{point.speech_per_hour:11.1f}  {point.noise_per_hour:10.1f}  {point.others * 100:22.1f}')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--run', help='a training run instead of the committed weights')
    parser.add_argument('--write-curve', action='store_true', help='write the curve for the card')
    options = parser.parse_args()
    torch.set_num_threads(1)
    net, bank = load_folded(options.run), Bank(held_out=True)
    logits, classes = calibration_set(bank, net)
    temperature = fit_temperature(logits, classes)
    for value in (1.0, temperature):
        error = calibration_error((logits / value).softmax(1), classes)
        print(f'temperature {value}: calibration error {error * 100:.2f} % over {len(classes)} clips')
    streams = make_streams(bank)
    waves = (streams.words, streams.others, streams.speech, streams.noise)
    listened = Listened(*(logits_of(net, wave) for wave in waves))
    points = measure(streams, listened, temperature)
    print(f'{len(streams.truth)} keywords, {streams.other_count} other words, '
          f'{hours(listened.speech):.2f} h read speech, {hours(listened.noise):.2f} h noise')
    print('threshold  missed %  confused %  speech FA/h  noise FA/h  FA per 100 other words')
    for point in points:
        print(describe(point))
    default = default_of(points)
    recalls = ' '.join(f'{word} {recall * 100:.0f}' for word, recall in zip(KEYWORDS, default.recalls))
    print(f'default threshold {default.threshold}: recall % {recalls}')
    if options.write_curve:
        CURVE_FILE.write_text(curve_module(points, temperature, streams, listened))


def curve_module(points: list[Point], temperature: float, streams: Streams, listened: Listened) -> str:
    """The TypeScript file that the card imports."""
    speech_hours, noise_hours = (f'{hours(logits):.2f} h' for logits in (listened.speech, listened.noise))
    rows = [f'  {{threshold: {point.threshold:g}, falseRejectRate: {point.missed:.4g}, '
            f'falseAcceptsPerHour: {point.false_accepts_per_hour:.4g}}},' for point in points]
    return '\n'.join([
        '// Generated by train/kws/streaming.py --write-curve: do not edit.',
        "import type {OperatingPoint} from '../card.ts';",
        '',
        '/**',
        ' * What thresholds cost earshot-kws, measured on training speakers that were held out. Misses: of',
        f' * {len(streams.truth)} keywords, one every 2.5 s, at −25 to −3 dB peak over noise 10 to 30 dB below. '
        'False accepts: the',
        f' * more of {speech_hours} of read speech, where no such word was said, and {noise_hours} of noise; none',
        ' * counts as one, since the hours can tell no less. More in train/RESULTS.md.',
        ' */',
        'export const operatingCurve: readonly OperatingPoint[] = [',
        *rows,
        '];',
        '',
        '/** What the logits are divided by: fitted on the same speakers, with and without noise. */',
        f'export const temperature = {temperature:g};',
        '',
    ])


if __name__ == '__main__':
    main()
