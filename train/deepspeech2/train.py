"""Trains the network; resumes from its last checkpoint.

Command: /usr/bin/python3 -m train.deepspeech2.train --run narrow --steps 2200
Writes CACHE/<run>.pt every CHECK_EVERY steps, with the moving average of the weights, and prints the loss and the
greedy error rates on the held-out speakers. A resumed run may be given other steps: the learning rate falls to zero
at the last of them. It begins with the label of each output, as align.py has them, and goes over to CTC.
"""
import argparse
import time

import torch
from torch.nn import functional

from train.learning import Plan, Run
from train.score import error_rates, greedy_text

from .chunks import IGNORED, Batch, ChunkMaker, Sentences
from .model import DeepSpeech2, output_count
from .settings import BLANK, CACHE, LABELS

WARM_UP_STEPS, WEIGHT_DECAY, LARGEST_GRADIENT = 150, 0.01, 2.0
AVERAGE_STEPS = 100
ALIGNED_STEPS, CTC_STEPS = 300, 900  # up to the first nothing but labels of outputs, from the second on CTC alone
CHECK_EVERY, CHECKED_AT_ONCE = 100, 26


def aligned_share(step: int) -> float:
    """How much the labels of outputs count; the rest is CTC."""
    return min(1.0, max(0.0, (CTC_STEPS - step) / (CTC_STEPS - ALIGNED_STEPS)))


class Trainer(Run):
    """A run of the network."""

    def __init__(self, options: argparse.Namespace):
        net = DeepSpeech2(product=torch.bfloat16).to(memory_format=torch.channels_last)
        optimiser = torch.optim.AdamW(net.parameters(), weight_decay=WEIGHT_DECAY, betas=(0.9, 0.98))
        super().__init__(net, optimiser, Plan(CACHE / f'{options.run}.pt', options.steps, options.rate, WARM_UP_STEPS,
                                              AVERAGE_STEPS, LARGEST_GRADIENT))

    def learn(self, batch: Batch) -> tuple[float, float]:
        """One step; returns the loss for each output and that of CTC for each token."""
        log_probs = self.net(batch.spectrograms).log_softmax(2)
        aligned = functional.nll_loss(log_probs.flatten(0, 1), batch.wanted.flatten(), ignore_index=IGNORED)
        ctc = functional.ctc_loss(log_probs, batch.tokens, batch.steps, batch.token_counts, BLANK, zero_infinity=True)
        share = aligned_share(self.step)
        self.take_step(share * aligned + (1 - share) * ctc)
        return aligned.item(), ctc.item()


@torch.no_grad()
def check(net: DeepSpeech2, sentences: Sentences, every: int) -> str:
    """Greedy error rates on every so many sentences of the held-out speakers, and the first of them as it was heard."""
    rows = sorted(sentences.held_out[::every], key=lambda row: row['frames'])
    pairs = []
    for first in range(0, len(rows), CHECKED_AT_ONCE):
        group = rows[first:first + CHECKED_AT_ONCE]
        padded = torch.zeros(len(group), group[-1]['frames'], sentences.features.shape[1])
        for target, row in zip(padded, group):
            target[:row['frames']] = torch.from_numpy(sentences.frames(row))
        for logits, row in zip(net(padded).unbind(1), group):
            pairs.append((greedy_text(logits[:output_count(row['frames'])], LABELS, BLANK), row['text'].upper()))
    rates = error_rates(pairs)
    return (f'WER {rates["wordErrorRate"] * 100:.1f} % LER {rates["letterErrorRate"] * 100:.1f} % '
            f'"{pairs[0][0][:60]}" for "{pairs[0][1][:60]}"')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--run', required=True)
    parser.add_argument('--steps', type=int, required=True)
    parser.add_argument('--rate', type=float, default=1e-3, help='the highest learning rate')
    parser.add_argument('--seconds', type=float, default=3, help='of a stretch, about')
    parser.add_argument('--batch-seconds', type=float, default=64, help='of a batch, at most')
    parser.add_argument('--strength', type=float, default=1, help='of warps and masks, 0 to 1')
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    trainer, sentences = Trainer(options), Sentences()
    maker = ChunkMaker(sentences, options.seed + trainer.step)  # a resumed run must not repeat its first batches
    began, losses = time.time(), []
    while trainer.step < options.steps:
        for chunks in maker.epoch(round(100 * options.seconds), round(100 * options.batch_seconds)):
            strength = options.strength * min(1.0, trainer.step / CTC_STEPS)
            losses.append(trainer.learn(maker.batch(chunks, strength)))
            if trainer.step % CHECK_EVERY == 0 or trainer.step == options.steps:
                trainer.save()
                aligned, ctc = (sum(values) / len(values) for values in zip(*losses))
                text = check(trainer.average, sentences, 1 if trainer.step == options.steps else 3)
                print(f'step {trainer.step} loss {aligned:.3f} ctc {ctc:.3f} {text} ({time.time() - began:.0f} s)',
                      flush=True)
                losses = []
            if trainer.step == options.steps:
                return


if __name__ == '__main__':
    main()
