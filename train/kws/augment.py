"""Random training windows as a page would meet them: one second of audio each, with its class.

A window holds a whole word anywhere in it, a word cut off by an edge, running speech, or no speech at all; then
room, noise, level and microphone vary. Everything is done for a whole batch at once.
"""
from collections.abc import Callable
from typing import NamedTuple

import torch

from .bank import FIRST_KEYWORD, Bank, Clips, join
from .settings import KEYWORDS, LABELS, SAMPLE_RATE_HZ, SILENCE, UNKNOWN, WINDOW_SAMPLES
from .sounds import TIME, coloured_noise, decibels, knocks, microphone, reverberate, uniform

FADE_SAMPLES = 160  # clips start and end softly, so that their edges are no cue


def render(samples: torch.Tensor, clips: Clips, speed: torch.Tensor, origin: torch.Tensor) -> torch.Tensor:
    """Plays each clip so that its first sample falls on `origin` (window samples), `speed` times as fast."""
    position = (TIME[None] - origin[:, None]) * speed[:, None]
    last = clips.length[:, None] - 2.0
    inside = position.clamp(min=0.0).minimum(last)
    whole = inside.floor()
    index = whole.long() + clips.start[:, None]
    value = torch.lerp(samples[index].float(), samples[index + 1].float(), inside - whole)
    edge = ((position / FADE_SAMPLES).minimum((last - position) / FADE_SAMPLES)).clamp(0.0, 1.0)
    return value * edge / 32768.0


def whole_word(clips: Clips, speed: torch.Tensor) -> torch.Tensor:
    """Origins that keep the word in the window: anywhere, or for one in four as it was recorded, ± 100 ms."""
    start, end = clips.word_start / speed, clips.word_end / speed
    slack = (WINDOW_SAMPLES - (end - start)).clamp(min=0.0)
    spill = 0.06 * (end - start)  # up to 6 % of the word may be missing
    onset = -spill + torch.rand(len(clips)) * (slack + 2 * spill)
    recorded = uniform(len(clips), -1600, 1600)
    return torch.where(torch.rand(len(clips)) < 0.25, recorded, onset - start)


def cut_word(clips: Clips, speed: torch.Tensor) -> torch.Tensor:
    """Origins that leave 15 to 40 % of the word visible, at the left or the right edge."""
    start, end = clips.word_start / speed, clips.word_end / speed
    shown = uniform(len(clips), 0.15, 0.4) * (end - start)
    return torch.where(torch.rand(len(clips)) < 0.5, WINDOW_SAMPLES - shown - start, shown - end)


def neighbour(origin: torch.Tensor, word: Clips, speed: torch.Tensor, other: Clips) -> torch.Tensor:
    """Origins of a second word that ends or begins 0.15 to 0.5 s beside the first (so it is mostly cut off)."""
    gap = uniform(len(word), 0.15, 0.5) * SAMPLE_RATE_HZ
    before = origin + word.word_start / speed - gap - other.word_end
    after = origin + word.word_end / speed + gap - other.word_start
    return torch.where(torch.rand(len(word)) < 0.5, before, after)


class Batch(NamedTuple):
    """Windows as the network meets them, with what is known of each."""
    waves: torch.Tensor  # [count, WINDOW_SAMPLES]
    classes: torch.Tensor  # [count]
    clean: torch.Tensor  # [those with speech, WINDOW_SAMPLES]: the first windows before room, noise and microphone
    spoken: torch.Tensor  # [those with speech]: keywords that may be in it though it is `_unknown_`, bits as in Clips


class WindowMaker:
    """Makes batches of windows from one bank."""

    def __init__(self, bank: Bank):
        self.bank = bank

    def noise(self, count: int) -> torch.Tensor:
        """Noise of peak about 1 in random order: three in five recorded, the rest coloured, one in twelve with taps."""
        recorded = count * 3 // 5
        waves = torch.cat([self.recorded_noise(recorded), coloured_noise(count - recorded)])[torch.randperm(count)]
        waves[:count // 12] += knocks(count // 12)
        return waves[torch.randperm(count)]

    def recorded_noise(self, count: int) -> torch.Tensor:
        """Random seconds of the noise recordings, one in six a silence clip; peak 1."""
        clips = join(self.bank.noise.pick(count - count // 6), self.bank.noise_clips.pick(count // 6))
        speed = uniform(count, 0.8, 1.25)
        room = (clips.length / speed - WINDOW_SAMPLES).clamp(min=0.0)
        waves = render(self.bank.samples, clips, speed, -torch.rand(count) * room)
        return waves / waves.abs().amax(1, keepdim=True).clamp(min=1e-4)

    def words(self, clips: Clips, place, others: Callable[[int], Clips]) -> torch.Tensor:
        """Windows of words; three in ten whole words have a second word of `others` beside them."""
        count = len(clips)
        speed = uniform(count, 0.85, 1.2)
        origin = place(clips, speed)
        wave = render(self.bank.samples, clips, speed, origin)
        wave = wave / wave.abs().amax(1, keepdim=True).clamp(min=1e-3)
        paired = torch.nonzero(torch.rand(count) < 0.3)[:, 0]
        if place is whole_word and len(paired):
            other = others(len(paired))
            second = render(self.bank.samples, other, torch.ones(len(paired)),
                            neighbour(origin[paired], clips.take(paired), speed[paired], other))
            second = second / second.abs().amax(1, keepdim=True).clamp(min=0.03)
            wave[paired] += second * uniform(len(paired), 0.3, 1)[:, None]
        return wave

    def any_words(self, count: int) -> Clips:
        """Clips of keywords and of other words, half and half."""
        return join(self.keyword_clips(count // 2)[0], self.bank.others.pick(count - count // 2))

    def keyword_clips(self, count: int) -> tuple[Clips, torch.Tensor]:
        """Clips of all keywords in equal parts, and their classes: 3 in 10 synthetic, up to 1 in 10 from sentences."""
        which = torch.randint(len(KEYWORDS), (count,))
        shares = torch.rand(count).tolist()
        parts = [self.keyword_source(word, share).pick(1) for word, share in zip(which.tolist(), shares)]
        return join(*parts), which + FIRST_KEYWORD

    def keyword_source(self, word: int, share: float) -> Clips:
        """Where the clip of a keyword comes from, for a random number 0 … 1."""
        if share < 0.3:
            return self.bank.spoken_keywords[word]
        if share < 0.4 and self.bank.located and len(self.bank.located[word]) >= 20:
            return self.bank.located[word]
        return self.bank.keywords[word]

    def running_clips(self, count: int) -> Clips:
        """Sentences, and where there are mined seconds as many of those."""
        if not self.bank.hard:
            return self.bank.running.pick(count)
        return join(self.bank.running.pick(count - count // 2), self.bank.hard.pick(count // 2))

    def running_speech(self, clips: Clips) -> torch.Tensor:
        """A random second of each clip; the speeds are further apart than those of words: there are few voices."""
        speed = uniform(len(clips), 0.75, 1.3)
        room = (clips.length / speed - WINDOW_SAMPLES).clamp(min=0.0)
        wave = render(self.bank.samples, clips, speed, -torch.rand(len(clips)) * room)
        return wave / wave.abs().amax(1, keepdim=True).clamp(min=1e-2)

    def batch(self, count: int) -> Batch:
        """`count` windows, speech first.

        40 % keywords, 13 % other words, 5 % cut words, 33 % running speech, 9 % silence and noise.
        """
        keywords, other, cut, running = (int(count * share) for share in (0.40, 0.13, 0.05, 0.33))
        silent = count - keywords - other - cut - running
        clips, classes = self.keyword_clips(keywords)
        others = join(self.bank.others.pick(other - other // 3), self.bank.spoken_others.pick(other // 3))
        sentences = self.running_clips(running)
        speech = torch.cat([self.words(clips, whole_word, self.any_words),
                            self.words(others, whole_word, self.bank.others.pick),
                            self.words(self.any_words(cut), cut_word, self.bank.others.pick),
                            self.running_speech(sentences)])
        clean = speech.clone()
        echoing = torch.nonzero(torch.rand(len(speech)) < 0.25)[:, 0]
        speech[echoing] = reverberate(speech[echoing])
        waves = torch.cat([self.with_noise(speech), self.silence(silent)])
        rejected = [LABELS.index(UNKNOWN)] * (other + cut + running) + [LABELS.index(SILENCE)] * silent
        spoken = torch.zeros(len(speech), dtype=torch.long)
        spoken[-running:] = sentences.spoken
        return Batch(microphone(waves), torch.cat([classes, torch.tensor(rejected)]), clean, spoken)

    def with_noise(self, speech: torch.Tensor) -> torch.Tensor:
        """Adds noise at 0 to 30 dB below the loud part of the speech to three windows in four."""
        count = len(speech)
        noise = self.noise(count)
        loud = speech.unfold(1, 1600, 1600).pow(2).mean(2).amax(1, keepdim=True).sqrt()
        level = loud / noise.pow(2).mean(1, keepdim=True).sqrt().clamp(min=1e-6)
        snr = torch.where(torch.rand(count) < 0.75, uniform(count, 0, 30), torch.full((count,), 60.0))
        return speech + noise * level * decibels(-snr)[:, None]

    def silence(self, count: int) -> torch.Tensor:
        """Noise alone, one in six nearly digital silence."""
        quiet = torch.where(torch.rand(count) < 0.17, torch.full((count,), -60.0), torch.zeros(count))
        return self.noise(count) * decibels(quiet)[:, None]
