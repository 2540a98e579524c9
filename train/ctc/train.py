"""Trains the network; resumes from its last checkpoint.

Command: OPENBLAS_NUM_THREADS=1 /usr/bin/python3 -m train.ctc.train --run second --steps 8000
Writes CACHE/<run>.pt every CHECK_EVERY steps, with the moving average of the weights, and prints the loss and the
greedy error rates on the held-out speakers. A resumed run may be given other steps: the learning rate falls to zero
at the last of them.
"""
import argparse
import time

import torch
from torch.nn import functional

from train.learning import Plan, Run
from train.score import edits, error_rates, greedy_text, greedy_tokens

from .augment import Batch, BatchMaker, Labels, Recordings
from .crf import LogDenominator, trigrams
from .features import log_mel
from .model import CtcNet
from .settings import CACHE, LETTERS

WARM_UP_STEPS, WEIGHT_DECAY, LARGEST_GRADIENT = 300, 0.01, 2.0
AVERAGE_STEPS = 200
LETTERS_WEIGHT, MIDDLE_WEIGHT = 0.3, 0.3  # of their losses, beside that of the phones
CTC_WEIGHT = 0.1  # of the plain CTC of phones, beside CTC-CRF
GROWING_STEPS = 2500  # over which noise, levels and masks grow to their full strength
CHECK_EVERY = 200


class Trainer(Run):
    """A run of the network."""

    def __init__(self, options: argparse.Namespace, recordings: Recordings):
        net = CtcNet(options.skip, options.dropout).to(memory_format=torch.channels_last)
        optimiser = torch.optim.AdamW(net.parameters(), weight_decay=WEIGHT_DECAY, betas=(0.9, 0.98))
        super().__init__(net, optimiser, Plan(CACHE / f'{options.run}.pt', options.steps, options.rate, WARM_UP_STEPS,
                                              AVERAGE_STEPS, LARGEST_GRADIENT))
        self.crf_step = options.crf_step
        self.rivals = trigrams([recordings.phones(row) for row in recordings.train])

    def learn(self, batch: Batch) -> float:
        """One step; returns the loss of the phones, for each of them."""
        with torch.autocast('cpu', dtype=torch.bfloat16):
            outputs = self.net(batch.log_mel)
        phones_loss = self.phones_loss(outputs.phones, batch.phones)
        self.take_step(phones_loss + LETTERS_WEIGHT * ctc_loss(outputs.letters, batch.letters)
                       + MIDDLE_WEIGHT * ctc_loss(outputs.middle, batch.phones))
        return phones_loss.item()

    def phones_loss(self, logits: torch.Tensor, labels: Labels) -> torch.Tensor:
        """For each phone: CTC, and from a step on CTC-CRF, but for the trigrams of what is said, which are constant."""
        said = ctc_loss(logits, labels)
        if self.step < self.crf_step:
            return said
        rivals = LogDenominator.apply(logits.float().log_softmax(2), *self.rivals)
        return (1 + CTC_WEIGHT) * said + (rivals / labels.counts).mean()


def ctc_loss(logits: torch.Tensor, labels: Labels) -> torch.Tensor:
    """For each token; the last of them is the blank."""
    log_probs = logits.float().log_softmax(2).transpose(0, 1)
    lengths = torch.full((len(logits),), len(log_probs), dtype=torch.long)
    return functional.ctc_loss(log_probs, labels.tokens, lengths, labels.counts, logits.shape[2] - 1,
                               zero_infinity=True)


@torch.no_grad()
def check(net: CtcNet, recordings: Recordings) -> str:
    """Greedy error rates on the held-out speakers, and the first sentence as it was heard."""
    pairs, phone_errors, phone_count = [], 0, 0
    for row in recordings.held_out:
        features = log_mel(recordings.power(row, 0))
        with torch.autocast('cpu', dtype=torch.bfloat16):
            outputs = net(features[None])
        pairs.append((greedy_text(outputs.letters[0].float(), LETTERS, len(LETTERS) - 1), row['text'].lower()))
        said, phones = recordings.phones(row), outputs.phones[0].float()
        phone_errors += edits(greedy_tokens(phones, phones.shape[1] - 1), said).count
        phone_count += len(said)
    rates = error_rates(pairs)
    return (f'PER {phone_errors / phone_count * 100:.1f} % WER {rates["wordErrorRate"] * 100:.1f} % '
            f'LER {rates["letterErrorRate"] * 100:.1f} % '
            f'"{pairs[0][0][:60]}" for "{pairs[0][1][:60]}"')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--run', required=True)
    parser.add_argument('--steps', type=int, required=True)
    parser.add_argument('--rate', type=float, default=2e-3, help='the highest learning rate')
    parser.add_argument('--skip', type=float, default=0.0, help='share of the blocks left out of a step')
    parser.add_argument('--dropout', type=float, default=0.05, help='of the channels between the pointwise convolutions')
    parser.add_argument('--crf-step', type=int, default=3800, help='from which on CTC-CRF takes the place of CTC')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--threads', type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    recordings = Recordings()
    trainer = Trainer(options, recordings)
    torch.manual_seed(options.seed + trainer.step)  # a resumed run must not repeat its first batches
    maker = BatchMaker(recordings, options.seed + trainer.step)
    began, losses = time.time(), []
    while trainer.step < options.steps:
        for items in maker.epoch(shortest_first=trainer.step == 0):
            losses.append(trainer.learn(maker.batch(items, min(1.0, trainer.step / GROWING_STEPS))))
            if trainer.step % CHECK_EVERY == 0 or trainer.step == options.steps:
                trainer.save()
                print(f'step {trainer.step} loss {sum(losses) / len(losses):.4f} {check(trainer.average, recordings)} '
                      f'({time.time() - began:.0f} s)', flush=True)
                losses = []
            if trainer.step == options.steps:
                return


if __name__ == '__main__':
    main()
